import { type PostgresServer, startPostgres } from "@rockpool/postgres";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createConnectionFactory } from "../../src/factory/create-connection-factory.ts";

let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgres();
}, 60_000);
afterAll(() => server.stop());

it("a factory opens a connection that answers", async () => {
  await using connection = await createConnectionFactory(server.url).connect();
  expect((await connection.query("select 1 as one")).rows).toEqual([{ one: 1 }]);
});
