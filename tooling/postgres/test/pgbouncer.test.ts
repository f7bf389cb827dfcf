import pg from "pg";
import { expect, test } from "vitest";
import { isPgBouncerInstalled, startPgBouncer, startPostgres } from "../src/index.ts";

// Skipped where PgBouncer is not installed: apt-get install pgbouncer.
const isInstalled = isPgBouncerInstalled();

test.skipIf(!isInstalled)("PgBouncer shares few server connections between many clients", async () => {
  const server = await startPostgres();
  const bouncer = await startPgBouncer(server, { poolSize: 2 });
  const clients = Array.from({ length: 10 }, () => new pg.Client(bouncer.url));
  try {
    await Promise.all(clients.map((client) => client.connect()));
    const results = await Promise.all(
      clients.map((client) =>
        client.query<{ pid: number }>("select pg_backend_pid() as pid, pg_sleep(0.01)"),
      ),
    );
    const backends = new Set(results.map(({ rows }) => rows[0]?.pid));
    expect(backends.size).toBeLessThanOrEqual(2);

    const admin = new pg.Client(bouncer.adminUrl);
    await admin.connect();
    const { rows } = await admin.query("show pools");
    await admin.end();
    expect(rows).toContainEqual(expect.objectContaining({ database: "postgres", pool_mode: "transaction" }));
  } finally {
    await Promise.all(clients.map((client) => client.end()));
    await bouncer.stop();
    await server[Symbol.asyncDispose]();
  }
});

test.skipIf(!isInstalled)(
  "a setting that PgBouncer does not know is an error with its own words",
  async () => {
    const server = await startPostgres();
    try {
      await expect(startPgBouncer(server, { settings: { no_such_setting: 1 } })).rejects.toMatchObject({
        code: "PGBOUNCER_START_FAILED",
        message: expect.stringContaining("no_such_setting"),
      });
    } finally {
      await server[Symbol.asyncDispose]();
    }
  },
);
