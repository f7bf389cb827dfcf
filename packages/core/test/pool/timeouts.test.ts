import { AcquireTimeoutError, ConfigError, QueryTimeoutError } from "@rockpool/core";
import { describe, expect, it } from "vitest";
import { rejection, useServer } from "./server.ts";

const test = useServer();

describe("a timeout of the pool's verbs", () => {
  it("tells what the caller gave, not what the wait for a connection left of it", async () => {
    const pool = test.pool({ max: 1 });
    await pool.query("select 1");
    const timeoutMillis = 200;
    const calls = [
      pool.query("select pg_sleep(60)", [], { timeoutMillis }),
      pool.script("select pg_sleep(60)", { timeoutMillis: 400 }),
      pool.transaction((transaction) => transaction.query("select pg_sleep(60)"), { timeoutMillis: 600 }),
    ];
    const errors = await Promise.all(calls.map((call) => rejection(call)));
    expect(errors).toEqual([
      new QueryTimeoutError(200),
      new QueryTimeoutError(400),
      new QueryTimeoutError(600),
    ]);
    expect(pool.stats()).toMatchObject({ creates: 1, acquired: 0 });
  });

  it("is refused where it is no duration, and those of other callers still pass", async () => {
    const pool = test.pool({ max: 1 });
    const lease = await pool.acquire();
    const wrong = [
      pool.acquire({ timeoutMillis: Number.NaN }),
      pool.query("select 1", [], { timeoutMillis: -1 }),
      pool.use(() => 1, { timeoutMillis: Number.POSITIVE_INFINITY }),
      pool.open({ wait: true, timeoutMillis: Number.NaN }),
      pool.close({ timeoutMillis: Number.NaN }),
    ];
    for (const call of wrong) expect(await rejection(call)).toBeInstanceOf(ConfigError);
    expect(await rejection(pool.acquire({ timeoutMillis: 10 }))).toBeInstanceOf(AcquireTimeoutError);
    expect(pool.stats()).toMatchObject({ state: "open", waiting: 0, acquires: 2 });
    lease.release();
  });
});
