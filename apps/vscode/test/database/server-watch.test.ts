import { createConnectionFactory } from "@rockpool/core";
import { type PostgresServer, startPostgres } from "@rockpool/postgres";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { openDatabase } from "../../src/database/open-database.ts";
import type { Database, DatabaseLease } from "../../src/model/database.ts";
import { poolRecorder } from "../../src/model/pool/pool-recorder.ts";

const never = new AbortController().signal;
const ONE = { signal: never, pageSize: 10, copyData: null };

let server: PostgresServer;
let database: Database;
let leases: DatabaseLease[];

beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.stop());

beforeEach(async () => {
  leases = [];
  database = await openDatabase({
    name: "test",
    connection: server.url,
    password: null,
    max: 2,
    idleTimeoutMillis: 60_000,
    acquireTimeoutMillis: 5_000,
    isReadOnly: false,
    isUntrusted: false,
    spans: poolRecorder(),
    signal: never,
  });
});
afterEach(async () => {
  for (const lease of leases) await lease.release();
  await database.close();
});

async function acquire(): Promise<{ lease: DatabaseLease; pid: number }> {
  const lease = await database.acquire(never);
  leases.push(lease);
  return { lease, pid: lease.backendPid ?? 0 };
}

/** The connections of a name that the server has, asked past the extension. */
async function connectionsNamed(name: string): Promise<number> {
  await using connection = await createConnectionFactory(server.url).connect();
  const text = "select 1 from pg_stat_activity where application_name = $1";
  return (await connection.query(text, [name])).rows.length;
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setImmediate(resolve));
}

describe("what the server says of its processes", () => {
  it("tells their state, what they wait for, and whose they are", async () => {
    const { lease, pid } = await acquire();
    await lease.execute("begin", ONE);
    const sleeper = await acquire();
    const sleep = sleeper.lease.execute("select pg_sleep(60)", ONE).catch((error: unknown) => error);
    await until(async () => (await database.backends([sleeper.pid]))[0]?.state === "active");
    const told = await database.backends([pid, sleeper.pid, 1]);
    expect([...told].sort((a) => (a.pid === pid ? -1 : 1))).toEqual([
      expect.objectContaining({ pid, state: "idle in transaction", database: "postgres", user: "postgres" }),
      expect.objectContaining({
        pid: sleeper.pid,
        state: "active",
        waitEvent: "Timeout:PgSleep",
        applicationName: "Rockpool for VS Code",
      }),
    ]);
    expect(await database.endBackend(sleeper.pid, "cancel")).toBe(true);
    expect(await sleep).toMatchObject({ code: "57014" });
  });

  it("is asked beside the pool: also of one that is exhausted, whose numbers stay as they are", async () => {
    const { pid } = await acquire();
    await acquire();
    const before = database.numbers();
    expect(await database.backends([pid])).toHaveLength(1);
    expect(database.numbers()).toEqual(before);
    expect(await connectionsNamed("Rockpool for VS Code (activity)")).toBe(1);
  });

  it("is asked on a connection that closes with the pool, and on a new one after it broke", async () => {
    const { pid } = await acquire();
    await database.backends([pid]);
    await using connection = await createConnectionFactory(server.url).connect();
    await connection.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where application_name like '%(activity)'",
    );
    await until(async () => (await database.backends([pid]).catch(() => [])).length === 1);
    await database.close();
    await until(async () => (await connectionsNamed("Rockpool for VS Code (activity)")) === 0);
  });

  it("a process that is terminated ends its connection, and is not there a second time", async () => {
    const { lease, pid } = await acquire();
    expect(await database.endBackend(pid, "terminate")).toBe(true);
    await expect(lease.execute("select 1", ONE)).rejects.toThrow();
    await until(async () => (await database.backends([pid])).length === 0);
    expect(await database.endBackend(pid, "terminate")).toBe(false);
  });
});

describe("a pool on demand", () => {
  it("grows and shrinks", () => {
    database.resize(7);
    expect(database.numbers().max).toBe(7);
    expect(() => database.resize(0)).toThrow();
  });

  it("closes what is idle, and leaves what is held", async () => {
    const held = await acquire();
    const idle = await acquire();
    await idle.lease.release();
    database.evictIdle();
    await until(async () => database.numbers().total === 1);
    expect((await held.lease.execute("select 1", ONE)).rowCount).toBe(1);
  });

  it("is drained politely: what is held goes when it comes back", async () => {
    const held = await acquire();
    await database.evictAll();
    expect((await held.lease.execute("select 1", ONE)).rowCount).toBe(1);
    await held.lease.release();
    await until(async () => database.numbers().total === 0);
  });

  it("tells how long it took to answer, in the pool and on the server", async () => {
    const { waitMillis, serverMillis } = await database.ping(never);
    expect(waitMillis).toBeGreaterThan(0);
    expect(serverMillis).toBeGreaterThan(0);
    expect(database.numbers()).toMatchObject({ acquired: 0, idle: 1 });
  });
});
