import { describe, expect, it } from "vitest";
import type { Caller } from "./support/caller.ts";
import { fail, never, ok } from "./support/fake-connector.ts";
import { Harness } from "./support/harness.ts";
import { withoutStrayRejections } from "./support/stray-rejections.ts";
import { settle } from "./support/virtual-clock.ts";

const quiet = { idleTimeoutMillis: null, maxLifetimeMillis: null, keepaliveIntervalMillis: null };

describe("eviction", () => {
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
  });

  it("evictAll closes what is idle at once and the rest when it comes back, and resolves when the idle ones are gone", async () => {
    const pool = new Harness({ ...quiet });
    const held = await pool.lease();
    const idle = await pool.lease();
    pool.engine.release(idle);
    pool.connector.behaviours.close = ok(30);
    let isDone = false;
    void pool.engine.evictAll().then(() => {
      isDone = true;
    });
    await pool.advance(29);
    expect([isDone, pool.engine.stats()]).toMatchObject([false, { closing: 1, acquired: 1, generation: 1 }]);
    await pool.advance(1);
    expect(isDone).toBe(true);
    pool.engine.release(held);
    expect(held.state).toMatchObject({ name: "closing", reason: "evicted" });
  });

  it("whoever acquires when he hears of an eviction gets none of the connections that it concerns", async () => {
    const pool = new Harness({ ...quiet, max: 4 });
    await pool.warm(3);
    const callers: Caller[] = [];
    pool.log.closing = () => {
      if (callers.length < 3) callers.push(pool.ask());
    };
    void pool.engine.evictAll();
    await pool.advance(1_000);
    expect(callers.map((caller) => caller.lease.id)).toEqual([4, 5, 6]);
    expect(pool.engine.stats()).toMatchObject({ acquired: 3, closed: { evicted: 3 } });
  });

  it("evictIdle closes what is idle, leaves what is held, and opens the minimum anew", async () => {
    const pool = new Harness({ ...quiet, max: 4, min: 2 });
    pool.engine.open();
    await pool.warm(3);
    const held = await pool.lease();
    pool.engine.evictIdle();
    expect(pool.log.of("closing")).toHaveLength(2);
    expect(held.state.name).toBe("acquired");
    await pool.advance(1_000);
    expect(pool.engine.stats()).toMatchObject({ acquired: 1, idle: 1, total: 2, generation: 0 });
    pool.engine.release(held);
    expect(pool.engine.stats()).toMatchObject({ idle: 2, closed: { evicted: 2 } });
  });

  it("evictIdle closes one that is under keepalive as well", async () => {
    const pool = new Harness({ ...quiet, keepaliveIntervalMillis: 1_000 });
    await pool.warm(2);
    pool.connector.behaviours.validate = ok(100);
    await pool.advance(1_050);
    expect(pool.engine.stats()).toMatchObject({ validating: 1, idle: 1 });
    pool.engine.evictIdle();
    await pool.advance(1_000);
    expect(pool.engine.stats()).toMatchObject({ total: 0, closed: { evicted: 2 } });
  });

  it("a connect that began before evictAll brings a connection that nobody gets", async () => {
    const pool = new Harness({ ...quiet });
    pool.connector.behaviours.connect = ok(50);
    const caller = pool.ask();
    await pool.advance(10);
    void pool.engine.evictAll();
    await pool.advance(100);
    expect(caller.lease.id).toBe(2);
    expect(pool.connector.connections[0]?.closeReason).toBe("evicted");
  });

  it("when a server shuts down, its connections are evicted and those to another server stay", async () => {
    const pool = new Harness({ ...quiet });
    const one = await pool.lease();
    const two = await pool.lease();
    pool.connector.host = "db2";
    const other = await pool.lease();
    pool.engine.release(two);
    pool.engine.release(other);
    pool.engine.connectionLost(one, { evictHost: true });
    await settle();
    expect(two.connection.closeReason).toBe("evicted");
    expect(other.connection.isOpen).toBe(true);
    pool.engine.release(one);
    await settle();
    expect(one.connection.closeReason).toBe("broken");
    expect(pool.engine.stats()).toMatchObject({ idle: 1, connectionsLost: 1 });
  });

  it("the same shutdown, told by a second connection, does not evict what was opened since", async () => {
    const pool = new Harness({ ...quiet });
    const one = await pool.lease();
    const two = await pool.lease();
    pool.engine.connectionLost(one, { evictHost: true });
    const fresh = await pool.lease();
    pool.engine.connectionLost(two, { evictHost: true });
    pool.engine.release(fresh);
    expect(fresh.state.name).toBe("idle");
    expect(pool.engine.stats().connectionsLost).toBe(2);
  });

  it("a host that was evicted serves again with new connections", async () => {
    const pool = new Harness({ ...quiet });
    await pool.warm(1);
    pool.engine.evictHost("db1");
    await settle();
    const slot = await pool.lease();
    pool.engine.release(slot);
    expect((await pool.lease()).id).toBe(slot.id);
  });

  it("an idle connection that breaks is closed at once, and twice is once", async () => {
    const pool = new Harness({ ...quiet });
    const slot = await pool.lease();
    pool.engine.connectionLost(slot, { evictHost: false });
    pool.engine.connectionLost(slot, { evictHost: false });
    pool.engine.release(slot);
    pool.engine.connectionLost(slot, { evictHost: false });
    await settle();
    pool.engine.connectionLost(slot, { evictHost: false });
    expect(pool.engine.stats()).toMatchObject({ connectionsLost: 1, total: 0, closed: { broken: 1 } });
  });

  it("a closing connection counts against max until its socket is gone or its time is up", async () => {
    const pool = new Harness({ ...quiet, max: 1, closeTimeoutMillis: 700 });
    const slot = await pool.lease();
    pool.connector.behaviours.close = never;
    pool.engine.discard(slot);
    const caller = pool.ask();
    await pool.advance(699);
    expect(pool.engine.stats()).toMatchObject({ closing: 1, connecting: 0, waiting: 1 });
    expect(slot.connection.wasDestroyed).toBe(false);
    await pool.advance(1);
    expect(slot.connection.wasDestroyed).toBe(true);
    expect(caller.lease.id).toBe(2);
  });

  it("a connection whose close fails is destroyed", async () => {
    const pool = new Harness({ ...quiet });
    const slot = await pool.lease();
    pool.connector.behaviours.close = { does: "throw", error: new Error("no") };
    pool.engine.discard(slot, "broken");
    await settle();
    expect(slot.connection.wasDestroyed).toBe(true);
    expect(pool.engine.stats()).toMatchObject({ total: 0, closed: { broken: 1 } });
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

  it("a connection whose lifetime ended, or that was evicted, while it was reset is not handed on", async () => {
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

  it("evictAll resolves when the last of the idle ones is gone, and at once where there is none", async () => {
    const pool = new Harness({ ...quiet });
    await pool.engine.evictAll();
    await pool.warm(2);
    pool.connector.choose = (kind, on) => (kind === "close" ? ok(on?.id === 1 ? 10 : 50) : null);
    let isDone = false;
    void pool.engine.evictAll().then(() => {
      isDone = true;
    });
    await pool.advance(49);
    expect(isDone).toBe(false);
    await pool.advance(1);
    expect(isDone).toBe(true);
    expect(pool.engine.stats().generation).toBe(2);
  });

  it("a connection that breaks while it closes is not counted as lost", async () => {
    const pool = new Harness({ ...quiet });
    const slot = await pool.lease();
    pool.connector.behaviours.close = ok(50);
    pool.engine.discard(slot);
    pool.engine.connectionLost(slot, { evictHost: true });
    await pool.advance(50);
    pool.engine.connectionLost(slot, { evictHost: true });
    expect(pool.engine.stats()).toMatchObject({ connectionsLost: 0, closed: { discarded: 1, broken: 0 } });
  });

  it("a close that throws within the call destroys the connection", async () => {
    const pool = new Harness({ ...quiet });
    const slot = await pool.lease();
    pool.connector.close = () => {
      throw new Error("no");
    };
    pool.engine.discard(slot);
    await settle();
    expect(slot.connection.wasDestroyed).toBe(true);
    expect(pool.engine.stats()).toMatchObject({ total: 0, closed: { discarded: 1 } });
  });

  it("a connection that is evicted while it is validated is closed once, whatever the validation says later", async () => {
    await withoutStrayRejections(async () => {
      for (const late of [ok(50), fail(new Error("late"), 50)]) {
        const pool = new Harness({ ...quiet, max: 1, validateAfterIdleMillis: 0 });
        await pool.warm(1);
        await pool.advance(10);
        pool.connector.behaviours.validate = late;
        pool.connector.obeysSignals = false;
        const caller = pool.ask();
        void pool.engine.evictAll();
        expect(pool.connector.signals.at(-1)?.aborted).toBe(true);
        await pool.advance(100);
        expect(caller.lease.id).toBe(2);
        expect(pool.engine.stats()).toMatchObject({
          closed: { evicted: 1, validation: 0 },
          validationErrors: 0,
        });
      }
    });
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
