import { createPool, type Pool } from "@rockpool/core";
import { type PostgresServer, startPostgres } from "@rockpool/postgres";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { rejection, until } from "./server.ts";

let server: PostgresServer;

beforeAll(async () => {
  server = await startPostgres();
  await using admin = createPool(server.url);
  await admin.script("create role app login password 'right'; create role crowd login connection limit 0");
  await server.setHba("host all app 127.0.0.1/32 scram-sha-256\nhost all all 127.0.0.1/32 trust");
});
afterAll(() => server.stop());

function poolOf(user: string, config: Record<string, string>): Pool {
  const { host, port, database } = server;
  return createPool(
    { host, port, user, database, sslmode: "disable", ...config },
    { environment: {}, homeDirectory: "/nowhere" },
  );
}

describe("a connect error that trying again cannot cure", () => {
  it.each([
    ["a wrong password", { password: "wrong" }, "28P01"],
    ["no password", {}, "no_password"],
    ["a database that is not there", { password: "right", database: "nowhere" }, "3D000"],
    ["a missing certificate", { sslmode: "verify-ca", sslrootcert: "/nowhere/root.crt" }, "POOL_CONFIG"],
  ])("rejects those who wait at once: %s", async (_what, config, code) => {
    await using pool = poolOf("app", config);
    const errors = await Promise.all([rejection(pool.query("select 1")), rejection(pool.acquire())]);
    for (const error of errors) {
      expect(code === "POOL_CONFIG" ? error : error instanceof Error && error.cause).toMatchObject({ code });
    }
    expect(pool.stats()).toMatchObject({ acquireErrors: 2, acquireTimeouts: 0, waiting: 0 });
  });

  it("is no error of a server without room, for which callers wait", async () => {
    await using pool = poolOf("crowd", {});
    const waiting = rejection(pool.acquire({ timeoutMillis: 5_000 }));
    await until(() => pool.stats().createRefusals > 0);
    expect(pool.stats()).toMatchObject({ waiting: 1, acquireErrors: 0, createErrors: 0 });
    await pool.close();
    expect(await waiting).toMatchObject({ code: "POOL_CLOSED" });
  });
});
