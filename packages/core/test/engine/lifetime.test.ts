import { describe, expect, it } from "vitest";
import { fail, ok } from "./support/fake-connector.ts";
import { Harness } from "./support/harness.ts";
import { settle } from "./support/virtual-clock.ts";

const quiet = { idleTimeoutMillis: null, maxLifetimeMillis: null, keepaliveIntervalMillis: null };

describe("the end of a lifetime", () => {
  it("a connection is not leased after its lifetime, which jitter shortens, and an idle one is closed then", async () => {
    const pool = new Harness({ ...quiet, maxLifetimeMillis: 10_000, lifetimeJitter: 0.1 });
    pool.chance = 0.5;
    await pool.warm(1);
    expect(pool.engine.slots()[0]?.ageMillis).toBe(0);
    await pool.advance(9_499);
    expect(pool.engine.stats().idle).toBe(1);
    await pool.advance(1);
    expect(pool.engine.stats()).toMatchObject({ total: 0, closed: { lifetime: 1 } });
  });

  it("a connection in use outlives its lifetime and is closed when it comes back", async () => {
    const pool = new Harness({ ...quiet, maxLifetimeMillis: 1_000 });
    const slot = await pool.lease();
    await pool.advance(100_000);
    expect(slot.connection.isOpen).toBe(true);
    pool.engine.release(slot);
    await settle();
    expect(slot.connection).toMatchObject({ isOpen: false, closeReason: "lifetime" });
  });

  it("a connection that the minimum needs is replaced before its lifetime ends, where there is room", async () => {
    const pool = new Harness({ ...quiet, max: 2, min: 1, maxLifetimeMillis: 100_000, lifetimeJitter: 0 });
    pool.connector.behaviours.connect = ok(100);
    pool.engine.open();
    await pool.advance(94_999);
    expect(pool.engine.stats().creates).toBe(1);
    const open: number[] = [];
    for (let at = 0; at < 6_000; at += 50) {
      await pool.advance(50);
      open.push(pool.engine.stats().idle);
    }
    expect(Math.min(...open)).toBe(1);
    expect(pool.log.of("connectStarted", "closing")).toEqual([
      "connectStarted 1 for nobody",
      "connectStarted 2 for nobody",
      "closing 1 lifetime",
    ]);
    expect(pool.engine.stats()).toMatchObject({ total: 1, idle: 1 });
  });

  it("where there is no room, the replacement follows", async () => {
    const pool = new Harness({ ...quiet, max: 1, min: 1, maxLifetimeMillis: 10_000, lifetimeJitter: 0 });
    pool.engine.open();
    await pool.advance(10_000);
    await settle();
    expect(pool.log.of("connectStarted", "closed")).toEqual([
      "connectStarted 1 for nobody",
      "closed 1 lifetime",
      "connectStarted 2 for nobody",
    ]);
  });

  it("a connection ends after maxUses leases", async () => {
    const pool = new Harness({ ...quiet, maxUses: 2, max: 1 });
    for (const id of [1, 1, 2]) {
      const slot = await pool.lease();
      expect(slot.id).toBe(id);
      pool.engine.release(slot);
      await settle();
    }
    expect(pool.engine.stats().closed.max_uses).toBe(1);
  });

  it("a replacement is asked for a twentieth of the lifetime before its end, at most five seconds", async () => {
    for (const [maxLifetimeMillis, leadMillis] of [
      [10_000, 500],
      [3_600_000, 5_000],
    ] as const) {
      const pool = new Harness({ ...quiet, max: 2, min: 1, maxLifetimeMillis, lifetimeJitter: 0 });
      pool.connector.behaviours.connect = ok(100);
      pool.engine.open();
      await pool.advance(100);
      await pool.advance(maxLifetimeMillis - leadMillis - 1);
      expect(pool.engine.stats().connecting).toBe(0);
      await pool.advance(1);
      expect(pool.engine.stats().connecting).toBe(1);
      await pool.advance(99);
      expect(pool.engine.stats()).toMatchObject({ closed: { lifetime: 0 }, idle: 1 });
      // The one that is replaced goes as soon as its successor is there.
      await pool.advance(1);
      expect(pool.engine.stats()).toMatchObject({ closed: { lifetime: 1 }, idle: 1, total: 1 });
    }
  });

  it("one that is replaced stays until its successor is there, whatever comes back meanwhile", async () => {
    const pool = new Harness({ ...quiet, max: 3, min: 2, maxLifetimeMillis: 10_000, lifetimeJitter: 0 });
    await pool.warm(1);
    await pool.advance(1_000);
    pool.connector.behaviours.connect = ok(400);
    pool.engine.open();
    await pool.advance(8_500);
    expect(pool.engine.stats()).toMatchObject({ connecting: 1, idle: 2 });
    pool.engine.release(await pool.lease());
    await pool.advance(399);
    expect(pool.engine.stats()).toMatchObject({ idle: 2, closed: { lifetime: 0 } });
    await pool.advance(1);
    expect(pool.engine.stats()).toMatchObject({ idle: 2, closed: { lifetime: 1 } });
  });

  it("one that the idle minimum needs stays until its successor is there, though it was used meanwhile", async () => {
    const pool = new Harness({ ...quiet, max: 3, minIdle: 1, maxLifetimeMillis: 10_000, lifetimeJitter: 0 });
    pool.engine.open();
    await settle();
    pool.connector.behaviours.connect = ok(400);
    await pool.advance(9_500);
    expect(pool.engine.stats()).toMatchObject({ connecting: 1, idle: 1 });
    pool.engine.release(await pool.lease());
    await pool.advance(399);
    expect(pool.engine.stats()).toMatchObject({ idle: 1, closed: { lifetime: 0 } });
    await pool.advance(1);
    expect(pool.engine.stats()).toMatchObject({ idle: 1, closed: { lifetime: 1 } });
  });

  it("one that was used while its replacement failed is still to be replaced", async () => {
    const pool = new Harness({ ...quiet, max: 2, min: 1, maxLifetimeMillis: 10_000, lifetimeJitter: 0 });
    pool.engine.open();
    await settle();
    pool.connector.behaviours.connect = fail();
    await pool.advance(9_500);
    pool.engine.release(await pool.lease());
    pool.connector.behaviours.connect = ok();
    await pool.advance(499);
    expect(pool.engine.stats()).toMatchObject({ creates: 2, idle: 1, closed: { lifetime: 1 } });
  });

  it("the one that is replaced goes, wherever it lies", async () => {
    const pool = new Harness({ ...quiet, max: 2, min: 1, maxLifetimeMillis: 10_000, lifetimeJitter: 0 });
    pool.engine.open();
    await settle();
    pool.connector.behaviours.connect = ok(100);
    await pool.advance(9_550);
    const old = pool.ask({ timeoutMillis: 1_000 });
    await settle();
    await pool.advance(60);
    expect(pool.engine.stats()).toMatchObject({ idle: 1, acquired: 1 });
    pool.engine.release(old.lease);
    expect(old.lease.state).toMatchObject({ name: "closing", reason: "lifetime" });
    expect(pool.slot(2).state.name).toBe("idle");
  });

  it("a replacement is asked for in time though keepalives come in between", async () => {
    const pool = new Harness({
      ...quiet,
      max: 2,
      min: 1,
      maxLifetimeMillis: 10_000,
      lifetimeJitter: 0,
      keepaliveIntervalMillis: 1_700,
    });
    pool.engine.open();
    await pool.advance(9_499);
    expect(pool.engine.stats()).toMatchObject({ creates: 1, keepalives: 5 });
    await pool.advance(1);
    expect(pool.engine.stats().creates).toBe(2);
  });

  it("a connection that the minimum does not need is not replaced", async () => {
    const pool = new Harness({ ...quiet, max: 3, min: 1, maxLifetimeMillis: 10_000, lifetimeJitter: 0 });
    pool.engine.open();
    await pool.advance(1_000);
    await pool.warm(2);
    await pool.advance(8_999);
    expect(pool.engine.stats()).toMatchObject({ creates: 2, closed: { lifetime: 0 }, idle: 2 });
    await pool.advance(1);
    expect(pool.engine.stats()).toMatchObject({ creates: 2, closed: { lifetime: 1 }, idle: 1 });
  });

  it("of several that end together as many are replaced as the minimum needs", async () => {
    const pool = new Harness({ ...quiet, max: 4, min: 1, maxLifetimeMillis: 10_000, lifetimeJitter: 0 });
    await pool.warm(2);
    pool.engine.open();
    pool.connector.behaviours.connect = ok(100);
    const open: number[] = [];
    for (let at = 0; at < 12_000; at += 50) {
      await pool.advance(50);
      open.push(pool.engine.stats().idle);
    }
    expect(Math.min(...open)).toBe(1);
    expect(pool.engine.stats()).toMatchObject({ creates: 3, closed: { lifetime: 2 }, total: 1 });
  });

  it("replacements hold maxIdle, and none is closed as surplus", async () => {
    const pool = new Harness({
      ...quiet,
      max: 4,
      min: 2,
      maxIdle: 2,
      maxLifetimeMillis: 10_000,
      lifetimeJitter: 0,
    });
    pool.engine.open();
    await pool.advance(9_999);
    expect(pool.engine.stats()).toMatchObject({
      idle: 2,
      creates: 4,
      closed: { lifetime: 2, overflow: 0 },
    });
  });

  it("one that is about to be replaced may be under keepalive meanwhile", async () => {
    const pool = new Harness({
      ...quiet,
      max: 2,
      min: 1,
      maxLifetimeMillis: 10_000,
      lifetimeJitter: 0,
      keepaliveIntervalMillis: 4_800,
    });
    pool.connector.behaviours.connect = ok(200);
    pool.connector.behaviours.validate = ok(50);
    pool.engine.open();
    await pool.advance(200);
    await pool.advance(9_990);
    expect(pool.engine.stats()).toMatchObject({
      keepalives: 2,
      creates: 2,
      closed: { lifetime: 1 },
      idle: 1,
    });
  });

  it("a connection that comes back at the very end of its lifetime is closed", async () => {
    const pool = new Harness({ ...quiet, maxLifetimeMillis: 1_000, lifetimeJitter: 0 });
    const [early, late] = [await pool.lease(), await pool.lease()];
    await pool.advance(999);
    pool.engine.release(early);
    expect(early.state.name).toBe("idle");
    await pool.advance(1);
    pool.engine.release(late);
    expect([early.state, late.state]).toMatchObject([
      { name: "closed", reason: "lifetime" },
      { name: "closing", reason: "lifetime" },
    ]);
  });

  it("a connection whose lifetime ended while it was reset is not handed on", async () => {
    const pool = new Harness({ ...quiet, max: 1, maxLifetimeMillis: 1_000, lifetimeJitter: 0 });
    const slot = await pool.lease();
    await pool.advance(900);
    pool.connector.behaviours.reset = ok(200);
    pool.engine.release(slot);
    const caller = pool.ask();
    await pool.advance(200);
    expect(slot.connection.closeReason).toBe("lifetime");
    await settle();
    expect(caller.lease.id).toBe(2);
  });

  it("a machine that slept for hours hands out nothing old, and catches up without a storm", async () => {
    const pool = new Harness({ max: 3, min: 2, maxLifetimeMillis: 3_600_000, leakThresholdMillis: 1_000 });
    pool.connector.behaviours.connect = ok(50);
    pool.engine.open();
    await pool.advance(1_000);
    const held = await pool.lease();
    pool.engine.release(await pool.lease());
    pool.clock.sleep(8 * 3_600_000);
    const caller = pool.ask({ timeoutMillis: 1_000 });
    expect(caller.isSettled).toBe(false);
    await pool.advance(50);
    expect(caller.lease.id).toBeGreaterThan(2);
    expect(held.connection.isOpen).toBe(true);
    pool.engine.release(held);
    pool.engine.release(caller.lease);
    await pool.advance(10_000);
    expect(pool.engine.stats()).toMatchObject({ total: 2, idle: 2, leaksSuspected: 1, waiting: 0 });
    expect(pool.engine.stats().creates).toBeLessThanOrEqual(5);
  });
});
