import { describe, expect, it } from "vitest";
import { ok } from "./support/fake-connector.ts";
import { Harness } from "./support/harness.ts";
import { settle } from "./support/virtual-clock.ts";

const quiet = { idleTimeoutMillis: null, maxLifetimeMillis: null, keepaliveIntervalMillis: null };

describe("surplus", () => {
  it("surplus is closed one connection at a time, the one that lay idle longest first, down to min", async () => {
    const pool = new Harness({ ...quiet, max: 5, min: 2, idleTimeoutMillis: 1_000 });
    await pool.warm(5);
    await pool.advance(999);
    expect(pool.engine.stats().idle).toBe(5);
    const left = [];
    for (let step = 0; step < 6; step += 1) {
      await pool.advance(step === 0 ? 1 : 50);
      left.push(pool.engine.stats().idle);
    }
    expect(left).toEqual([4, 3, 2, 2, 2, 2]);
    expect(pool.log.of("closing")).toEqual(["closing 1 idle", "closing 2 idle", "closing 3 idle"]);
    expect(pool.engine.stats().closed.idle).toBe(3);
  });

  it("a connection that a regular burst needs is not surplus, in whatever order connections are handed out", async () => {
    for (const idleOrder of ["lifo", "fifo"] as const) {
      const pool = new Harness({ ...quiet, max: 4, idleTimeoutMillis: 1_000, idleOrder });
      await pool.warm(4);
      for (let burst = 0; burst < 10; burst += 1) {
        const slots = [await pool.lease(), await pool.lease(), await pool.lease()];
        for (const slot of slots) pool.engine.release(slot);
        await pool.advance(900);
      }
      expect(pool.engine.stats()).toMatchObject({ idle: 3, total: 3 });
    }
  });

  it("with fifo order, a single caller does not keep a whole pool alive", async () => {
    const pool = new Harness({ ...quiet, max: 4, idleTimeoutMillis: 1_000, idleOrder: "fifo" });
    await pool.warm(4);
    for (let use = 0; use < 40; use += 1) {
      pool.engine.release(await pool.lease());
      await pool.advance(100);
    }
    expect(pool.engine.stats().total).toBe(1);
  });

  it("minIdle connections stay idle, however long", async () => {
    const pool = new Harness({ ...quiet, max: 5, minIdle: 2, idleTimeoutMillis: 1_000 });
    pool.engine.open();
    await pool.advance(10);
    await pool.warm(4);
    await pool.lease();
    await pool.advance(10_000);
    expect(pool.engine.stats()).toMatchObject({ idle: 2, acquired: 1 });
  });

  it("a keepalive is no use: it does not put off the idle timeout", async () => {
    const pool = new Harness({ ...quiet, idleTimeoutMillis: 1_000, keepaliveIntervalMillis: 300 });
    pool.connector.behaviours.validate = ok(5);
    await pool.warm(1);
    await pool.advance(999);
    expect(pool.engine.stats()).toMatchObject({ idle: 1, keepalives: 3 });
    await pool.advance(1);
    expect(pool.engine.stats()).toMatchObject({ total: 0 });
  });

  it("with maxIdle 0 no connection is used twice, callers get one each, and max holds", async () => {
    const pool = new Harness({ ...quiet, maxIdle: 0, max: 3 });
    pool.connector.behaviours.connect = ok(20);
    const callers = [pool.ask(), pool.ask(), pool.ask(), pool.ask()];
    expect(pool.engine.stats().connecting).toBe(3);
    await pool.advance(20);
    pool.engine.release(callers[0]?.lease ?? (await pool.lease()));
    await pool.advance(20);
    expect(callers[3]?.lease.id).toBe(4);
    expect(pool.engine.stats()).toMatchObject({ closed: { overflow: 1 }, handoffs: 0 });
  });

  it("no more than maxIdle connections stay idle", async () => {
    const pool = new Harness({ ...quiet, maxIdle: 1, max: 3 });
    const slots = [await pool.lease(), await pool.lease(), await pool.lease()];
    for (const slot of slots) pool.engine.release(slot);
    expect(pool.engine.stats()).toMatchObject({ idle: 1, closing: 2 });
    await settle();
    expect(pool.engine.stats()).toMatchObject({ idle: 1, closed: { overflow: 2 } });
  });

  it("an idle timeout counts from the last use of as many, whatever was validated and refused meanwhile", async () => {
    const pool = new Harness({ ...quiet, max: 2, idleTimeoutMillis: 1_000, validateAfterIdleMillis: 100 });
    await pool.warm(2);
    pool.connector.behaviours.validate = ok(10);
    await pool.advance(500);
    pool.engine.cancel(pool.ask(), "gone");
    await pool.advance(10);
    expect(pool.engine.stats()).toMatchObject({ idle: 2, validations: 1 });
    // One has lain idle for 500 ms, and of the other one the time starts anew.
    await pool.advance(490);
    expect(pool.engine.stats().idle).toBe(1);
    await pool.advance(509);
    expect(pool.engine.stats().idle).toBe(1);
    await pool.advance(1);
    expect(pool.engine.stats()).toMatchObject({ idle: 0, closed: { idle: 2 } });
  });

  it("min counts the connections in use", async () => {
    const pool = new Harness({ ...quiet, max: 5, min: 3, idleTimeoutMillis: 1_000 });
    await pool.warm(5);
    await pool.lease();
    await pool.lease();
    await pool.advance(10_000);
    expect(pool.engine.stats()).toMatchObject({ acquired: 2, idle: 1 });
  });

  it("without limits in time nothing is closed and no timer is set", async () => {
    const pool = new Harness({ ...quiet, validateAfterIdleMillis: null });
    await pool.warm(2);
    await pool.advance(20_000);
    expect(pool.clock.pending).toBe(0);
    const before = pool.clock.rung;
    pool.engine.release(await pool.lease());
    pool.engine.resize({ max: 9 });
    await pool.advance(10_000_000_000);
    expect(pool.clock.rung).toBe(before);
    expect(pool.engine.stats()).toMatchObject({ idle: 2, keepalives: 0 });
  });

  it("without limits in time no timer stays set once nothing is under way", async () => {
    const pool = new Harness({ ...quiet, validateAfterIdleMillis: null });
    pool.engine.resize({ max: 9 });
    await pool.warm(2);
    await pool.advance(20_000);
    expect(pool.clock.pending).toBe(0);
  });

  it("a pool at rest is visited only when something is due", async () => {
    const pool = new Harness({
      ...quiet,
      max: 3,
      min: 2,
      idleTimeoutMillis: 600_000,
      maxLifetimeMillis: 3_600_000,
    });
    await pool.warm(2);
    const before = pool.clock.rung;
    await pool.advance(4_000_000);
    expect(pool.engine.stats().closed.lifetime).toBe(2);
    expect(pool.clock.rung - before).toBeLessThanOrEqual(20);
  });
});
