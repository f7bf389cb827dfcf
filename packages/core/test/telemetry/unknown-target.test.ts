import { createConnectionFactory, createPool } from "@rockpool/core";
import { type PostgresServer, startPostgres } from "@rockpool/postgres";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { TestSdk } from "./sdk.ts";

let server: PostgresServer;
let sdk: TestSdk;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.stop());
afterEach(() => TestSdk.stop());

describe("a pool that is not told where its connections go", () => {
  it("tells it on the span of a connect once one is open, and nothing made up before", async () => {
    sdk = TestSdk.start();
    const factory = createConnectionFactory(server.url);
    let isDown = true;
    await using pool = createPool({
      connect: async (options) => {
        if (!isDown) return factory.connect(options);
        isDown = false;
        throw new Error("no way there");
      },
    });
    await pool.query("select 1");
    const [failed] = sdk.spansNamed("CONNECT");
    expect(failed?.attributes).not.toHaveProperty("server.address");
    expect(failed?.attributes).not.toHaveProperty("db.namespace");
    const [opened] = sdk.spansNamed("CONNECT postgres");
    expect(opened?.attributes).toMatchObject({
      "db.namespace": "postgres",
      "server.address": "127.0.0.1",
      "server.port": server.port,
      "db.client.connection.pool.name": "pool",
    });
  });
});
