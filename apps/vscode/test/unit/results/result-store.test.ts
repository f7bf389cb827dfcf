import { describe, expect, it } from "vitest";
import type { Execution, RowReader } from "../../../src/model/database.ts";
import { ResultStore } from "../../../src/model/results/result-store.ts";
import type { RowSpace } from "../../../src/model/results/table/row-space.ts";
import { FakeReader } from "../fake-database.ts";
import { room } from "./room.ts";

const origin = { uri: "file:///a.sql", offset: 0, line: 1 };
const limits = { maxRows: 5, waitMillis: 1 };
const COLUMN = { name: "n", typeName: "integer", isNumeric: true, tableId: 0 };

function execution(count: number, overrides: Partial<Execution> = {}): Execution {
  return {
    columns: [COLUMN],
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

function open(count: number): Execution {
  const reader: RowReader = new FakeReader(100);
  return execution(count, { reader, hasMore: true });
}

const OUTLINE = {
  title: "a.sql",
  connectionName: "shop",
  statements: [{ text: "select 1", origin, copyData: null }],
};

function begun(space: RowSpace = room()) {
  const store = new ResultStore(() => {}, space);
  const run = store.begin(OUTLINE);
  const [statement] = run.statements;
  if (statement === undefined) throw new Error("bug: no statement");
  return { store, run, statement, space };
}

describe("a result", () => {
  it("is cut between two characters, never within one", async () => {
    const { store, statement } = begun();
    const rows = [[`${"x".repeat(299)}😀 and more`], [`${"x".repeat(298)}😀 and more`]];
    await statement.complete(execution(0, { rows }), limits);
    const part = { start: 0, count: 2, firstColumn: 0, columnCount: 1 };
    expect(await store.window(statement.id, part)).toEqual([
      [`${"x".repeat(299)}…`],
      [`${"x".repeat(298)}😀…`],
    ]);
  });

  it("leaves the host by windows, with long values cut", async () => {
    const { store, statement } = begun();
    await statement.complete(execution(0, { rows: [["a"], ["x".repeat(400)], [null]] }), limits);
    const part = { start: 1, count: 10, firstColumn: 0, columnCount: 1 };
    const window = await store.window(statement.id, part);
    expect(window.map(([cell]) => cell?.length ?? null)).toEqual([301, null]);
    expect((await store.cell(statement.id, 1, 0)).value).toHaveLength(400);
  });

  it("leaves the host column by column where it is wide", async () => {
    const { store, statement } = begun();
    const columns = Array.from({ length: 500 }, (_, index) => ({ ...COLUMN, name: `c${index}` }));
    await statement.complete(execution(0, { columns, rows: [columns.map(({ name }) => name)] }), limits);
    const part = { start: 0, count: 200, firstColumn: 480, columnCount: 24 };
    const [row] = await store.window(statement.id, part);
    expect([row?.length, row?.[0], row?.at(-1)]).toEqual([20, "c480", "c499"]);
  });

  it("never sends more than a thousand rows at once", async () => {
    const { store, statement } = begun();
    await statement.complete(execution(3_000), { ...limits, maxRows: 10_000 });
    const part = { start: 0, count: 5_000, firstColumn: 0, columnCount: 1 };
    expect(await store.window(statement.id, part)).toHaveLength(1_000);
  });

  it("is bounded, and says so", async () => {
    const { statement } = begun();
    await statement.complete(execution(8), limits);
    expect(statement.kept).toMatchObject({ more: "limit", rowCount: 5 });
  });

  it("grows page by page up to its limit", async () => {
    const { statement } = begun();
    await statement.complete(open(3), limits);
    expect(statement.kept?.more).toBe("open");
    await statement.append({ rows: [["3"]], isLast: false }, { maxRows: 5, fetchMillis: 4 });
    expect(statement.kept?.more).toBe("open");
    await statement.append({ rows: [["4"], ["5"]], isLast: false }, { maxRows: 5, fetchMillis: 4 });
    expect(statement.kept?.rowCount).toBe(5);
    expect(statement.isFull).toBe(true);
    expect(statement.timing?.fetchMillis).toBe(11);
  });

  it("is full, not open, when its first page ends at the limit", async () => {
    const { statement } = begun();
    await statement.complete(open(5), limits);
    expect(statement.kept?.more).toBe("limit");
    await statement.complete(execution(5), limits);
    expect(statement.kept?.more).toBe("none");
  });

  it("is bounded in room too, whether its rows come at once or page by page", async () => {
    const many = { ...limits, maxRows: 1_000_000 };
    const { statement } = begun(room(10_000));
    await statement.complete(execution(5_000), many);
    expect(statement.kept).toMatchObject({ more: "size", rowCount: 2_000 });
    const second = begun(room(10_000)).statement;
    await second.complete(open(1_000), many);
    expect(second.kept?.more).toBe("open");
    await second.append({ rows: execution(3_000).rows, isLast: true }, { ...many, fetchMillis: 1 });
    expect(second.kept?.more).toBe("size");
    expect(second.isFull).toBe(true);
  });

  it("says that more rows are out of reach once its connection went back", async () => {
    const { statement } = begun();
    await statement.complete(open(3), limits);
    statement.closeReader();
    expect(statement.kept?.more).toBe("closed");
  });

  it("tells how long its drawing took, the first time alone", async () => {
    const { statement } = begun();
    await statement.complete(execution(1), limits);
    expect(statement.timing?.renderMillis).toBeNull();
    statement.rendered(12);
    statement.rendered(900);
    expect(statement.timing?.renderMillis).toBe(12);
  });
});

describe("a run's view", () => {
  it("holds no rows, so that a snapshot stays small", async () => {
    const { run, statement } = begun();
    await statement.complete(execution(4), limits);
    const view = run.view(0);
    expect(view.statements[0]?.result).toEqual({
      columns: [{ name: "n", typeName: "integer", alignment: "end" }],
      rowCount: 4,
      shownCount: 4,
      more: "none",
      loading: null,
      arrangement: { filters: [], sort: [] },
      isArranging: false,
      version: 0,
      kind: "rows",
    });
  });

  it("is replaced by the next run, whose rows take its room", async () => {
    const { store, statement, space } = begun();
    await statement.complete(execution(4), limits);
    expect(space.used.memory).toBeGreaterThan(0);
    store.begin({ ...OUTLINE, statements: [] });
    expect(store.statement(statement.id)).toBeNull();
    expect(space.used.memory).toBe(0);
  });
});

describe("a pinned result", () => {
  it("outlives its run, and goes when it is unpinned", async () => {
    const { store, statement, space } = begun();
    await statement.complete(execution(4), limits);
    store.pin(statement.id);
    store.pin(statement.id);
    store.begin({ ...OUTLINE, statements: [] });
    expect(store.pinViews).toMatchObject([
      { title: "a.sql", statement: { id: statement.id, result: { rowCount: 4 } } },
    ]);
    expect(await statement.kept?.cell(3, 0)).toBe("3");
    store.unpin(statement.id);
    expect([store.pins, space.used.memory]).toEqual([[], 0]);
  });

  it("stays with its run when it is unpinned before the next one", async () => {
    const { store, statement } = begun();
    await statement.complete(execution(4), limits);
    store.pin(statement.id);
    store.unpin(statement.id);
    expect(await store.statement(statement.id)?.kept?.cell(3, 0)).toBe("3");
  });
});

describe("a run that is only remembered", () => {
  it("shows what ran, without rows, and gives way to a real one", () => {
    const store = new ResultStore(() => {}, room());
    store.recall(OUTLINE, [OUTLINE]);
    const view = store.run?.view(0);
    expect(view).toMatchObject({
      hasRows: false,
      isRunning: false,
      statements: [{ state: "gone", result: null }],
    });
    expect(store.pinViews).toMatchObject([{ statement: { state: "gone", summary: "select 1" } }]);
    expect(store.begin(OUTLINE).hasRows).toBe(true);
  });

  it("shows its rows as they showed before, when it is run again", async () => {
    const store = new ResultStore(() => {}, room());
    const arrangement = {
      filters: [{ column: 9, operator: "isNull", value: "" }],
      sort: [{ column: 0, direction: "descending" }],
    } as const;
    store.recall({ ...OUTLINE, statements: [{ text: "select 1", origin, copyData: null, arrangement }] }, []);
    const [statement] = store.begin({ ...OUTLINE, statements: store.run?.statements ?? [] }).statements;
    await statement?.complete(execution(3), limits);
    expect(await statement?.kept?.rows(0, 3)).toEqual([["2"], ["1"], ["0"]]);
    expect(statement?.arrangement.filters).toEqual([]);
  });

  it("never replaces what is there", () => {
    const { store, run } = begun();
    store.recall({ ...OUTLINE, title: "old.sql" }, []);
    expect(store.run).toBe(run);
  });
});
