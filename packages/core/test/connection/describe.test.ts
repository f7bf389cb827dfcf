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
  connection = await openConnection(server);
});
afterEach(() => connection.close());

describe("a statement that is described", () => {
  it("tells the types that the server inferred for its parameters, and its columns", async () => {
    const { parameterTypeIds, fields } = await connection.describe(
      "select oid, relname from pg_class where relname = $1 and oid = any($2) and relpages > $3::int",
    );
    expect(parameterTypeIds).toEqual([19, 1028, 23]);
    expect(fields.map(({ name, dataTypeId }) => [name, dataTypeId])).toEqual([
      ["oid", 26],
      ["relname", 19],
    ]);
  });

  it("is not run, and leaves nothing prepared", async () => {
    await connection.query("create temporary table kept (a int)");
    const described = await connection.describe("insert into kept values ($1)");
    expect(described).toEqual({ parameterTypeIds: [23], fields: [] });
    expect((await connection.query("select count(*)::int as n from kept")).rows).toEqual([{ n: 0 }]);
    const prepared = await connection.query(
      "select from pg_prepared_statements where statement like 'insert%'",
    );
    expect(prepared.rowCount).toBe(0);
  });

  it("may take and give nothing", async () => {
    expect(await connection.describe("vacuum")).toEqual({ parameterTypeIds: [], fields: [] });
    expect(await connection.describe("")).toEqual({ parameterTypeIds: [], fields: [] });
  });

  it("fails as it would when run, and leaves the connection usable", async () => {
    await expect(connection.describe("select nope from pg_class")).rejects.toMatchObject({
      code: "42703",
      position: "8",
    });
    expect((await connection.query("select 1 as x")).rows).toEqual([{ x: 1 }]);
  });

  it("is cancelled as every operation is, where a lock keeps the server from parsing it", async () => {
    const other = await openConnection(server);
    await connection.query("create table locked (a int)");
    await other.query("begin");
    await other.query("lock table locked in access exclusive mode");
    const abort = new AbortController();
    const waiting = connection.describe("select a from locked where a = $1", { signal: abort.signal });
    const isBlocked = "select from pg_locks where not granted";
    while ((await other.query(isBlocked)).rowCount === 0);
    abort.abort(new Error("enough"));
    await expect(waiting).rejects.toThrow("enough");
    await other.query("rollback");
    await connection.query("drop table locked");
    await other.close();
  });

  it("belongs to its transaction: a failure there is the transaction's", async () => {
    const transaction = await connection.begin();
    await expect(transaction.describe("select nope")).rejects.toMatchObject({ code: "42703" });
    expect(connection.transactionStatus).toBe("failed");
    await transaction.rollback();
    expect(connection.transactionStatus).toBe("idle");
  });
});
