import { describe, expect, it } from "vitest";
import { Harness } from "./support/harness.ts";

describe("leak detection", () => {
  it("a lease that is held for too long is reported once, with the stack of its acquire", async () => {
    const pool = new Harness({ leakThresholdMillis: 1_000 });
    const slot = await pool.lease();
    await pool.advance(400);
    await pool.lease();
    await pool.advance(599);
    expect(pool.log.of("leakSuspected")).toEqual([]);
    await pool.advance(1);
    expect(pool.log.of("leakSuspected")).toEqual(["leakSuspected 1 after 1000 at caller 1"]);
    await pool.advance(10_000);
    expect(pool.log.of("leakSuspected")).toHaveLength(2);
    expect(pool.engine.stats().leaksSuspected).toBe(2);
    expect(slot.connection.isOpen).toBe(true);
  });

  it("every lease is watched anew", async () => {
    const pool = new Harness({ leakThresholdMillis: 1_000, max: 1 });
    for (let use = 0; use < 2; use += 1) {
      const slot = await pool.lease();
      await pool.advance(1_000);
      pool.engine.release(slot);
    }
    const short = await pool.lease();
    await pool.advance(999);
    pool.engine.release(short);
    await pool.advance(5_000);
    expect(pool.engine.stats().leaksSuspected).toBe(2);
  });

  it("a lease without a stack is reported too", async () => {
    const pool = new Harness({ leakThresholdMillis: 1_000 });
    await pool.warm(1);
    pool.engine.tryAcquire(null);
    await pool.advance(1_000);
    expect(pool.log.of("leakSuspected")).toEqual(["leakSuspected 1 after 1000 null"]);
    expect(pool.engine.holders()).toEqual([{ connectionId: "test#1", heldMillis: 1_000, stack: null }]);
  });

  it("without a threshold nothing is reported", async () => {
    const pool = new Harness();
    await pool.lease();
    pool.engine.release(await pool.lease());
    await pool.advance(10_000_000);
    expect(pool.engine.stats().keepalives).toBeGreaterThan(1);
    expect(pool.engine.stats().leaksSuspected).toBe(0);
  });

  it("is looked for when the first lease can have become old, and no more often", async () => {
    const pool = new Harness({
      leakThresholdMillis: 1_000,
      idleTimeoutMillis: null,
      keepaliveIntervalMillis: null,
      validateAfterIdleMillis: null,
    });
    await pool.warm(1);
    await pool.advance(20_000);
    pool.engine.release(await pool.lease());
    await pool.advance(1_000);
    const before = pool.clock.rung;
    const slot = await pool.lease();
    await pool.advance(999);
    expect(pool.clock.rung).toBe(before);
    await pool.advance(100_000);
    pool.engine.release(slot);
    expect(pool.engine.stats().leaksSuspected).toBe(1);
    expect(pool.clock.rung - before).toBeLessThanOrEqual(3);
  });

  it("says who holds a connection and for how long, and nothing of those that are idle", async () => {
    const pool = new Harness({ leakThresholdMillis: 1_000 });
    await pool.lease();
    await pool.advance(400);
    const other = await pool.lease();
    pool.engine.release(await pool.lease());
    await pool.advance(200);
    expect(pool.engine.holders()).toEqual([
      { connectionId: "test#1", heldMillis: 600, stack: "at caller 1" },
      { connectionId: "test#2", heldMillis: 200, stack: "at caller 2" },
    ]);
    expect(other.id).toBe(2);
  });
});
