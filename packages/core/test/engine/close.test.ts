import { describe, expect, it } from "vitest";
import { PoolClosedError } from "../../src/errors.ts";
import { fail, never, ok } from "./support/fake-connector.ts";
import { Harness } from "./support/harness.ts";
import { settle } from "./support/virtual-clock.ts";

/** Begins to close and tells when it has finished. */
function begin(pool: Harness, timeoutMillis: number | null) {
  const watch = { closedAt: null as number | null, cancelled: [] as number[] };
  void pool.engine.close({ timeoutMillis, cancelLease: (slot) => watch.cancelled.push(slot.id) }).then(() => {
    watch.closedAt = pool.clock.passed;
  });
  return watch;
}

describe("close", () => {
  it("rejects everybody who waits and closes what nobody holds, at once", async () => {
    const pool = new Harness({ max: 2 });
    const held = await pool.lease();
    const idle = await pool.lease();
    pool.engine.release(idle);
    pool.engine.suspend();
    const callers = [pool.ask(), pool.ask()];
    begin(pool, 1_000);
    expect(callers.map((caller) => caller.error)).toEqual([
      expect.any(PoolClosedError),
      expect.any(PoolClosedError),
    ]);
    expect(pool.engine.stats()).toMatchObject({ state: "closing", waiting: 0, acquired: 1, closing: 1 });
    await settle();
    expect(idle.connection.closeReason).toBe("shutdown");
    expect(held.connection.isOpen).toBe(true);
  });

  it("waits for a lease and finishes when it comes back", async () => {
    const pool = new Harness();
    const held = await pool.lease();
    const watch = begin(pool, 1_000);
    await pool.advance(400);
    expect(watch.closedAt).toBeNull();
    pool.engine.release(held);
    await settle();
    expect(watch).toEqual({ closedAt: 400, cancelled: [] });
    expect(held.connection).toMatchObject({ isOpen: false, wasDestroyed: false, closeReason: "shutdown" });
    expect(pool.clock.pending).toBe(0);
    expect(pool.engine.stats().state).toBe("closed");
  });

  it("cancels a lease that outlives the timeout, and destroys it when that does not help", async () => {
    const pool = new Harness();
    const held = await pool.lease();
    const watch = begin(pool, 1_000);
    await pool.advance(999);
    expect(watch.cancelled).toEqual([]);
    await pool.advance(1);
    expect(watch.cancelled).toEqual([1]);
    await pool.advance(499);
    expect(held.connection.wasDestroyed).toBe(false);
    await pool.advance(1);
    expect(watch.closedAt).toBe(1_500);
    expect(held.connection.wasDestroyed).toBe(true);
    pool.engine.release(held);
    expect(pool.engine.stats()).toMatchObject({ total: 0, releases: 0, closed: { shutdown: 1 } });
  });

  it("a cancelled lease that comes back is closed politely", async () => {
    const pool = new Harness();
    const held = await pool.lease();
    const closed = pool.engine.close({
      timeoutMillis: 100,
      cancelLease: (slot) => {
        pool.clock.setTimer(() => pool.engine.release(slot), 50);
        throw new Error("the cancel failed too");
      },
    });
    await pool.advance(200);
    await closed;
    expect(held.connection).toMatchObject({ wasDestroyed: false, closeReason: "shutdown" });
  });

  it("finishes though no server ever answers", async () => {
    const pool = new Harness({ max: 5, closeTimeoutMillis: 60_000 });
    const [held, resetting, idle] = [await pool.lease(), await pool.lease(), await pool.lease()];
    pool.connector.behaviours = {
      connect: never,
      validate: never,
      prepare: never,
      reset: never,
      close: never,
    };
    pool.connector.obeysSignals = false;
    pool.engine.release(resetting);
    pool.engine.prewarm(5);
    pool.connector.behaviours.reset = { does: "nothing" };
    pool.engine.release(idle);
    const watch = begin(pool, 100);
    expect(pool.connector.requests.at(-1)?.signal).toMatchObject({
      aborted: true,
      reason: expect.any(PoolClosedError),
    });
    await pool.advance(600);
    expect(watch.closedAt).toBe(600);
    expect(pool.connector.open).toEqual([]);
    expect(held.state.name).toBe("closed");
    expect(pool.clock.pending).toBe(0);
  });

  it("a connection that arrives after the pool was closed is destroyed", async () => {
    const pool = new Harness();
    pool.connector.behaviours.connect = ok(10_000);
    pool.connector.obeysSignals = false;
    pool.ask();
    const watch = begin(pool, 0);
    await pool.advance(1_000);
    expect(watch.closedAt).toBe(100);
    await pool.advance(10_000);
    expect(pool.connector.connections[0]).toMatchObject({ wasDestroyed: true });
  });

  it("a connect that ends well while closing brings a connection that is closed", async () => {
    const pool = new Harness();
    pool.connector.behaviours.connect = ok(50);
    pool.connector.obeysSignals = false;
    pool.ask();
    const watch = begin(pool, 1_000);
    await pool.advance(50);
    expect(pool.connector.connections[0]).toMatchObject({ closeReason: "shutdown", wasDestroyed: false });
    expect(watch.closedAt).toBe(50);
  });

  it("does not give more time to a connect that had been aborted before", async () => {
    const pool = new Harness({ connectTimeoutMillis: 500 });
    pool.connector.behaviours.connect = never;
    pool.connector.obeysSignals = false;
    pool.ask();
    await pool.advance(560);
    const watch = begin(pool, 10_000);
    await pool.advance(1_000);
    expect(watch.closedAt).toBe(600);
  });

  it("a connect that is aborted by closing is not an error", async () => {
    const pool = new Harness();
    pool.connector.behaviours.connect = never;
    pool.ask();
    begin(pool, 0);
    await settle();
    expect(pool.engine.stats()).toMatchObject({ createErrors: 0, state: "closed" });
    expect(pool.log.of("connectFailed")).toHaveLength(1);
  });

  it("can be called again, and then with less patience", async () => {
    const pool = new Harness();
    await pool.lease();
    const first = begin(pool, null);
    await pool.advance(100_000);
    expect(first.closedAt).toBeNull();
    const second = begin(pool, 100);
    begin(pool, 50_000);
    await pool.advance(600);
    expect([first.closedAt, second.closedAt]).toEqual([100_600, 100_600]);
    expect(first.cancelled).toEqual([1]);
    const third = begin(pool, 0);
    await settle();
    expect(third.closedAt).toBe(100_600);
  });

  it("with less patience, does not shorten the grace of a lease that has just been cancelled", async () => {
    const pool = new Harness();
    const lease = await pool.lease();
    const watch = begin(pool, 100);
    await pool.advance(150);
    begin(pool, 0);
    await pool.advance(449);
    expect([watch.closedAt, lease.connection.isOpen]).toEqual([null, true]);
    await pool.advance(1);
    expect(watch.closedAt).toBe(600);
  });

  it("cancels nothing but leases", async () => {
    const pool = new Harness();
    const [lease, other] = [await pool.lease(), await pool.lease()];
    pool.connector.behaviours.close = never;
    pool.engine.discard(other);
    const watch = begin(pool, 100);
    await pool.advance(1_000);
    expect(watch.cancelled).toEqual([lease.id]);
  });

  it("an empty pool closes at once", async () => {
    const pool = new Harness();
    const watch = begin(pool, 1_000);
    await settle();
    expect(watch.closedAt).toBe(0);
    expect(pool.clock.pending).toBe(0);
  });

  it("nothing is opened for the minimum of a closed pool", async () => {
    const pool = new Harness({ min: 2 });
    pool.engine.open();
    await settle();
    await pool.close();
    pool.engine.open();
    pool.engine.prewarm(1);
    await pool.advance(10_000);
    expect(pool.engine.stats()).toMatchObject({ total: 0, creates: 2 });
  });
});

describe("drain", () => {
  it("refuses newcomers, serves those who wait, and resolves when nothing is in use", async () => {
    const pool = new Harness({ max: 1 });
    const held = await pool.lease();
    const waiting = pool.ask();
    let isDrained = false;
    void pool.engine.drain().then(() => {
      isDrained = true;
    });
    expect(pool.ask().error).toBeInstanceOf(PoolClosedError);
    expect(pool.engine.stats().state).toBe("draining");
    pool.engine.release(held);
    await settle();
    expect([waiting.isSettled, isDrained]).toEqual([true, false]);
    pool.connector.behaviours.reset = ok(20);
    pool.engine.release(waiting.lease);
    await pool.advance(19);
    pool.engine.resize({ max: 1 });
    await settle();
    expect(isDrained).toBe(false);
    await pool.advance(1);
    expect(isDrained).toBe(true);
    expect(pool.engine.stats()).toMatchObject({ idle: 1, state: "draining" });
  });

  it("ends a suspension, and can be called again", async () => {
    const pool = new Harness();
    pool.engine.suspend();
    const caller = pool.ask();
    const drained = pool.engine.drain();
    pool.engine.suspend();
    expect(pool.engine.drain()).toBe(drained);
    await settle();
    pool.engine.release(caller.lease);
    await drained;
  });

  it("ends too when the last one who waits gives up", async () => {
    const pool = new Harness();
    pool.connector.behaviours.connect = never;
    const caller = pool.ask();
    let isDrained = false;
    const drained = pool.engine.drain().then(() => {
      isDrained = true;
    });
    pool.engine.resize({ max: 3 });
    await pool.advance(50);
    expect(isDrained).toBe(false);
    pool.engine.cancel(caller, "gone");
    await drained;
  });

  it("does not open a closed pool again", async () => {
    const pool = new Harness();
    await pool.close();
    await pool.engine.drain();
    expect(pool.engine.stats().state).toBe("closed");
    expect(pool.ask().error).toBeInstanceOf(PoolClosedError);
  });

  it("ends too when the pool is closed", async () => {
    const pool = new Harness();
    await pool.lease();
    const drained = pool.engine.drain();
    await pool.close();
    await drained;
  });
});

describe("open", () => {
  it("keeps min and minIdle, one connect at a time at first", async () => {
    const pool = new Harness({ min: 3, minIdle: 2, max: 5 });
    pool.connector.behaviours.connect = ok(10);
    pool.engine.open();
    expect(pool.engine.stats().connecting).toBe(1);
    await pool.advance(100);
    expect(pool.engine.stats()).toMatchObject({ idle: 3 });
    const slots = [await pool.lease(), await pool.lease(), await pool.lease()];
    await pool.advance(100);
    expect(pool.engine.stats()).toMatchObject({ idle: 2, acquired: 3 });
    for (const slot of slots) pool.engine.discard(slot);
    await pool.advance(100);
    expect(pool.engine.stats()).toMatchObject({ idle: 3, total: 3 });
  });

  it("nothing is opened before open or an acquire", async () => {
    const pool = new Harness({ min: 3 });
    await pool.advance(10_000);
    expect(pool.engine.stats().total).toBe(0);
  });

  it("whenFilled resolves when the minimum is met", async () => {
    const pool = new Harness({ min: 2 });
    pool.connector.behaviours.connect = ok(30);
    pool.engine.open();
    let filledAt: number | null = null;
    void pool.engine.whenFilled(1_000).then(() => {
      filledAt = pool.clock.passed;
    });
    await pool.advance(2_000);
    expect(filledAt).toBe(60);
    await pool.engine.whenFilled(null);
  });

  it("whenFilled rejects at its timeout with the last connect error as the cause", async () => {
    const pool = new Harness({ min: 1 });
    pool.connector.behaviours.connect = fail(new Error("refused"));
    pool.engine.open();
    const filled = expect(pool.engine.whenFilled(200)).rejects.toMatchObject({
      code: "POOL_ACQUIRE_TIMEOUT",
      phase: "connect",
      cause: { message: "refused" },
    });
    await pool.advance(200);
    await filled;
  });

  it("whenFilled rejects when the pool closes, and when connecting is hopeless", async () => {
    const { FatalError } = await import("./support/fake-connector.ts");
    const pool = new Harness({ min: 1 });
    pool.connector.behaviours.connect = never;
    pool.engine.open();
    const filled = expect(pool.engine.whenFilled(null)).rejects.toBeInstanceOf(PoolClosedError);
    await pool.close();
    await filled;

    const hopeless = new Harness({ min: 1 });
    hopeless.connector.behaviours.connect = fail(new FatalError("no such database"));
    hopeless.engine.open();
    await expect(hopeless.engine.whenFilled(null)).rejects.toThrow("no such database");
  });

  it("prewarm opens so many connections once", async () => {
    const pool = new Harness({ max: 4, idleTimeoutMillis: 1_000 });
    pool.engine.prewarm(9);
    await settle();
    await pool.advance(10);
    expect(pool.engine.stats().idle).toBe(4);
    await pool.advance(10_000);
    expect(pool.engine.stats().total).toBe(0);
  });
});
