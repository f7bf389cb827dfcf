import { type Connection, createPool, type Pool, type PoolOptions, QueryTimeoutError } from "@rockpool/core";
import { type FaultProxy, startFaultProxy } from "@rockpool/postgres";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { rejection, until, useServer } from "./server.ts";

const test = useServer();
let proxy: FaultProxy;
const pools: Pool[] = [];

beforeAll(async () => {
  proxy = await startFaultProxy({ port: test.server.port });
});
afterEach(async () => {
  await Promise.all(pools.splice(0).map((pool) => pool.close({ timeoutMillis: 0 })));
  await proxy.restore();
});
afterAll(() => proxy.stop());

/** A pool with one connection, whose server falls silent without closing anything. */
async function silentPool(options: PoolOptions): Promise<Pool> {
  const pool = createPool(proxy.url(test.server.url), { max: 1, ...options });
  pools.push(pool);
  await pool.query("select 1");
  proxy.hang();
  return pool;
}

describe("a server that falls silent", () => {
  it.each<[string, (pool: Pool) => Promise<unknown>]>([
    ["a query", (pool) => pool.query("select 1", [], { timeoutMillis: 30 })],
    ["a script", (pool) => pool.script("select 1", { timeoutMillis: 30 })],
    ["a cursor", (pool) => pool.cursor("select 1", [], { timeoutMillis: 30 }).read(1)],
    ["a COPY", (pool) => pool.copyFrom("copy nowhere from stdin", "1\n", { timeoutMillis: 30 })],
    ["a transaction", (pool) => pool.transaction((tx) => tx.query("select 1"), { timeoutMillis: 30 })],
  ])(
    "does not keep the caller of %s beyond its timeout until it is known to be gone",
    async (_what, call) => {
      const pool = await silentPool({ validateAfterIdleMillis: null });
      const error = await rejection(call(pool));
      expect(error).toEqual(new QueryTimeoutError(30));
      // Whether it is gone is found out in the background; until then it counts.
      expect(pool.stats()).toMatchObject({ connectionsLost: 0, total: 1, idle: 0 });
    },
  );

  /** A lease in a transaction that has written, on a server that falls silent then. */
  async function silentTransaction(pool: Pool) {
    const lease = await pool.acquire();
    const transaction = await lease.begin();
    await transaction.query("create temp table written as select generate_series(1, 10) as n");
    const cursor = transaction.cursor("select * from written", [], { timeoutMillis: 300 });
    await cursor.read(1);
    proxy.hang();
    return { lease, transaction, cursor };
  }

  it("does not keep the caller of a COMMIT, whose outcome is then unknown", async () => {
    const pool = createPool(proxy.url(test.server.url), { max: 1 });
    pools.push(pool);
    const { transaction } = await silentTransaction(pool);
    const error = await rejection(transaction.commit({ timeoutMillis: 30 }));
    expect(error).toMatchObject({ code: "POOL_AMBIGUOUS_COMMIT", cause: new QueryTimeoutError(30) });
    expect(error).toHaveProperty("transactionId", expect.stringMatching(/^\d+$/));
    expect(transaction.fate).toBe("unknown");
    expect(pool.stats().connectionsLost).toBe(0);
  });

  it("does not keep the reader of a cursor in a transaction, nor whoever leaves it early", async () => {
    const pool = createPool(proxy.url(test.server.url), { max: 2 });
    pools.push(pool);
    const reading = await silentTransaction(pool);
    expect(await rejection(reading.cursor.read(5))).toEqual(new QueryTimeoutError(300));
    await proxy.restore();
    const leaving = await silentTransaction(pool);
    await leaving.cursor.close();
    expect(pool.stats().connectionsLost).toBe(0);
  });

  it("does not keep whoever leaves a cursor with a time limit early", async () => {
    const pool = createPool(proxy.url(test.server.url), { max: 1 });
    pools.push(pool);
    const cursor = pool.cursor("select generate_series(1, 10)", [], { timeoutMillis: 300 });
    await cursor.read(1);
    proxy.hang();
    await cursor.close();
    expect(pool.stats()).toMatchObject({ connectionsLost: 0, idle: 0 });
  });

  it("does not keep whoever waits for an advisory lock", async () => {
    const pool = await silentPool({ validateAfterIdleMillis: null });
    const waiting = pool.use((connection) => connection.advisoryLock("import", { timeoutMillis: 30 }));
    expect(await rejection(waiting)).toEqual(new QueryTimeoutError(30));
    expect(pool.stats().connectionsLost).toBe(0);
  });

  it("does not get a goodbye from a connection that failed its validation", async () => {
    const goodbyes: Connection[] = [];
    const pool = await silentPool({
      validateAfterIdleMillis: 0,
      validateTimeoutMillis: 20,
      beforeClose: (connection) => {
        goodbyes.push(connection);
      },
    });
    const acquiring = rejection(pool.acquire());
    await until(() => pool.stats().closed.validation === 1);
    expect(goodbyes).toEqual([]);
    await pool.close({ timeoutMillis: 0 });
    expect(await acquiring).toMatchObject({ code: "POOL_CLOSED" });
  });

  it("leaves no transaction behind where it carries out a BEGIN that its caller gave up", async () => {
    const patient = createPool(proxy.url(test.server.url), { validateAfterIdleMillis: null });
    pools.push(patient);
    await patient.query("select 1");
    const pool = await silentPool({ validateAfterIdleMillis: null });
    const lease = await pool.acquire();
    const beginning = rejection(lease.begin({ timeoutMillis: 20 }));
    // By the time that this caller is told, the one of begin() could have been too.
    await rejection(patient.query("select 1", [], { timeoutMillis: 20 }));
    await proxy.restore();
    expect(await beginning).toEqual(new QueryTimeoutError(20));
    await lease.query("select 1");
    expect(lease.transactionStatus).toBe("idle");
    lease.release();
  });
});
