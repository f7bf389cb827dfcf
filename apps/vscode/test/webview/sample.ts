import type {
  ColumnView,
  PinView,
  ResultView,
  RunView,
  StatementView,
} from "../../shared/protocol/results.ts";

export const COLUMNS: readonly ColumnView[] = [
  { name: "id", typeName: "bigint", alignment: "end" },
  { name: "customer", typeName: "text", alignment: "start" },
  { name: "total", typeName: "numeric(10,2)", alignment: "end" },
  { name: "paid", typeName: "boolean", alignment: "start" },
  { name: "placed_at", typeName: "timestamptz", alignment: "start" },
  { name: "note", typeName: "text", alignment: "start" },
  { name: "tags", typeName: "jsonb", alignment: "start" },
];

/** Runs in the page: the host's rows. */
export const ROWS = `
  const names = ["Ada Lovelace", "Grace Hopper", "Edsger Dijkstra", "Barbara Liskov", "Donald Knuth", "Frances Allen"];
  globalThis.rowCount = 100000;
  globalThis.rowAt = (n) => [
    String(n + 1),
    names[n % 6],
    ((n * 7919) % 100000 / 100).toFixed(2),
    n % 3 === 0 ? "true" : "false",
    "2026-03-" + String(1 + n % 28).padStart(2, "0") + " 12:" + String(n % 60).padStart(2, "0") + ":07.25+00",
    n % 4 === 1 ? null : n % 5 === 2 ? "two\\nlines" : "delivered to the door",
    '{"channel": "web", "items": ' + (n % 7) + '}',
  ];
`;

export function result(overrides: Partial<ResultView> = {}): ResultView {
  const rowCount = overrides.rowCount ?? 100_000;
  return {
    columns: COLUMNS,
    rowCount,
    shownCount: rowCount,
    more: "none",
    loading: null,
    arrangement: { filters: [], sort: [] },
    isArranging: false,
    version: 0,
    kind: "rows",
    ...overrides,
  };
}

export function statement(overrides: Partial<StatementView> = {}): StatementView {
  return {
    id: 1,
    summary: "select * from orders join customers using (customer_id) order by id",
    line: 12,
    state: "done",
    command: "SELECT",
    affected: null,
    timing: { waitMillis: 0.4, serverMillis: 12.6, fetchMillis: 31, renderMillis: 8.5 },
    result: null,
    notices: [],
    error: null,
    ...overrides,
  };
}

export function run(statements: readonly StatementView[], overrides: Partial<RunView> = {}): RunView {
  return {
    id: 7,
    hasRows: true,
    title: "orders.sql",
    connectionName: "shop",
    isRunning: false,
    elapsedMillis: null,
    statements,
    ...overrides,
  };
}

export function snapshot(view: RunView | null, pins: readonly PinView[] = []) {
  return { type: "snapshot", run: view, pins, nullText: "NULL" };
}

/** A run with something of everything: done, failed, skipped, notices. */
export const MIXED_RUN: RunView = run([
  statement({ id: 2, line: 1, summary: "begin", command: "BEGIN" }),
  statement({
    id: 3,
    line: 3,
    summary: "update orders set total = total * 1.1 where placed_at > now() - interval '1 day'",
    command: "UPDATE",
    affected: 1284,
    notices: [
      { severity: "NOTICE", message: "recalculated 1284 totals", detail: null, hint: null },
      {
        severity: "WARNING",
        message: "3 orders have no customer",
        detail: null,
        hint: "Run select * from orphaned_orders.",
      },
    ],
  }),
  statement({
    id: 4,
    line: 8,
    summary: "insert into orders (id, customer_id) values (1, 42)",
    state: "failed",
    timing: null,
    error: {
      title: 'duplicate key value violates unique constraint "orders_pkey"',
      code: "23505",
      detail: "Key (id)=(1) already exists.",
      hint: null,
      context: null,
      place: { line: 8, column: 1 },
      remedy: null,
    },
  }),
  statement({ id: 5, line: 10, summary: "commit", state: "skipped", timing: null }),
]);

/** The answer to a question for a whole value. */
export function cell(row: number, column: number, value: string | null) {
  return { type: "cell", pane: 0, statementId: 1, row, column, value, isTruncated: false };
}
