import { describe, expect, it } from "vitest";
import { PoolClosedError, PoolSuspendedError } from "../../src/errors.ts";
import { fail, never, nothing, ok } from "./support/fake-connector.ts";
import { Harness } from "./support/harness.ts";
import { settle } from "./support/virtual-clock.ts";

describe("acquire", () => {
  it("an idle connection is leased within the call", async () => {
    const pool = new Harness();
    await pool.warm(1);
    await pool.advance(20);
    const caller = pool.ask();
    expect(caller.grant).toEqual({ source: "idle", waitMillis: 0, idleMillis: 20 });
    expect(pool.engine.stats()).toMatchObject({
      acquiresImmediate: 1,
      acquiresQueued: 0,
      idle: 0,
      acquired: 1,
    });
  });

  it("callers are served in the order in which they came", async () => {
    const pool = new Harness({ max: 1 });
    const held = await pool.lease();
    const callers = ["a", "b", "c"].map((name) => pool.ask({ name }));
    const served: string[] = [];
    for (const caller of callers) caller.onServed = () => served.push(caller.name);
    let slot = held;
    for (const caller of callers) {
      pool.engine.release(slot);
      slot = caller.lease;
    }
    expect(served).toEqual(["a", "b", "c"]);
  });

  it("somebody who comes while others wait goes behind them, though a connection has just become free", async () => {
    const pool = new Harness({ max: 1 });
    const held = await pool.lease();
    const first = pool.ask();
    pool.engine.suspend();
    pool.engine.release(held);
    const late = pool.ask();
    pool.engine.resume();
    expect(first.isSettled).toBe(true);
    expect(late.isSettled).toBe(false);
  });

  it("a released connection goes straight to the next caller", async () => {
    const pool = new Harness({ max: 1 });
    const held = await pool.lease();
    const caller = pool.ask();
    await pool.advance(30);
    pool.engine.release(held);
    expect(caller.grant).toEqual({ source: "queued", waitMillis: 30, idleMillis: 0 });
    expect(pool.engine.stats()).toMatchObject({
      handoffs: 1,
      waitMillis: 30,
      useMillis: 30,
      acquiresQueued: 2,
    });
  });

  it("lifo hands out the connection that was used last, fifo the one that lay idle longest", async () => {
    for (const [idleOrder, expected] of [
      ["lifo", 2],
      ["fifo", 1],
    ] as const) {
      const pool = new Harness({ idleOrder });
      const one = await pool.lease();
      const two = await pool.lease();
      pool.engine.release(one);
      pool.engine.release(two);
      expect(pool.ask().lease.id).toBe(expected);
    }
  });

  it("with maxWaiting, a caller beyond those that the pool has room to serve is refused", async () => {
    const pool = new Harness({ max: 2, maxWaiting: 1 });
    const callers = [pool.ask(), pool.ask(), pool.ask()];
    expect(callers.map((caller) => caller.isSettled)).toEqual([false, false, false]);
    expect(pool.ask().error).toMatchObject({ code: "POOL_QUEUE_FULL", numbers: { max: 2, waiting: 3 } });
    expect(pool.log.of("acquireFailed")).toEqual(["acquireFailed caller 4 wait: QueueFullError"]);
    expect(pool.engine.stats().acquireRejected).toBe(1);
  });

  it("with maxWaiting 0, a caller is served where there is room and refused where there is none", async () => {
    const pool = new Harness({ max: 1, maxWaiting: 0 });
    const first = pool.ask();
    await settle();
    expect(first.isSettled).toBe(true);
    expect(pool.ask().error).toMatchObject({ code: "POOL_QUEUE_FULL" });
  });

  it("a connection that is only closing makes no room for one who may not wait", async () => {
    const pool = new Harness({ max: 1, maxWaiting: 0 });
    const slot = await pool.lease();
    pool.connector.behaviours.close = never;
    pool.engine.discard(slot);
    expect(pool.ask().error).toMatchObject({ code: "POOL_QUEUE_FULL" });
  });

  it("while one is validated for somebody who waits, another one at hand goes to him and to nobody who comes later", async () => {
    const pool = new Harness({ max: 2, idleOrder: "fifo", validateAfterIdleMillis: 500 });
    const [old, fresh] = [await pool.lease(), await pool.lease()];
    pool.engine.release(old);
    await pool.advance(600);
    pool.engine.release(fresh);
    pool.connector.behaviours.validate = ok(50);
    const first = pool.ask();
    expect(pool.engine.stats()).toMatchObject({ validating: 1, idle: 1, waiting: 1 });
    expect(pool.engine.tryAcquire(null)).toBeNull();
    const second = pool.ask();
    expect([first.slot, second.slot]).toEqual([fresh, null]);
    await pool.advance(50);
    expect(second.slot).toBe(old);
  });

  it("while suspended, the room to grow does not lengthen the queue", () => {
    const pool = new Harness({ max: 5, maxWaiting: 1 });
    pool.engine.suspend();
    pool.ask();
    expect(pool.ask().error).toMatchObject({ code: "POOL_QUEUE_FULL" });
  });

  it("the acquire of a closed pool is refused", async () => {
    const pool = new Harness();
    await pool.close();
    expect(pool.ask().error).toBeInstanceOf(PoolClosedError);
    expect(pool.engine.stats()).toMatchObject({ acquires: 1, acquireRejected: 1 });
    expect(() => pool.engine.tryAcquire(null)).toThrow(PoolClosedError);
  });

  it("the hook before hand-out runs before each lease, and the connection that it refuses is replaced", async () => {
    const pool = new Harness();
    pool.connector.behaviours.prepare = ok(5);
    const caller = pool.ask();
    await pool.advance(5);
    const { connection } = caller.lease;
    expect(connection.preparations).toBe(1);
    pool.engine.release(caller.lease);
    pool.connector.choose = (kind, on) => (kind === "prepare" && on === connection ? fail() : null);
    const next = pool.ask();
    expect(next.isSettled).toBe(false);
    await pool.advance(50);
    expect(connection).toMatchObject({ preparations: 2, closeReason: "hook", isOpen: false });
    expect(next.lease.id).toBe(2);
  });

  it("the hook before hand-out that does not answer costs the connection, not the caller", async () => {
    const pool = new Harness({ prepareTimeoutMillis: 300, max: 1 });
    await pool.warm(1);
    pool.connector.behaviours.prepare = { does: "never" };
    const caller = pool.ask();
    await pool.advance(299);
    const signal = pool.connector.signals.at(-1);
    expect(signal?.aborted).toBe(false);
    pool.connector.behaviours.prepare = nothing;
    await pool.advance(1);
    expect(pool.connector.connections[0]).toMatchObject({ closeReason: "hook" });
    expect(signal?.aborted).toBe(true);
    expect(caller.lease.id).toBe(2);
  });

  it("a connection that the hook itself has evicted is not handed out", async () => {
    for (const isQueued of [false, true]) {
      const pool = new Harness({ max: 1 });
      const held = await pool.lease();
      if (!isQueued) pool.engine.release(held);
      pool.connector.choose = (kind) => {
        if (kind === "prepare" && pool.engine.stats().generation === 0) void pool.engine.evictAll();
        return null;
      };
      const caller = pool.ask();
      if (isQueued) pool.engine.release(held);
      await settle();
      expect(held.connection.closeReason).toBe("evicted");
      expect(caller.lease.id).toBe(2);
    }
  });

  it("a connection whose lifetime ended while the hook ran is not handed out", async () => {
    const pool = new Harness({ max: 1, maxLifetimeMillis: 1_000, lifetimeJitter: 0 });
    await pool.warm(1);
    pool.connector.behaviours.prepare = ok(500);
    await pool.advance(800);
    const caller = pool.ask();
    await pool.advance(500);
    expect(pool.log.of("closed")).toEqual(["closed 1 lifetime"]);
    await pool.advance(500);
    expect(caller.lease.id).toBe(2);
  });

  it("while one connection is prepared for a caller, the one that comes back first serves him", async () => {
    const pool = new Harness({ max: 2 });
    const held = await pool.lease();
    pool.connector.behaviours.prepare = ok(100);
    const first = pool.ask({ name: "first" });
    await settle();
    pool.connector.behaviours.prepare = nothing;
    pool.engine.release(held);
    expect(first.slot).toBe(held);
    await pool.advance(100);
    expect(pool.engine.stats()).toMatchObject({ idle: 1, acquired: 1 });
  });

  it("tryAcquire leases what is at hand, without validating it, and never waits", async () => {
    const pool = new Harness({ max: 1, validateAfterIdleMillis: 10 });
    expect(pool.engine.tryAcquire(null)).toBeNull();
    await pool.warm(1);
    await pool.advance(1_000);
    const slot = pool.engine.tryAcquire({ holder: null, lessee: null, stack: null });
    expect(slot?.id).toBe(1);
    expect(pool.connector.count("validate")).toBe(0);
    expect(pool.engine.tryAcquire(null)).toBeNull();
    expect(pool.log.of("acquired")).toEqual(["acquired 1 by nobody idle wait=0 idle=1000"]);
    expect(pool.engine.stats()).toMatchObject({ acquires: 1, acquiresImmediate: 1 });
  });

  it("tryAcquire does not overtake anybody, and says so when the pool is suspended", async () => {
    const pool = new Harness({ max: 2 });
    await pool.warm(1);
    pool.engine.suspend();
    pool.ask();
    expect(() => pool.engine.tryAcquire(null)).toThrow(PoolSuspendedError);
    pool.connector.behaviours.prepare = { does: "never" };
    pool.engine.resume();
    expect(pool.engine.stats().waiting).toBe(1);
    expect(pool.engine.tryAcquire(null)).toBeNull();
  });

  it("tryAcquire passes over a connection whose time is over", async () => {
    const pool = new Harness({
      maxLifetimeMillis: 1_000,
      lifetimeJitter: 0,
      idleTimeoutMillis: null,
      keepaliveIntervalMillis: null,
    });
    const one = await pool.lease();
    await pool.advance(500);
    const two = await pool.lease();
    pool.engine.release(two);
    pool.engine.release(one);
    one.doom = "evicted";
    expect(pool.engine.tryAcquire(null)).toBe(two);
  });

  it("a connection that is closed counts what it was closed for, and a slot cannot make an illegal move", async () => {
    const pool = new Harness();
    const slot = await pool.lease();
    pool.engine.discard(slot);
    expect(pool.log.of("closing")).toEqual(["closing 1 discarded"]);
    await settle();
    expect(pool.engine.stats().closed.discarded).toBe(1);
    expect(() => slot.moveTo({ name: "idle", since: 0 })).toThrow(
      "bug: slot 1 cannot go from closed to idle",
    );
  });

  it("a second release does nothing", async () => {
    const pool = new Harness();
    const slot = await pool.lease();
    pool.engine.release(slot);
    pool.engine.release(slot);
    pool.engine.discard(slot);
    expect(pool.engine.stats()).toMatchObject({ releases: 1, idle: 1 });
  });
});
