import { type PostgresServer, startPostgres } from "@rockpool/postgres";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Cursor } from "../../src/connection/cursor.ts";
import type { OpenConnection } from "../../src/connection/open-connection.ts";
import { openConnection } from "./world.ts";

let server: PostgresServer;
let connection: OpenConnection;

beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.stop());
beforeEach(async () => {
  connection = await openConnection(server);
});
afterEach(() => connection.close());

const numbers = "select n from generate_series(1, $1::int) n";

function cursorOver(count: number, batchSize = 10): Cursor<{ n: number }> {
  return connection.cursor<{ n: number }>(numbers, [count], { batchSize });
}

/** Portals that the server has open on the connection. */
async function portals(): Promise<string[]> {
  const text = "select name from pg_cursors where not is_holdable and name <> ''";
  return (await connection.query<{ name: string }>(text)).rows.map(({ name }) => name);
}

describe.each(["outside", "within"])("a cursor %s a transaction", (place) => {
  beforeEach(async () => {
    if (place === "within") await connection.query("begin");
  });

  it("reads as many rows as it is asked for, then none", async () => {
    const cursor = cursorOver(7);
    expect(await cursor.read(3)).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }]);
    expect(cursor.fields.map(({ name }) => name)).toEqual(["n"]);
    expect(await cursor.read(3)).toHaveLength(3);
    expect(cursor.isClosed).toBe(false);
    expect(await cursor.read(3)).toEqual([{ n: 7 }]);
    expect(cursor.isClosed).toBe(true);
    expect(await cursor.read(3)).toEqual([]);
    expect((await connection.query("select 1 as x")).rows).toEqual([{ x: 1 }]);
  });

  it("fetches one, many and all that is left", async () => {
    const cursor = cursorOver(25, 4);
    expect(await cursor.fetchOne()).toEqual({ n: 1 });
    expect(await cursor.fetchMany(2)).toEqual([{ n: 2 }, { n: 3 }]);
    expect(await cursor.fetchMany()).toHaveLength(4);
    expect(await cursor.fetchAll()).toHaveLength(18);
    expect(await cursor.fetchOne()).toBeNull();
  });

  it("iterates over every row, whatever a row factory makes of it", async () => {
    await using scalars = await openConnection(server, {
      rowFactory: () => (values) => (Number(values[0]) % 3 === 0 ? undefined : values[0]),
    });
    if (place === "within") await scalars.query("begin");
    const seen: unknown[] = [];
    for await (const n of scalars.cursor(numbers, [6], { batchSize: 2 })) seen.push(n);
    expect(seen).toEqual([1, 2, undefined, 4, 5, undefined]);
    expect((await scalars.query("select 1")).rowCount).toBe(1);
  });

  it("iterates over every row, whatever the batches", async () => {
    for (const count of [0, 1, 9, 10, 11, 1_000]) {
      const seen: number[] = [];
      for await (const { n } of cursorOver(count)) seen.push(n);
      expect(seen).toEqual(Array.from({ length: count }, (_, i) => i + 1));
    }
  });

  it("frees the connection when the loop ends early", async () => {
    const cursor = cursorOver(100);
    for await (const { n } of cursor) if (n === 15) break;
    expect(cursor.isClosed).toBe(true);
    expect(await portals()).toEqual([]);
  });

  it("is closed at the end of the block that uses it", async () => {
    {
      await using cursor = cursorOver(100);
      await cursor.read(1);
    }
    expect(await portals()).toEqual([]);
  });

  it("gives overlapping reads their rows in order", async () => {
    const cursor = cursorOver(6);
    const batches = await Promise.all([cursor.read(2), cursor.read(2), cursor.read(2), cursor.read(2)]);
    expect(batches.map((rows) => rows.map(({ n }) => n))).toEqual([[1, 2], [3, 4], [5, 6], []]);
  });

  it("sends nothing when it is closed before the first read", async () => {
    const cursor = connection.cursor("select 1/0");
    await cursor.close();
    expect(await cursor.read(1)).toEqual([]);
  });

  it("rejects with the server's error, at the first row or later", async () => {
    await connection.query("savepoint before").catch(() => {});
    await expect(connection.cursor("select no").read(1)).rejects.toMatchObject({ code: "42703" });
    if (place === "within") await connection.query("rollback to before");
    const cursor = connection.cursor("select 1 / (3 - n) as x from generate_series(1, 5) n");
    expect(await cursor.read(2)).toHaveLength(2);
    await expect(cursor.read(2)).rejects.toMatchObject({ code: "22012" });
    expect(await cursor.read(2)).toEqual([]);
    if (place === "within") await connection.query("rollback to before");
    expect((await connection.query("select 1 as x")).rows).toEqual([{ x: 1 }]);
  });

  it("takes statements that change rows and return them", async () => {
    await connection.query("create temp table t (id int)");
    const cursor = connection.cursor("insert into t select generate_series(1, 5) returning id", []);
    expect(await cursor.fetchAll()).toHaveLength(5);
    expect(await connection.cursor("update t set id = 0").fetchAll()).toEqual([]);
    expect(await connection.cursor("").fetchAll()).toEqual([]);
  });

  it("gives rows as arrays and through the query's parsers", async () => {
    const options = { rowMode: "array" as const, types: { 23: (text: string) => `n${text}` } };
    expect(await connection.cursor(numbers, [2], options).fetchAll()).toEqual([["n1"], ["n2"]]);
  });

  it("refuses to read a number of rows that is none", async () => {
    for (const count of [0, -1, 1.5, Number.NaN]) {
      await expect(cursorOver(1).read(count)).rejects.toThrow(RangeError);
    }
    expect(() => connection.cursor("select 1", [], { batchSize: 0 })).toThrow(RangeError);
  });
});

describe("a cursor outside a transaction", () => {
  it("keeps the connection, so that other operations are refused instead of waiting for ever", async () => {
    const cursor = cursorOver(100);
    await cursor.read(1);
    await expect(connection.query("select 1")).rejects.toMatchObject({
      code: "POOL_CONNECTION_BUSY",
      isSafeToRetry: true,
    });
    await expect(cursorOver(5).read(1)).rejects.toMatchObject({ code: "POOL_CONNECTION_BUSY" });
    expect(await cursor.read(1)).toEqual([{ n: 2 }]);
    await cursor.close();
    expect((await connection.query("select 1 as x")).rows).toEqual([{ x: 1 }]);
  });

  it("waits for the operations before it", async () => {
    const before = connection.query("select pg_sleep(0.05)");
    expect(await cursorOver(1).fetchAll()).toEqual([{ n: 1 }]);
    await before;
  });

  it("ends when its signal aborts between two reads", async () => {
    const controller = new AbortController();
    const cursor = connection.cursor(numbers, [100], { signal: controller.signal });
    await cursor.read(1);
    controller.abort(new Error("enough"));
    await expect(cursor.read(1)).rejects.toThrow("enough");
    expect((await connection.query("select 1 as x")).rows).toEqual([{ x: 1 }]);
  });
});

describe("cursors within a transaction", () => {
  it("can be read in turn, with other statements in between", async () => {
    await connection.query("begin");
    const left = cursorOver(3, 1);
    const right = cursorOver(3, 1);
    for (const n of [1, 2, 3]) {
      expect(await left.fetchOne()).toEqual({ n });
      expect((await connection.query("select 1 as x")).rows).toEqual([{ x: 1 }]);
      expect(await right.fetchOne()).toEqual({ n });
    }
    expect(await portals()).toHaveLength(2);
    await left.close();
    await right.close();
    expect(await portals()).toEqual([]);
    await connection.query("commit");
  });

  it("are closed with it, and say so rather than look as if they had been read to their end", async () => {
    await connection.query("begin");
    const cursor = cursorOver(3, 1);
    await cursor.fetchOne();
    await connection.query("commit");
    expect(cursor.isClosed).toBe(true);
    await expect(cursor.fetchOne()).rejects.toMatchObject({ code: "POOL_TRANSACTION_STATE" });
    await cursor.close();
    expect(await cursor.fetchOne()).toBeNull();
  });
});
