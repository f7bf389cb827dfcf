import { AsyncResource } from "node:async_hooks";
import type { Pool } from "@rockpool/core";
import { describe, expect, it } from "vitest";
import { rejection, until, useServer } from "./server.ts";

const test = useServer();
const fast = "select $1::int as n";
const nobody = new AsyncResource("Nobody");

/** Starts something outside the context of the caller, as an independent request would. */
function outside<T>(start: () => Promise<T>): Promise<T> {
  return nobody.runInAsyncScope(start);
}

/** Whether some session of the server waits for a lock; asked on a connection of its own, outside any transaction. */
async function isSomebodyLockedOut(pool: Pool): Promise<boolean> {
  const waiting = "select 1 from pg_stat_activity where wait_event_type = 'Lock'";
  return (await pool.query(waiting, [], { timeoutMillis: 10_000 })).rows.length > 0;
}

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

  it("gives a connection of its own to whoever holds one, so that none waits behind a statement that waits for him", async () => {
    const pool = test.pool({ max: 4, min: 3, pipelining: { fastMillis: 1_000, connections: 1 } });
    await pool.open({ wait: true });
    await pool.script("create table if not exists locked (id int primary key, n int)");
    await pool.query("insert into locked values (1, 0) on conflict do nothing");
    const add = "update locked set n = n + 1 where id = $1";
    await pool.query(add, [1]);
    await pool.query(fast, [0]);
    let blocked: Promise<unknown> = Promise.resolve();
    const rows = await pool.transaction(async (tx) => {
      await tx.query(add, [1]);
      // As another caller, outside the transaction, who gets the lane and then waits for the row.
      blocked = outside(() => pool.query(add, [1]));
      await until(() => isSomebodyLockedOut(pool));
      return (await pool.query(fast, [7])).rows;
    });
    await blocked;
    expect(rows).toEqual([{ n: 7 }]);
    expect(pool.stats().sharedQueries).toBeGreaterThan(0);
  });

  it("repeats a statement whose plan has become wrong, for each who shares it", async () => {
    const pool = test.pool({ max: 2, pipelining: { fastMillis: 1_000, connections: 1 } });
    await pool.script(
      "drop table if exists changing; create table changing (a int); insert into changing values (1)",
    );
    const all = "select * from changing";
    await Promise.all(Array.from({ length: 10 }, () => pool.query(all)));
    await Promise.all(Array.from({ length: 10 }, () => pool.query(all)));
    const { sharedQueries } = pool.stats();
    await pool.script("alter table changing add column b text default 'x'");
    const results = await Promise.all(Array.from({ length: 10 }, () => pool.query(all)));
    expect(results.map(({ rows }) => rows)).toEqual(Array.from({ length: 10 }, () => [{ a: 1, b: "x" }]));
    expect(pool.stats().sharedQueries).toBe(sharedQueries + 10);
  });

  it("gives each caller a value of his own where a function has an effect", async () => {
    const pool = test.pool({ max: 2, pipelining: { fastMillis: 1_000 } });
    await pool.script("drop sequence if exists numbers; create sequence numbers");
    const next = "select nextval('numbers')::int as n";
    await pool.query(next);
    const results = await Promise.all(Array.from({ length: 50 }, () => pool.query<{ n: number }>(next)));
    const values = results.map(({ rows }) => rows[0]?.n ?? 0).sort((a, b) => a - b);
    expect(values).toEqual(Array.from({ length: 50 }, (_, index) => index + 2));
    expect(pool.stats().sharedQueries).toBe(50);
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
