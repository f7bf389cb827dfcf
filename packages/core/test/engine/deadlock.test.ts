import { describe, expect, it } from "vitest";
import { Holder } from "../../src/engine/holder.ts";
import { PoolDeadlockError } from "../../src/errors.ts";
import type { Caller } from "./support/caller.ts";
import { fail, never, ok } from "./support/fake-connector.ts";
import { Harness } from "./support/harness.ts";

/** A whole turn of the event loop lies between two timers, and the first of them must be waited for as well. */
const aTurn = 2;

function isDeadlock(caller: Caller | undefined): boolean {
  return caller?.error instanceof PoolDeadlockError;
}

describe("nested acquires", () => {
  it("when every connection is held by somebody who waits for another one, the last to wait is told after a turn", async () => {
    const pool = new Harness({ max: 2 });
    const [a, b] = [new Holder(null), new Holder(null)];
    await pool.lease({ lessee: a });
    await pool.lease({ lessee: b });
    const first = pool.ask({ holder: a, lessee: new Holder(a) });
    await pool.advance(100);
    expect(first.isSettled).toBe(false);
    const second = pool.ask({ holder: b, lessee: new Holder(b) });
    await pool.advance(aTurn - 1);
    expect(second.isSettled).toBe(false);
    await pool.advance(1);
    expect(second.error).toMatchObject({
      code: "POOL_DEADLOCK",
      holders: [
        { connectionId: "test#1", stack: "at caller 1" },
        { connectionId: "test#2", stack: "at caller 2" },
      ],
    });
    expect(second.error).toHaveProperty(
      "stack",
      expect.stringMatching(/^PoolDeadlockError: .*\nat caller 4$/),
    );
    expect(first.isSettled).toBe(false);
    expect(pool.log.of("nestedAcquire")).toEqual(["nestedAcquire caller 3", "nestedAcquire caller 4"]);
    expect(pool.engine.stats()).toMatchObject({
      deadlocks: 1,
      nestedAcquires: 2,
      acquireRejected: 1,
      waiting: 1,
    });
  });

  it("one who holds everything himself and wants more is told after a turn", async () => {
    const pool = new Harness({ max: 2 });
    const outer = new Holder(null);
    const inner = new Holder(outer);
    await pool.lease({ lessee: outer });
    await pool.lease({ holder: outer, lessee: inner });
    const caller = pool.ask({ holder: inner });
    await pool.advance(aTurn);
    expect(isDeadlock(caller)).toBe(true);
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
    const caller = pool.ask({ holder: outer, lessee: new Holder(outer) });
    await pool.advance(100_000);
    expect(caller.isSettled).toBe(false);
  });

  it("there is no deadlock while a connection opens, closes or is reset", async () => {
    const a = new Holder(null);
    const opening = new Harness({ max: 2, connectTimeoutMillis: null });
    await opening.lease({ lessee: a });
    opening.connector.behaviours.connect = never;
    const caller = opening.ask({ holder: a });
    await opening.advance(100);
    expect(caller.isSettled).toBe(false);

    const b = new Holder(null);
    const busy = new Harness({ max: 2 });
    await busy.lease({ lessee: b });
    const other = await busy.lease();
    busy.connector.behaviours.reset = ok(10);
    busy.engine.release(other);
    const waiter = busy.ask({ holder: b });
    await busy.advance(9);
    expect(waiter.isSettled).toBe(false);
    await busy.advance(1);
    expect(waiter.slot).toBe(other);
  });

  it("there is no deadlock while there is room, though connects fail", async () => {
    const pool = new Harness({ max: 2 });
    const a = new Holder(null);
    await pool.lease({ lessee: a });
    pool.connector.behaviours.connect = fail();
    const caller = pool.ask({ holder: a });
    await pool.advance(20_000);
    expect(caller.isSettled).toBe(false);
    pool.connector.behaviours.connect = ok();
    await pool.advance(5_000);
    expect(caller.lease.id).toBeGreaterThan(1);
  });

  it("there is no deadlock any more once one holder gave its connection up, though that takes long to close", async () => {
    const pool = new Harness({ max: 2, closeTimeoutMillis: 50 });
    const [a, b] = [new Holder(null), new Holder(null)];
    await pool.lease({ lessee: a });
    const given = await pool.lease({ lessee: b });
    const callers = [pool.ask({ holder: b }), pool.ask({ holder: a })];
    await pool.advance(1);
    pool.connector.behaviours.close = never;
    pool.engine.discard(given);
    await pool.advance(49);
    expect(callers.map((caller) => caller.isSettled)).toEqual([false, false]);
    await pool.advance(1);
    expect(callers.map((caller) => caller.slot?.id)).toEqual([3, undefined]);
  });

  it("a deadlock that a hand-out or a smaller max makes complete is broken too", async () => {
    const pool = new Harness({ max: 2 });
    const a = new Holder(null);
    await pool.lease({ lessee: a });
    const outside = await pool.lease();
    const both = [pool.ask({ holder: a, lessee: a }), pool.ask({ holder: a, lessee: a })];
    pool.engine.release(outside);
    expect(both[0]?.slot).toBe(outside);
    await pool.advance(aTurn);
    expect(isDeadlock(both[1])).toBe(true);

    const shrinking = new Harness({ max: 3 });
    const [b, c] = [new Holder(null), new Holder(null)];
    await shrinking.lease({ lessee: b });
    await shrinking.lease({ lessee: c });
    shrinking.connector.behaviours.connect = never;
    const callers = [shrinking.ask({ holder: b }), shrinking.ask({ holder: c })];
    shrinking.engine.resize({ max: 2 });
    await shrinking.advance(5_000);
    expect(callers.map((caller) => caller.isSettled)).toEqual([false, false]);
    await shrinking.advance(10_000);
    expect(callers[0]?.isSettled).toBe(false);
    expect(isDeadlock(callers[1])).toBe(true);
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
      await pool.advance(100);
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
    await pool.advance(aTurn);
    expect(isDeadlock(nested[1])).toBe(true);
    expect(stranger.isSettled).toBe(false);
  });
});

describe("a callback that goes on while somebody waits inside it", () => {
  /** One connection, held by a callback, and one who waits inside that. */
  async function full(): Promise<{ pool: Harness; holder: Holder; waiter: Caller; slot: Caller["lease"] }> {
    const pool = new Harness({ max: 1 });
    const holder = new Holder(null);
    const slot = await pool.lease({ lessee: holder });
    return { pool, holder, slot, waiter: pool.ask({ holder }) };
  }

  it("is not stuck while the server is at work for it, however long", async () => {
    const { pool, waiter, slot } = await full();
    slot.connection.isAtWork = true;
    await pool.advance(100_000);
    expect(waiter.isSettled).toBe(false);
    pool.engine.release(slot);
    expect(waiter.slot).toBe(slot);
    expect(pool.engine.stats().deadlocks).toBe(0);
  });

  it("is stuck soon after the last thing that the server did for it", async () => {
    const { pool, waiter, slot } = await full();
    slot.connection.isAtWork = true;
    await pool.advance(1_000);
    slot.connection.isAtWork = false;
    await pool.advance(20);
    expect(isDeadlock(waiter)).toBe(true);
  });

  it("is looked at seldom while the server is at work for it", async () => {
    const { pool, slot } = await full();
    slot.connection.isAtWork = true;
    let looks = 0;
    const { progressOf } = pool.connector;
    pool.connector.progressOf = (connection) => {
      looks += 1;
      return progressOf.call(pool.connector, connection);
    };
    await pool.advance(1_600);
    expect(looks).toBeGreaterThan(90);
    expect(looks).toBeLessThan(110);
  });

  it("is not stuck while it does something in every turn", async () => {
    const { pool, waiter, slot } = await full();
    for (let turn = 0; turn < 500; turn += 1) {
      slot.connection.steps += 1;
      await pool.advance(1);
    }
    expect(waiter.isSettled).toBe(false);
    await pool.advance(aTurn);
    expect(isDeadlock(waiter)).toBe(true);
  });

  it("is not stuck while it asks for one more connection in every turn", async () => {
    const { pool, holder, waiter } = await full();
    const more: Caller[] = [];
    for (let turn = 0; turn < 20; turn += 1) {
      more.push(pool.ask({ holder }));
      await pool.advance(1);
    }
    expect([waiter, ...more].some((caller) => caller.isSettled)).toBe(false);
  });

  it("is not stuck when it has just been given its connection, whatever was done with it before", async () => {
    const pool = new Harness({ max: 1 });
    const holder = new Holder(null);
    const slot = await pool.lease({ lessee: holder });
    const [next, last] = [pool.ask({ holder, lessee: holder }), pool.ask({ holder })];
    await pool.advance(1);
    slot.connection.steps += 1;
    pool.engine.release(slot);
    expect(next.slot).toBe(slot);
    await pool.advance(1);
    expect(last.isSettled).toBe(false);
    await pool.advance(1);
    expect(isDeadlock(last)).toBe(true);
  });

  it("is told no later because others come and go", async () => {
    const { pool, waiter } = await full();
    for (let turn = 0; turn < 2; turn += 1) {
      await pool.advance(1);
      pool.engine.cancel(pool.ask(), "gone");
      pool.ask();
    }
    expect(isDeadlock(waiter)).toBe(true);
  });

  it("is not stuck any more once nobody waits inside it", async () => {
    const { pool, waiter, slot } = await full();
    const outside = pool.ask();
    pool.engine.cancel(waiter, "aborted");
    await pool.advance(1_000);
    expect(waiter.error).toBe("aborted");
    expect(outside.isSettled).toBe(false);
    pool.engine.release(slot);
    expect(outside.slot).toBe(slot);
    expect(pool.engine.stats().deadlocks).toBe(0);
  });

  it("has a turn to give its connection back after one was told, before the next one is", async () => {
    const { pool, holder, waiter, slot } = await full();
    const last = pool.ask({ holder });
    last.onRefused = () => pool.clock.setTimer(() => pool.engine.release(slot), 1);
    await pool.advance(100);
    expect(isDeadlock(last)).toBe(true);
    expect(waiter.slot).toBe(slot);
    expect(pool.engine.stats().deadlocks).toBe(1);
  });

  it("one after the other is told where nobody gives anything back", async () => {
    const { pool, holder, waiter } = await full();
    const last = pool.ask({ holder });
    await pool.advance(aTurn);
    expect([isDeadlock(waiter), isDeadlock(last)]).toEqual([false, true]);
    await pool.advance(aTurn);
    expect(isDeadlock(waiter)).toBe(true);
    expect(pool.engine.stats()).toMatchObject({ deadlocks: 2, waiting: 0 });
  });

  it("a context that outlived its own lease is in nobody's way and is not told", async () => {
    const pool = new Harness({ max: 1 });
    const [over, stuck] = [new Holder(null), new Holder(null)];
    pool.engine.release(await pool.lease({ lessee: over }));
    await pool.lease({ lessee: stuck });
    const guilty = pool.ask({ holder: stuck });
    const innocent = pool.ask({ holder: over });
    await pool.advance(100);
    expect(isDeadlock(guilty)).toBe(true);
    expect(innocent.isSettled).toBe(false);
  });

  it("leaves no timer behind when its pool closes", async () => {
    const { pool, waiter } = await full();
    await pool.close();
    expect(waiter.error).toMatchObject({ code: "POOL_CLOSED" });
    expect(pool.clock.pending).toBe(0);
  });
});
