import { describe, expect, it } from "vitest";
import { Holder } from "../../src/engine/holder.ts";
import { never, ok } from "./support/fake-connector.ts";
import { Harness } from "./support/harness.ts";

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

  it("the one to be told is the last that holds something, though others wait behind", async () => {
    const pool = new Harness({ max: 2 });
    const a = new Holder(null);
    await pool.lease({ lessee: a });
    const outside = await pool.lease();
    const nested = [pool.ask({ holder: a, lessee: a }), pool.ask({ holder: a })];
    const stranger = pool.ask();
    pool.engine.release(outside);
    expect(nested[1]?.error).toMatchObject({ code: "POOL_DEADLOCK" });
    expect(stranger.isSettled).toBe(false);
  });
});
