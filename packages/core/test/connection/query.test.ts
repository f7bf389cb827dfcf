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

describe("a query", () => {
  it("resolves with rows, their count, their columns and the command", async () => {
    const result = await connection.query("select 1 as one, 'two' as two, $1::int as three", [3]);
    expect(result.rows).toEqual([{ one: 1, two: "two", three: 3 }]);
    expect(result.rowCount).toBe(1);
    expect(result.command).toBe("SELECT");
    expect(result.fields.map(({ name, dataTypeId }) => [name, dataTypeId])).toEqual([
      ["one", 23],
      ["two", 25],
      ["three", 23],
    ]);
  });

  it("gives the same again when its statement is prepared", async () => {
    const run = () => connection.query("select $1::int as x, $2::text as y", [7, "é"]);
    const first = await run();
    for (let i = 0; i < 40; i++) expect(await run()).toEqual(first);
  });

  it("rejects with the driver's error and leaves the connection usable", async () => {
    const failing = connection.query("select 1/0");
    await expect(failing).rejects.toMatchObject({ code: "22012", severity: "ERROR" });
    expect((await connection.query("select 1 as x")).rows).toEqual([{ x: 1 }]);
  });

  it("runs after those that were started before it", async () => {
    const results = await Promise.all([1, 2, 3].map((x) => connection.query("select $1::int as x", [x])));
    expect(results.map(({ rows }) => rows[0])).toEqual([{ x: 1 }, { x: 2 }, { x: 3 }]);
  });
});
