import { describe, expect, it } from "vitest";
import { rejection, until, useServer } from "./server.ts";

const test = useServer();
const fast = "select $1::int as n";

describe("with pipelining, pool.query", () => {
  it("sends fast statements of different callers down one connection, and each gets its own rows", async () => {
    const pool = test.pool({ max: 3, pipelining: { fastMillis: 1_000 } });
    await pool.query(fast, [0]);
    const results = await Promise.all(Array.from({ length: 100 }, (_, n) => pool.query(fast, [n])));
    expect(results.map(({ rows }) => rows)).toEqual(Array.from({ length: 100 }, (_, n) => [{ n }]));
    expect(pool.stats()).toMatchObject({ sharedInFlight: 0, sharedConnections: 0, acquired: 0, waiting: 0 });
    expect(pool.stats().sharedQueries).toBeGreaterThanOrEqual(64);
  });

  it("keeps the error of one caller from its neighbours", async () => {
    const pool = test.pool({ max: 2, pipelining: { fastMillis: 1_000 } });
    const divide = "select 12 / $1::int as n";
    await pool.query(divide, [1]);
    const outcomes = await Promise.allSettled([1, 0, 2, 0, 3].map((n) => pool.query(divide, [n])));
    expect(outcomes.map(({ status }) => status)).toEqual([
      "fulfilled",
      "rejected",
      "fulfilled",
      "rejected",
      "fulfilled",
    ]);
    expect(pool.stats().sharedQueries).toBe(5);
    expect(pool.stats().closed.broken).toBe(0);
  });

  it("gives a connection of its own to what must be cancellable, is slow, or touches the session", async () => {
    const pool = test.pool({ max: 4, pipelining: { fastMillis: 20 } });
    for (let run = 0; run < 3; run += 1) {
      await pool.query("select 1 as n", [], { signal: new AbortController().signal });
      await pool.query("select 1 as n", [], { timeoutMillis: 60_000 });
      await pool.query("select pg_sleep(0.05)");
      await pool.query("select set_config('application_name', 'mine', false)");
      await pool.query("select pg_advisory_lock(1), pg_advisory_unlock(1)");
    }
    expect(pool.stats().sharedQueries).toBe(0);
  });

  it("stops sharing a statement as soon as it is slow", async () => {
    const pool = test.pool({ max: 2, pipelining: { fastMillis: 40 } });
    const sometimes = "select pg_sleep($1::float8)";
    await pool.query(sometimes, [0]);
    await pool.query(sometimes, [0.1]);
    const { sharedQueries } = pool.stats();
    await pool.query(sometimes, [0]);
    expect(pool.stats().sharedQueries).toBe(sharedQueries);
  });

  it("lets a caller who waits have the only connection once its statements are answered", async () => {
    const pool = test.pool({ max: 1, pipelining: { fastMillis: 1_000 } });
    await pool.query(fast, [0]);
    const shared = Array.from({ length: 20 }, (_, n) => pool.query(fast, [n]));
    const lease = await pool.acquire();
    await Promise.all(shared);
    lease.release();
    expect(pool.stats()).toMatchObject({ creates: 1, idle: 1 });
  });

  it("lets nothing slip in through an open lane while the pool is suspended or drains", async () => {
    const pool = test.pool({ max: 2, pipelining: { fastMillis: 60_000 } });
    const slowly = "select pg_sleep($1::float8)";
    await pool.query(slowly, [0]);
    const under = pool.query(slowly, [0.1]);
    expect(pool.stats()).toMatchObject({ sharedConnections: 1, sharedInFlight: 1 });
    pool.suspend();
    const later = pool.query(slowly, [0]);
    expect(pool.stats()).toMatchObject({ sharedInFlight: 1, waiting: 1 });
    pool.resume();
    const drained = pool.drain();
    expect(await rejection(pool.query(slowly, [0]))).toMatchObject({ code: "POOL_CLOSED" });
    await Promise.all([under, later, drained]);
    expect(pool.stats()).toMatchObject({ acquired: 0, waiting: 0, state: "draining" });
  });

  it("tells every caller when the connection they share is lost, and goes on with another one", async () => {
    const pool = test.pool({ max: 2, pipelining: { fastMillis: 60_000 } });
    const slowly = "select pg_sleep($1::float8)";
    await pool.query(slowly, [0]);
    const sharing = [1, 2, 3].map(() => rejection(pool.query(slowly, [30])));
    await until(() => pool.stats().sharedInFlight === 3);
    await test
      .pool()
      .query("select pg_terminate_backend(pid) from pg_stat_activity where query = $1", [slowly]);
    for (const error of await Promise.all(sharing)) expect(error).toBeInstanceOf(Error);
    expect((await pool.query("select 1 as one")).rows).toEqual([{ one: 1 }]);
  });

  it("opens a lane also where no connection is idle, and gives it back when nobody needs it", async () => {
    const pool = test.pool({ max: 4, pipelining: { fastMillis: 1_000 } });
    await pool.query(fast, [0]);
    const leases = await Promise.all(Array.from({ length: 4 }, () => pool.acquire()));
    const queued = pool.query(fast, [1]);
    leases[0]?.release();
    leases[1]?.release();
    await queued;
    await Promise.all([2, 3, 4].map((n) => pool.query(fast, [n])));
    expect(pool.stats().sharedQueries).toBeGreaterThanOrEqual(3);
    for (const lease of leases) lease.release();
    await until(() => pool.stats().acquired === 0);
    expect(pool.stats()).toMatchObject({ sharedConnections: 0, idle: 4 });
  });
});
