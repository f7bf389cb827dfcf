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
    await pool.advance(10_000_000);
    expect(pool.engine.stats().leaksSuspected).toBe(0);
  });
});
