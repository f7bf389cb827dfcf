import { type PostgresServer, startPostgres } from "@rockpool/postgres";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { OpenConnection } from "../../src/connection/open-connection.ts";
import { openConnection } from "./world.ts";

let server: PostgresServer;
let connection: OpenConnection;

beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.stop());
beforeEach(async () => {
  connection = await openConnection(server, { statementCacheSize: 3 });
});
afterEach(() => connection.close());

/** The texts of the statements that the server keeps prepared. */
async function prepared(on: OpenConnection = connection): Promise<string[]> {
  const text = "select statement from pg_prepared_statements order by prepare_time";
  const { rows } = await on.query<{ statement: string }>(text, [], { prepare: false });
  return rows.map(({ statement }) => statement);
}

describe("a statement", () => {
  it("is prepared once, with its first run", async () => {
    for (let i = 0; i < 3; i++) await connection.query("select $1::int", [i]);
    expect(await prepared()).toEqual(["select $1::int"]);
  });

  it("makes room for a newer one when it was not used for longest", async () => {
    for (const text of ["select 1", "select 2", "select 3", "select 1", "select 4"])
      await connection.query(text);
    expect(await prepared()).toEqual(["select 1", "select 3", "select 4"]);
  });

  it("is not kept where the query says so, nor where it reads and writes no rows", async () => {
    await connection.query("select 1", [], { prepare: false });
    await connection.query("create temp table t (id int)");
    await connection.query("begin");
    await connection.query("commit");
    expect(await prepared()).toEqual([]);
  });

  it("is not kept behind a transaction pooler, unless the query says so", async () => {
    await using pooled = await openConnection(server, { pooler: "transaction" });
    await pooled.query("select 1");
    expect(await prepared(pooled)).toEqual([]);
    await pooled.query("select 1", [], { prepare: true });
    expect(await prepared(pooled)).toEqual(["select 1"]);
  });

  it("is not kept where it can't be parsed, and can be run again when it can", async () => {
    await expect(connection.query("select * from late")).rejects.toMatchObject({ code: "42P01" });
    await connection.query("create temp table late as select 1 as x");
    expect((await connection.query("select * from late")).rows).toEqual([{ x: 1 }]);
  });

  it("is prepared again, unseen, when the columns of its table have changed", async () => {
    await connection.script("create temp table shape (a int); insert into shape values (1)");
    expect((await connection.query("select * from shape")).rows).toEqual([{ a: 1 }]);
    await connection.query("alter table shape add b text default 'new'");
    expect((await connection.query("select * from shape")).rows).toEqual([{ a: 1, b: "new" }]);
    expect(await prepared()).toEqual(["select * from shape"]);
  });

  it("fails with the server's error when its columns have changed within a transaction", async () => {
    await connection.script("create temp table shape (a int)");
    await connection.query("select * from shape");
    await connection.script("begin; alter table shape add b text");
    await expect(connection.query("select * from shape")).rejects.toMatchObject({ code: "0A000" });
    await connection.query("rollback");
    expect((await connection.query("select * from shape")).rows).toEqual([]);
  });

  it.each(["deallocate all", "discard all"])("is prepared again after %s", async (text) => {
    await connection.query("select 1 as x");
    await connection.query(text);
    expect((await connection.query("select 1 as x")).rows).toEqual([{ x: 1 }]);
  });

  it("is prepared again, unseen, when it was deallocated from within the server", async () => {
    await connection.query("select 1 as x");
    await connection.query("do $$ begin execute 'deallocate all'; end $$");
    expect((await connection.query("select 1 as x")).rows).toEqual([{ x: 1 }]);
  });

  it("that was prepared for a type which is gone fails once, with the server's own error", async () => {
    await connection.script(
      "create type mood as enum ('a'); create temp table m (v mood); insert into m values ('a')",
    );
    const read = async () => (await connection.query("select v from m where v = $1", ["a"])).rows;
    expect(await read()).toEqual([{ v: "a" }]);
    await connection.script("alter table m alter v type text; drop type mood");
    await expect(read()).rejects.toMatchObject({ code: "XX000" });
    expect(await read()).toEqual([{ v: "a" }]);
  });

  it("that is lost within a transaction says what a pooler needs", async () => {
    await connection.query("select 1 as x");
    await connection.script("begin; do $$ begin execute 'deallocate all'; end $$");
    await expect(connection.query("select 1 as x")).rejects.toThrow(/set pooler: 'transaction'/);
  });

  it("that fails while it runs stays prepared", async () => {
    await connection.query("select 1 / $1::int", [1]);
    await expect(connection.query("select 1 / $1::int", [0])).rejects.toMatchObject({ code: "22012" });
    expect(await prepared()).toEqual(["select 1 / $1::int"]);
    expect((await connection.query("select 1 / $1::int as x", [1])).rows).toEqual([{ x: 1 }]);
  });

  it("that is one of several in a text is refused with a hint at script()", async () => {
    await expect(connection.query("select 1; select 2")).rejects.toMatchObject({
      code: "42601",
      hint: expect.stringContaining("script()"),
    });
  });

  it("can have a semicolon at its end, or none in it at all", async () => {
    expect((await connection.query("select 1 as x;")).rows).toEqual([{ x: 1 }]);
    expect(await connection.query("")).toEqual({ rows: [], rowCount: null, fields: [], command: "" });
  });

  it("that waits for the data of a COPY is refused, and the connection goes on", async () => {
    await connection.query("create temp table t (id int)");
    await expect(connection.query("copy t from stdin")).rejects.toThrow(/copyFrom\(\)/);
    await expect(connection.query("copy t to stdout")).rejects.toThrow(/copyTo\(\)/);
    await expect(connection.script("copy t from stdin")).rejects.toThrow(/copyFrom\(\)/);
    expect((await connection.query("select 1 as x")).rows).toEqual([{ x: 1 }]);
  });
});

describe("a row", () => {
  it("can come as an array, and through parsers of the query or of the connection", async () => {
    await using typed = await openConnection(server, { types: { 20: BigInt, 23: (text) => `int ${text}` } });
    const text = "select 1::int8 as big, 2 as small, null::int as none";
    expect((await typed.query(text, [], { rowMode: "array" })).rows).toEqual([[1n, "int 2", null]]);
    const types = { 23: (value: string) => Number(value) * 10 };
    for (let i = 0; i < 40; i++) {
      expect((await typed.query(text, [], { types })).rows).toEqual([{ big: 1n, small: 20, none: null }]);
      expect((await typed.query(text)).rows).toEqual([{ big: 1n, small: "int 2", none: null }]);
    }
    expect((await connection.query(text)).rows).toEqual([{ big: "1", small: 2, none: null }]);
  });

  it("whose parser throws rejects the query and leaves the connection usable", async () => {
    const types = { 23: () => JSON.parse("no json") };
    await expect(connection.query("select n from generate_series(1, 3) n", [], { types })).rejects.toThrow(
      SyntaxError,
    );
    expect((await connection.query("select 1 as x")).rows).toEqual([{ x: 1 }]);
  });
});

describe("a value", () => {
  it("is read at the call, so that later changes do not matter", async () => {
    const values = [{ a: 1 }];
    const results = [
      connection.query("select $1::json as v", values),
      connection.query("select $1::json as v", values),
    ];
    values[0] = { a: 2 };
    for (const { rows } of await Promise.all(results)) expect(rows).toEqual([{ v: { a: 1 } }]);
  });

  it("that can't be read rejects the query before anything is sent", async () => {
    const broken = { toPostgres: () => JSON.parse("no json") };
    await expect(connection.query("select $1::text", [broken])).rejects.toThrow(SyntaxError);
    expect(await prepared()).toEqual([]);
  });
});

describe("a script", () => {
  it("gives one result for each of its statements", async () => {
    const results = await connection.script(
      "create temp table t (id int); insert into t values (1), (2); select * from t",
    );
    expect(results.map(({ command, rowCount }) => [command, rowCount])).toEqual([
      ["CREATE TABLE", null],
      ["INSERT", 2],
      ["SELECT", 2],
    ]);
    expect(results[2]?.rows).toEqual([{ id: 1 }, { id: 2 }]);
  });

  it("rejects with the error of the statement that failed", async () => {
    await expect(connection.script("select 1; select 1/0; select 2")).rejects.toMatchObject({
      code: "22012",
    });
  });
});
