import { describe, expect, it } from "vitest";
import { never, ok } from "./support/fake-connector.ts";
import { Harness } from "./support/harness.ts";
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
});
