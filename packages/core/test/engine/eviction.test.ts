import { describe, expect, it } from "vitest";
import type { Caller } from "./support/caller.ts";
import { fail, never, ok } from "./support/fake-connector.ts";
import { Harness } from "./support/harness.ts";
import { withoutStrayRejections } from "./support/stray-rejections.ts";
import { settle } from "./support/virtual-clock.ts";

const quiet = { idleTimeoutMillis: null, maxLifetimeMillis: null, keepaliveIntervalMillis: null };

describe("eviction", () => {
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
});
