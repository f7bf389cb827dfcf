import { expect, it } from "vitest";
import { fail, ok } from "./support/fake-connector.ts";
import { Harness } from "./support/harness.ts";

const minute = 60_000;
const hour = 60 * minute;

it("seven days of bursts, idle nights and daily restarts of the server leave no counter behind", {
  timeout: 120_000,
}, async () => {
  const pool = new Harness({ max: 8, min: 2, minIdle: 1, leakThresholdMillis: 5 * minute });
  pool.connector.behaviours.connect = ok(30);
  pool.connector.behaviours.validate = ok(1);
  pool.engine.open();
  await pool.advance(1_000);
  let asked = 0;
  let turn = 1;
  /** A few callers that use what they get for some milliseconds; deterministic, so that a failure can be repeated. */
  const burst = (count: number) => {
    for (let index = 0; index < count; index += 1) {
      turn = (turn * 48_271) % 2_147_483_647;
      asked += 1;
      const caller = pool.ask({ timeoutMillis: 30_000 });
      const use = () => pool.clock.setTimer(() => pool.engine.release(caller.lease), 1 + (turn % 90));
      if (caller.slot !== null) use();
      else caller.onServed = use;
      if (turn % 37 === 0) pool.engine.cancel(caller, "impatient");
    }
  };

  for (let day = 0; day < 7; day += 1) {
    for (let at = 0; at < 12 * hour; at += 30 * minute) {
      burst(40);
      await pool.advance(5 * minute);
      burst(3);
      await pool.advance(25 * minute);
      expect(pool.engine.stats()).toMatchObject({ waiting: 0, acquired: 0, resetting: 0, closing: 0 });
    }
    burst(10);
    pool.connector.behaviours.connect = fail();
    pool.engine.evictHost("db1");
    await pool.advance(20_000);
    pool.connector.behaviours.connect = ok(30);
    await pool.advance(12 * hour - 20_000);
    // A quiet night leaves the minimum, and nothing else.
    expect(pool.engine.stats()).toMatchObject({ total: 2, idle: 2, waiting: 0 });
  }

  const stats = pool.engine.stats();
  const closed = Object.values(stats.closed).reduce((sum, count) => sum + count, 0);
  expect(stats.acquires).toBe(asked);
  expect(stats.acquires).toBe(
    stats.acquiresImmediate + stats.acquiresQueued + stats.acquireTimeouts + stats.acquireAborts,
  );
  expect(stats.releases).toBe(stats.acquiresImmediate + stats.acquiresQueued);
  expect(stats.creates - closed).toBe(stats.total);
  expect(pool.connector.open).toHaveLength(stats.total);
  expect(stats).toMatchObject({ leaksSuspected: 0, acquireErrors: 0, acquireRejected: 0 });
  await pool.close(1_000);
  expect(pool.connector.open).toEqual([]);
  expect(pool.clock.pending).toBe(0);
});
