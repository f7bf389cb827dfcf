import { describe, expect, it } from "vitest";
import type { Execution } from "../../../src/model/database.ts";
import { ResultStore } from "../../../src/model/results/result-store.ts";

const origin = { uri: "file:///a.sql", offset: 0, line: 1 };
const kept = { maxRows: 5, maxBytes: 1_000_000 };
const limits = { ...kept, waitMillis: 1 };

function execution(count: number, overrides: Partial<Execution> = {}): Execution {
  return {
    columns: [{ name: "n", typeName: "integer", isNumeric: true }],
    rows: Array.from({ length: count }, (_, index) => [String(index)]),
    command: "SELECT",
    rowCount: count,
    reader: null,
    hasMore: false,
    serverMillis: 2,
    fetchMillis: 3,
    ...overrides,
  };
}

function begun() {
  const store = new ResultStore(() => {});
  const run = store.begin({
    title: "a.sql",
    connectionName: "shop",
    statements: [{ text: "select 1", origin, copyData: null }],
  });
  const [statement] = run.statements;
  if (statement === undefined) throw new Error("bug: no statement");
  return { store, run, statement };
}

describe("a result", () => {
  it("leaves the host by windows, with long values cut", () => {
    const { store, statement } = begun();
    statement.complete(execution(0, { rows: [["a"], ["x".repeat(400)], [null]] }), limits);
    expect(store.window(statement.id, 1, 10).map(([cell]) => cell?.length ?? null)).toEqual([301, null]);
    expect(store.cell(statement.id, 1, 0).value).toHaveLength(400);
  });

  it("never sends more than a thousand rows at once", () => {
    const { store, statement } = begun();
    statement.complete(execution(3_000), { ...limits, maxRows: 10_000 });
    expect(store.window(statement.id, 0, 5_000)).toHaveLength(1_000);
  });

  it("is bounded, and says so", () => {
    const { statement } = begun();
    statement.complete(execution(8), limits);
    expect(statement.kept).toMatchObject({ more: "limit" });
    expect(statement.kept?.rows).toHaveLength(5);
  });

  it("grows page by page up to its limit", () => {
    const { statement } = begun();
    const reader = { read: async () => ({ rows: [], isLast: true }), close: async () => {} };
    statement.complete(execution(3, { reader, hasMore: true }), limits);
    expect(statement.kept?.more).toBe("open");
    statement.append({ rows: [["3"]], isLast: false }, { ...kept, fetchMillis: 4 });
    expect(statement.kept?.more).toBe("open");
    statement.append({ rows: [["4"], ["5"]], isLast: false }, { ...kept, fetchMillis: 4 });
    expect(statement.kept?.rows).toHaveLength(5);
    expect(statement.isFull).toBe(true);
    expect(statement.timing?.fetchMillis).toBe(11);
  });

  it("is full, not open, when its first page ends at the limit", () => {
    const { statement } = begun();
    const reader = { read: async () => ({ rows: [], isLast: true }), close: async () => {} };
    statement.complete(execution(5, { reader, hasMore: true }), limits);
    expect(statement.kept?.more).toBe("limit");
    statement.complete(execution(5), limits);
    expect(statement.kept?.more).toBe("none");
  });

  it("is bounded in memory too, whether its rows come at once or page by page", () => {
    const { statement } = begun();
    const reader = { read: async () => ({ rows: [], isLast: true }), close: async () => {} };
    const large = ["x".repeat(600)];
    const small = { ...limits, maxBytes: 2_000 };
    statement.complete(execution(0, { rows: [large, large, large, large] }), small);
    expect(statement.kept).toMatchObject({ more: "size", rows: { length: 3 } });
    statement.complete(execution(0, { rows: [large, large], reader, hasMore: true }), small);
    expect(statement.kept?.more).toBe("open");
    statement.append({ rows: [large, large], isLast: true }, { ...small, fetchMillis: 1 });
    expect(statement.kept).toMatchObject({ more: "size", rows: { length: 3 } });
    expect(statement.isFull).toBe(true);
  });

  it("keeps one row, however large", () => {
    const { statement } = begun();
    statement.complete(execution(0, { rows: [["x".repeat(600)]] }), { ...limits, maxBytes: 100 });
    expect(statement.kept).toMatchObject({ more: "none", rows: { length: 1 } });
  });

  it("says that more rows are out of reach once its connection went back", () => {
    const { statement } = begun();
    const reader = { read: async () => ({ rows: [], isLast: true }), close: async () => {} };
    statement.complete(execution(3, { reader, hasMore: true }), limits);
    statement.closeReader();
    expect(statement.kept?.more).toBe("closed");
  });

  it("is cut out by range for the clipboard", () => {
    const { store, statement } = begun();
    statement.complete(execution(4), limits);
    const range = { firstRow: 1, lastRow: 2, firstColumn: 0, lastColumn: 0 };
    expect(store.slice(statement.id, range)?.rows).toEqual([["1"], ["2"]]);
    expect(store.slice(statement.id, null)?.rows).toHaveLength(4);
  });
});

describe("a run's view", () => {
  it("holds no rows, so that a snapshot stays small", () => {
    const { run, statement } = begun();
    statement.complete(execution(4), limits);
    const view = run.view(0);
    expect(JSON.stringify(view)).not.toContain('"rows"');
    expect(view.statements[0]?.result).toEqual({
      columns: [{ name: "n", typeName: "integer", alignment: "end" }],
      rowCount: 4,
      more: "none",
      isLoading: false,
    });
  });

  it("is replaced by the next run", () => {
    const { store, statement } = begun();
    store.begin({ title: "b.sql", connectionName: "shop", statements: [] });
    expect(store.statement(statement.id)).toBeNull();
  });
});
