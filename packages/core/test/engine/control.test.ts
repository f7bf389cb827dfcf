import { describe, expect, it } from "vitest";
import { Holder } from "../../src/engine/holder.ts";
import { ConfigError } from "../../src/errors.ts";
import { never, ok } from "./support/fake-connector.ts";
import { Harness } from "./support/harness.ts";
import { settle } from "./support/virtual-clock.ts";

describe("resize", () => {
  it("raising max serves those who wait", async () => {
    const pool = new Harness({ max: 1 });
    await pool.lease();
    const caller = pool.ask();
    pool.engine.resize({ max: 2 });
    await settle();
    expect(caller.isSettled).toBe(true);
  });

  it("lowering max closes idle connections at once and the others when they come back", async () => {
    const pool = new Harness({ max: 4 });
    const slots = [await pool.lease(), await pool.lease(), await pool.lease(), await pool.lease()];
    const [a, b, c, d] = slots as [
      (typeof slots)[number],
      (typeof slots)[number],
      (typeof slots)[number],
      (typeof slots)[number],
    ];
    pool.engine.release(a);
    pool.engine.resize({ max: 2 });
    expect(a.state).toMatchObject({ name: "closing", reason: "overflow" });
    pool.engine.release(b);
    expect(b.state).toMatchObject({ name: "closing", reason: "overflow" });
    pool.engine.release(c);
    expect(c.state.name).toBe("idle");
    expect(d.state.name).toBe("acquired");
    expect(pool.engine.stats().max).toBe(2);
  });

  it("a new minimum is met, and a lower one lets surplus go", async () => {
    const pool = new Harness({ max: 4, idleTimeoutMillis: 1_000, min: 4 });
    pool.engine.open();
    await pool.advance(10_000);
    expect(pool.engine.stats().idle).toBe(4);
    pool.engine.resize({ min: 1 });
    await pool.advance(200);
    expect(pool.engine.stats().idle).toBe(1);
    pool.engine.resize({ minIdle: 3 });
    await settle();
    await pool.advance(10);
    expect(pool.engine.stats()).toMatchObject({ idle: 3, minIdle: 3 });
  });

  it("sizes that contradict each other change nothing", () => {
    const pool = new Harness({ max: 4, maxIdle: 3 });
    const before = pool.engine.stats();
    for (const sizes of [
      { max: 0 },
      { max: 1.5 },
      { min: -1 },
      { min: 5 },
      { minIdle: 4 },
      { max: 2, min: 3 },
    ]) {
      expect(() => pool.engine.resize(sizes)).toThrow(ConfigError);
    }
    expect(pool.engine.stats()).toEqual(before);
    expect(() => new Harness({ maxIdle: -1 })).toThrow(
      "maxIdle must be a whole number of at least 0, not -1",
    );
    expect(() => new Harness({ min: 11 })).toThrow("min (11) must not be above max (10)");
    expect(() => pool.engine.resize({ minIdle: 4 })).toThrow("minIdle (4) must not be above maxIdle (3)");
  });
});

describe("suspend", () => {
  it("hands nothing out and opens nothing until resume, which serves everybody in order", async () => {
    const pool = new Harness({ max: 2, min: 2 });
    await pool.warm(1);
    pool.engine.suspend();
    pool.engine.open();
    const callers = [pool.ask({ name: "a" }), pool.ask({ name: "b" })];
    await pool.advance(5_000);
    expect(pool.engine.stats()).toMatchObject({
      state: "suspended",
      idle: 1,
      connecting: 0,
      waiting: 2,
      oldestWaiterMillis: 5_000,
    });
    pool.engine.resume();
    await settle();
    expect(callers.map((caller) => caller.isSettled)).toEqual([true, true]);
    expect(pool.log.of("acquired").map((line) => line.split(" ")[3])).toEqual(["a", "b"]);
    expect(pool.engine.stats().state).toBe("open");
  });

  it("a connection that comes back while suspended becomes idle, and deadlines go on", async () => {
    const pool = new Harness({ max: 1 });
    const held = await pool.lease();
    const caller = pool.ask({ timeoutMillis: 100 });
    pool.engine.suspend();
    pool.engine.release(held);
    expect(held.state.name).toBe("idle");
    await pool.advance(100);
    expect(caller.error).toMatchObject({ code: "POOL_ACQUIRE_TIMEOUT", phase: "wait" });
  });
});

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

describe("nested acquires", () => {
  it("when every connection is held by somebody who waits for another one, the last to wait is told at once", async () => {
    const pool = new Harness({ max: 2 });
    const [a, b] = [new Holder(null), new Holder(null)];
    await pool.lease({ lessee: a });
    await pool.lease({ lessee: b });
    const first = pool.ask({ holder: a, lessee: new Holder(a) });
    expect(first.isSettled).toBe(false);
    const second = pool.ask({ holder: b, lessee: new Holder(b) });
    expect(second.error).toMatchObject({
      code: "POOL_DEADLOCK",
      holders: [
        { connectionId: "test#1", stack: "at caller 1" },
        { connectionId: "test#2", stack: "at caller 2" },
      ],
    });
    expect(first.isSettled).toBe(false);
    expect(pool.engine.stats()).toMatchObject({
      deadlocks: 1,
      nestedAcquires: 2,
      acquireRejected: 1,
      waiting: 1,
    });
  });

  it("one who holds everything himself and wants more is told at once", async () => {
    const pool = new Harness({ max: 2 });
    const outer = new Holder(null);
    const inner = new Holder(outer);
    await pool.lease({ lessee: outer });
    await pool.lease({ holder: outer, lessee: inner });
    expect(pool.ask({ holder: inner }).error).toMatchObject({ code: "POOL_DEADLOCK" });
    expect([outer.waiting, inner.waiting]).toEqual([0, 0]);
  });

  it("there is no deadlock while one connection is held by somebody outside", async () => {
    const pool = new Harness({ max: 2 });
    const a = new Holder(null);
    await pool.lease({ lessee: a });
    const outside = await pool.lease({ lessee: null });
    const caller = pool.ask({ holder: a });
    await pool.advance(100_000);
    expect(caller.isSettled).toBe(false);
    pool.engine.release(outside);
    expect(caller.slot).toBe(outside);
  });

  it("there is no deadlock while a brother of the one who waits holds a connection and works", async () => {
    const pool = new Harness({ max: 2 });
    const outer = new Holder(null);
    await pool.lease({ lessee: outer });
    await pool.lease({ holder: outer, lessee: new Holder(outer) });
    expect(pool.ask({ holder: outer, lessee: new Holder(outer) }).isSettled).toBe(false);
  });

  it("there is no deadlock while a connection opens, closes or is reset", async () => {
    const a = new Holder(null);
    const opening = new Harness({ max: 2 });
    await opening.lease({ lessee: a });
    opening.connector.behaviours.connect = never;
    expect(opening.ask({ holder: a }).isSettled).toBe(false);

    const b = new Holder(null);
    const busy = new Harness({ max: 2 });
    await busy.lease({ lessee: b });
    const other = await busy.lease();
    busy.connector.behaviours.reset = ok(10);
    busy.engine.release(other);
    expect(busy.ask({ holder: b }).isSettled).toBe(false);
  });

  it("a deadlock that a hand-out or a smaller max makes complete is broken too", async () => {
    const pool = new Harness({ max: 2 });
    const a = new Holder(null);
    await pool.lease({ lessee: a });
    const outside = await pool.lease();
    const both = [pool.ask({ holder: a, lessee: a }), pool.ask({ holder: a, lessee: a })];
    pool.engine.release(outside);
    expect(both[0]?.slot).toBe(outside);
    expect(both[1]?.error).toMatchObject({ code: "POOL_DEADLOCK" });

    const shrinking = new Harness({ max: 3 });
    const [b, c] = [new Holder(null), new Holder(null)];
    await shrinking.lease({ lessee: b });
    await shrinking.lease({ lessee: c });
    shrinking.connector.behaviours.connect = never;
    const callers = [shrinking.ask({ holder: b }), shrinking.ask({ holder: c })];
    shrinking.engine.resize({ max: 2 });
    expect(callers.map((caller) => caller.isSettled)).toEqual([false, false]);
    await shrinking.advance(10_000);
    expect(callers[0]?.isSettled).toBe(false);
    expect(callers[1]?.error).toMatchObject({ code: "POOL_DEADLOCK" });
  });

  it("warn reports a nested acquire and lets it wait; allow does not even report", async () => {
    for (const [nestedAcquire, reports] of [
      ["throw", 1],
      ["warn", 1],
      ["allow", 0],
    ] as const) {
      const pool = new Harness({ max: 1, nestedAcquire });
      const a = new Holder(null);
      await pool.lease({ lessee: a });
      const caller = pool.ask({ holder: a });
      expect(pool.log.of("nestedAcquire")).toHaveLength(reports);
      expect(caller.isSettled).toBe(nestedAcquire === "throw");
      expect(pool.engine.stats().nestedAcquires).toBe(1);
    }
  });
});

describe("stats", () => {
  it("is one snapshot with every gauge and every counter", async () => {
    const pool = new Harness({ max: 6 });
    pool.connector.behaviours.connect = ok(25);
    pool.engine.prewarm(1);
    await pool.advance(25);
    const slot = await pool.lease();
    await pool.advance(10);
    pool.engine.release(slot);
    const stats = pool.engine.stats();
    expect(stats).toMatchObject({
      max: 6,
      min: 0,
      minIdle: 0,
      total: 1,
      idle: 1,
      acquired: 0,
      connecting: 0,
      validating: 0,
      resetting: 0,
      closing: 0,
      waiting: 0,
      oldestWaiterMillis: 0,
      generation: 0,
      state: "open",
      acquires: 1,
      acquiresImmediate: 1,
      releases: 1,
      creates: 1,
      useMillis: 10,
      connectMillis: 25,
      waitMillis: 0,
    });
    expect(pool.engine.takeStats()).toEqual(stats);
    expect(pool.engine.stats()).toMatchObject({
      total: 1,
      acquires: 0,
      creates: 0,
      useMillis: 0,
      closed: { idle: 0 },
    });
  });

  it("a snapshot does not change afterwards", async () => {
    const pool = new Harness();
    const slot = await pool.lease();
    const before = pool.engine.stats();
    pool.engine.discard(slot);
    await settle();
    expect(before.closed.discarded).toBe(0);
  });

  it("slots shows every connection in the order of its id", async () => {
    const pool = new Harness({ max: 4, leakThresholdMillis: 60_000 });
    const [held, idle, closing] = [await pool.lease(), await pool.lease(), await pool.lease()];
    pool.engine.release(idle);
    pool.connector.behaviours.close = never;
    pool.engine.discard(closing);
    pool.connector.behaviours.connect = never;
    pool.engine.prewarm(3);
    await pool.advance(40);
    expect(pool.engine.slots()).toEqual([
      {
        id: 1,
        connectionId: "test#1",
        state: "acquired",
        stateMillis: 40,
        ageMillis: 40,
        useCount: 1,
        host: "db1",
        connection: held.connection,
        stack: "at caller 1",
      },
      {
        id: 2,
        connectionId: "test#2",
        state: "idle",
        stateMillis: 40,
        ageMillis: 40,
        useCount: 1,
        host: "db1",
        connection: idle.connection,
        stack: null,
      },
      {
        id: 3,
        connectionId: "test#3",
        state: "closing",
        stateMillis: 40,
        ageMillis: 40,
        useCount: 1,
        host: "db1",
        connection: closing.connection,
        stack: null,
      },
      {
        id: 4,
        connectionId: "test#4",
        state: "connecting",
        stateMillis: 40,
        ageMillis: 0,
        useCount: 0,
        host: null,
        connection: null,
        stack: null,
      },
    ]);
  });
});
