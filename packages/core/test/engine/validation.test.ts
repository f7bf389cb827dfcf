import { describe, expect, it } from "vitest";
import { fail, never, nothing, ok } from "./support/fake-connector.ts";
import { Harness } from "./support/harness.ts";
import { settle } from "./support/virtual-clock.ts";

const quiet = { idleTimeoutMillis: null, maxLifetimeMillis: null, keepaliveIntervalMillis: null };

describe("validation", () => {
  it("a connection is validated only if it lay idle for longer than validateAfterIdleMillis", async () => {
    const pool = new Harness({ ...quiet, validateAfterIdleMillis: 500 });
    await pool.warm(1);
    await pool.advance(500);
    const first = pool.ask();
    expect(first.isSettled).toBe(true);
    pool.engine.release(first.lease);
    await pool.advance(501);
    const second = pool.ask();
    expect(second.isSettled).toBe(false);
    expect(pool.engine.stats()).toMatchObject({ validating: 1, waiting: 1 });
    await settle();
    expect(second.grant).toEqual({ source: "idle", waitMillis: 0, idleMillis: 501 });
    expect(pool.engine.stats()).toMatchObject({ validations: 1, validationsSkipped: 1 });
  });

  it("a connection that fails validation is closed, and the caller gets another", async () => {
    const pool = new Harness({ ...quiet, validateAfterIdleMillis: 0 });
    await pool.warm(2);
    await pool.advance(10);
    pool.connector.choose = (kind, on) => (kind === "validate" && on?.id === 2 ? fail() : null);
    const caller = pool.ask();
    await settle();
    expect(caller.lease.id).toBe(1);
    expect(pool.engine.stats()).toMatchObject({
      validations: 2,
      validationErrors: 1,
      closed: { validation: 1 },
    });
  });

  it("a validation that does not answer in time is a failed one, and its signal says so", async () => {
    const pool = new Harness({ ...quiet, validateAfterIdleMillis: 0, validateTimeoutMillis: 250, max: 1 });
    await pool.warm(1);
    await pool.advance(10);
    pool.connector.behaviours.validate = never;
    pool.connector.obeysSignals = false;
    const caller = pool.ask();
    const signal = pool.connector.signals.at(-1);
    await pool.advance(249);
    expect(signal?.aborted).toBe(false);
    await pool.advance(1);
    expect(signal?.aborted).toBe(true);
    expect(caller.lease.id).toBe(2);
  });

  it("a caller does not wait for a slow validation when another connection comes back", async () => {
    const pool = new Harness({ ...quiet, validateAfterIdleMillis: 100, max: 2 });
    await pool.warm(1);
    await pool.advance(200);
    pool.connector.behaviours.connect = ok(0);
    const held = await pool.lease();
    await pool.warm(1).catch(() => undefined);
    const other = await pool.lease();
    pool.engine.release(other);
    await pool.advance(200);
    pool.connector.behaviours.validate = never;
    const caller = pool.ask();
    pool.engine.release(held);
    expect(caller.slot).toBe(held);
  });

  it("one validation for each caller who waits, and one more when it takes as long as a connect", async () => {
    const pool = new Harness({ ...quiet, validateAfterIdleMillis: 0, max: 3, validateTimeoutMillis: 10_000 });
    pool.connector.behaviours.connect = ok(140);
    pool.engine.prewarm(3);
    await pool.advance(1_000);
    pool.connector.behaviours.validate = never;
    pool.ask();
    expect(pool.engine.stats().validating).toBe(1);
    await pool.advance(139);
    expect(pool.engine.stats().validating).toBe(1);
    await pool.advance(1);
    expect(pool.engine.stats().validating).toBe(2);
  });

  it("off is off", async () => {
    const pool = new Harness({ ...quiet, validateAfterIdleMillis: null });
    await pool.warm(1);
    await pool.advance(1_000_000);
    expect(pool.ask().isSettled).toBe(true);
    expect(pool.engine.stats()).toMatchObject({ validations: 0, validationsSkipped: 0 });
  });

  it("a keepalive proves idle connections alive one at a time, and nobody is given one meanwhile", async () => {
    const pool = new Harness({
      ...quiet,
      keepaliveIntervalMillis: 1_000,
      max: 2,
      validateAfterIdleMillis: null,
    });
    await pool.warm(2);
    pool.connector.behaviours.validate = ok(30);
    await pool.advance(1_000);
    expect(pool.engine.stats()).toMatchObject({ validating: 1, idle: 1, keepalives: 1 });
    const caller = pool.ask();
    expect(caller.lease.id).toBe(2);
    const waiting = pool.ask();
    expect(waiting.isSettled).toBe(false);
    await pool.advance(30);
    expect(waiting.lease.id).toBe(1);
  });

  it("a kept-alive connection goes back to its place, and the next keepalive comes an interval later", async () => {
    const pool = new Harness({ ...quiet, keepaliveIntervalMillis: 1_000, validateAfterIdleMillis: null });
    await pool.warm(3);
    pool.connector.behaviours.validate = ok(10);
    await pool.advance(1_030);
    expect(pool.connector.connections.map((connection) => connection.validations)).toEqual([1, 1, 1]);
    await pool.advance(900);
    expect(pool.engine.stats()).toMatchObject({ keepalives: 3, idle: 3 });
    expect([pool.ask(), pool.ask(), pool.ask()].map((caller) => caller.lease.id)).toEqual([3, 2, 1]);
  });

  it("a keepalive that fails closes the connection, and min is restored", async () => {
    const pool = new Harness({ ...quiet, keepaliveIntervalMillis: 1_000, min: 1 });
    pool.engine.open();
    await settle();
    pool.connector.behaviours.validate = fail();
    await pool.advance(1_000);
    pool.connector.behaviours.validate = ok();
    await pool.advance(200);
    expect(pool.engine.stats()).toMatchObject({ idle: 1, closed: { validation: 1 }, creates: 2 });
  });

  it("a reset with nothing to do lets the connection go on in the same turn", async () => {
    const pool = new Harness({ ...quiet });
    const slot = await pool.lease();
    pool.connector.behaviours.reset = nothing;
    pool.engine.release(slot);
    expect(slot.state.name).toBe("idle");
    expect(pool.engine.stats()).toMatchObject({ releasesDirty: 0, resets: 0 });
  });

  it("a reset that fails or does not answer in time closes the connection", async () => {
    for (const behaviour of [fail(), never, { does: "throw", error: new Error("no") } as const]) {
      const pool = new Harness({ ...quiet, resetTimeoutMillis: 400 });
      const slot = await pool.lease();
      pool.connector.behaviours.reset = behaviour;
      pool.engine.release(slot);
      await pool.advance(400);
      expect(slot.connection.closeReason).toBe("reset");
      expect(pool.engine.stats()).toMatchObject({ total: 0, resets: 0, releasesDirty: 1 });
    }
  });

  it("the late answer of a reset that was given up does not count for another one", async () => {
    const pool = new Harness({ ...quiet, resetTimeoutMillis: 100 });
    pool.connector.looksAtSignals = false;
    const [slow, other] = [await pool.lease(), await pool.lease()];
    pool.connector.behaviours.reset = ok(150);
    pool.engine.release(slow);
    await pool.advance(100);
    expect(slow.connection.closeReason).toBe("reset");
    pool.connector.behaviours.reset = never;
    pool.engine.release(other);
    await pool.advance(60);
    expect(other.state.name).toBe("resetting");
  });

  it("a connection that broke while it was reset is closed at once and its reset given up", async () => {
    const pool = new Harness({ ...quiet });
    const slot = await pool.lease();
    pool.connector.behaviours.reset = never;
    pool.engine.release(slot);
    const signal = pool.connector.signals.at(-1);
    pool.engine.connectionLost(slot, { evictHost: false });
    expect(signal?.aborted).toBe(true);
    await settle();
    expect(slot.connection.closeReason).toBe("broken");
  });

  it("a keepalive waits for the one before to end", async () => {
    const pool = new Harness({ ...quiet, keepaliveIntervalMillis: 1_000, validateAfterIdleMillis: null });
    const [one, two] = [await pool.lease(), await pool.lease()];
    pool.engine.release(one);
    await pool.advance(300);
    pool.engine.release(two);
    pool.connector.behaviours.validate = ok(800);
    await pool.advance(800);
    const before = pool.clock.rung;
    pool.engine.resize({ max: 5 });
    await pool.advance(399);
    pool.engine.resize({ max: 6 });
    await pool.advance(299);
    expect(pool.engine.stats()).toMatchObject({ validating: 1, idle: 1, keepalives: 1 });
    expect(pool.clock.rung - before).toBeLessThanOrEqual(2);
    await pool.advance(2);
    expect(pool.engine.stats()).toMatchObject({ validating: 1, idle: 1, keepalives: 2 });
  });

  it("one that was kept alive lies where it lay before", async () => {
    const pool = new Harness({ ...quiet, keepaliveIntervalMillis: 1_000, validateAfterIdleMillis: null });
    const slots = [await pool.lease(), await pool.lease(), await pool.lease()];
    for (const slot of slots) {
      pool.engine.release(slot);
      await pool.advance(300);
    }
    await pool.advance(150);
    expect(pool.connector.connections.map((connection) => connection.validations)).toEqual([1, 0, 0]);
    expect([pool.ask(), pool.ask(), pool.ask()].map((caller) => caller.lease.id)).toEqual([3, 2, 1]);
  });

  it("a keepalive that is over does not change since when a connection has been idle, nor its place", async () => {
    const pool = new Harness({
      ...quiet,
      keepaliveIntervalMillis: 1_000,
      validateAfterIdleMillis: null,
      max: 3,
    });
    pool.connector.behaviours.validate = ok(5);
    const slots = [await pool.lease(), await pool.lease(), await pool.lease()];
    for (const slot of slots) {
      pool.engine.release(slot);
      await pool.advance(300);
    }
    await pool.advance(100 + 305);
    expect(pool.connector.connections.map((connection) => connection.validations)).toEqual([1, 1, 0]);
    expect(pool.engine.slots().map((view) => view.stateMillis)).toEqual([1_305, 1_005, 705]);
    await pool.advance(294);
    expect(pool.connector.connections.map((connection) => connection.validations)).toEqual([1, 1, 0]);
    await pool.advance(1);
    expect(pool.connector.connections.map((connection) => connection.validations)).toEqual([1, 1, 1]);
    await pool.advance(5);
    expect([pool.ask(), pool.ask(), pool.ask()].map((caller) => caller.lease.id)).toEqual([3, 2, 1]);
    expect(pool.log.of("acquired").at(-1)).toContain("idle wait=0 idle=1605");
  });

  it("a connection above a lowered max is closed when its keepalive is over", async () => {
    const pool = new Harness({ ...quiet, keepaliveIntervalMillis: 1_000, max: 2 });
    pool.connector.behaviours.validate = ok(50);
    await pool.lease();
    pool.engine.release(await pool.lease());
    await pool.advance(1_000);
    expect(pool.engine.stats()).toMatchObject({ validating: 1, acquired: 1 });
    pool.engine.resize({ max: 1 });
    await pool.advance(50);
    expect(pool.engine.stats()).toMatchObject({ idle: 0, total: 1, closed: { overflow: 1 } });
  });

  it("the signal of a call that ended well never aborts, and the next call has one of its own", async () => {
    const pool = new Harness({ ...quiet, max: 1, prepareTimeoutMillis: 100, resetTimeoutMillis: 100 });
    const signals: AbortSignal[] = [];
    pool.connector.prepare = (_connection, bounds) => {
      signals.push(bounds.signal);
      return null;
    };
    pool.connector.reset = (_connection, bounds) => {
      signals.push(bounds.signal);
      return pool.connector.count("reset") === 0 ? Promise.resolve() : null;
    };
    const slot = await pool.lease();
    pool.engine.release(slot);
    await settle();
    pool.engine.release(await pool.lease());
    await pool.advance(1_000);
    expect(new Set(signals).size).toBe(4);
    expect(signals.map((signal) => signal.aborted)).toEqual([false, false, false, false]);
  });

  it("a hook before hand-out that takes too long on a new connection is the cause of a timeout", async () => {
    const pool = new Harness({ ...quiet, max: 1, prepareTimeoutMillis: 60 });
    pool.connector.behaviours.prepare = never;
    const caller = pool.ask({ timeoutMillis: 100 });
    await pool.advance(100);
    expect(caller.error).toMatchObject({ cause: new Error("no answer within 60 ms") });
    expect(pool.engine.stats().closed.hook).toBe(1);
  });

  it("what was proved alive for a caller that is gone lies idle, and is trusted", async () => {
    const pool = new Harness({ ...quiet, max: 1, minIdle: 1, validateAfterIdleMillis: 100 });
    await pool.warm(1);
    pool.connector.behaviours.validate = ok(20);
    await pool.advance(200);
    pool.engine.cancel(pool.ask(), "gone");
    await pool.advance(20);
    expect(pool.engine.stats()).toMatchObject({ idle: 1, validating: 0, connecting: 0 });
    await pool.advance(100);
    expect(pool.ask().grant).toEqual({ source: "idle", waitMillis: 0, idleMillis: 320 });
  });
});
