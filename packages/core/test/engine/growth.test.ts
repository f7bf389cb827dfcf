import { describe, expect, it } from "vitest";
import type { Caller } from "./support/caller.ts";
import { never, ok } from "./support/fake-connector.ts";
import { Harness } from "./support/harness.ts";
import { settle } from "./support/virtual-clock.ts";

/** Callers that each use their connection for a while. */
function spike(pool: Harness, count: number, useMillis: number): Caller[] {
  return Array.from({ length: count }, () => {
    const caller = pool.ask();
    const use = () => pool.clock.setTimer(() => pool.engine.release(caller.lease), useMillis);
    if (caller.isSettled) use();
    else caller.onServed = use;
    return caller;
  });
}

describe("growth", () => {
  it("a burst of fifty short queries on five warm connections opens at most one more", async () => {
    const pool = new Harness({ max: 50 });
    pool.connector.behaviours.connect = ok(150);
    pool.engine.prewarm(5);
    await pool.advance(2_000);
    expect(pool.engine.stats()).toMatchObject({ idle: 5, creates: 5 });
    pool.log.lines.length = 0;
    pool.connector.behaviours.validate = ok(1);

    const startedAt = pool.clock.now();
    const callers = spike(pool, 50, 2);
    let servedAt = 0;
    while (callers.some((caller) => !caller.isSettled)) {
      await pool.advance(1);
      servedAt = pool.clock.now() - startedAt;
    }
    await pool.advance(1_000);

    expect(servedAt).toBeLessThanOrEqual(40);
    expect(pool.engine.stats()).toMatchObject({ creates: 6, acquiresQueued: 50 });
    const order = pool.log.of("acquired").map((line) => line.split(" by ")[1]?.split(" ", 2).join(" "));
    expect(order).toEqual(callers.map((caller) => caller.name));
  });

  it("a connection that comes back goes to the caller that waited longest, not to the one for whom a connect began", async () => {
    const pool = new Harness({ max: 2 });
    const held = await pool.lease();
    pool.connector.behaviours.connect = ok(100);
    const first = pool.ask({ name: "first" });
    const second = pool.ask({ name: "second" });

    pool.engine.release(held);
    expect(first.slot).toBe(held);
    await pool.advance(100);
    expect(second.lease.id).toBe(2);
    expect(second.grant).toEqual({ source: "new", waitMillis: 100, idleMillis: 0 });
  });

  it("one connect is under way at first, and one more each time that a connect's time has passed in vain", async () => {
    const pool = new Harness({ max: 10, connectTimeoutMillis: 60_000 });
    pool.connector.behaviours.connect = ok(150);
    const measured = await (async () => {
      const caller = pool.ask();
      await pool.advance(150);
      return caller.lease;
    })();
    pool.engine.discard(measured);
    await settle();

    pool.connector.behaviours.connect = never;
    for (let count = 0; count < 10; count += 1) pool.ask();
    const underWay = [];
    for (let step = 0; step < 5; step += 1) {
      underWay.push(pool.engine.stats().connecting);
      await pool.advance(150);
    }
    expect(underWay).toEqual([1, 2, 3, 4, 5]);
    expect(pool.engine.stats().createElided).toBe(0);
  });

  it("where connects are fast, one is still under way at a time for the first 100 ms", async () => {
    const pool = new Harness({ max: 10, connectTimeoutMillis: 60_000 });
    pool.connector.behaviours.connect = ok(5);
    const caller = pool.ask();
    await pool.advance(5);
    pool.engine.discard(caller.lease);
    await settle();
    pool.connector.behaviours.connect = never;
    for (let count = 0; count < 10; count += 1) pool.ask();
    await pool.advance(99);
    expect(pool.engine.stats().connecting).toBe(1);
    await pool.advance(1);
    expect(pool.engine.stats().connecting).toBe(2);
  });

  it("no more connects are under way than callers wait", async () => {
    const pool = new Harness({ max: 10, connectTimeoutMillis: 60_000 });
    pool.connector.behaviours.connect = never;
    pool.ask();
    pool.ask();
    await pool.advance(10_000);
    expect(pool.engine.stats()).toMatchObject({ connecting: 2, createElided: 0 });
  });

  it("a connect that was planned is given up when nobody waits any more", async () => {
    const pool = new Harness({ max: 10 });
    pool.connector.behaviours.connect = ok(80);
    const callers = [pool.ask(), pool.ask(), pool.ask()];
    for (const caller of callers.slice(1)) pool.engine.cancel(caller, new Error("gone"));
    await pool.advance(1_000);
    expect(pool.engine.stats()).toMatchObject({ creates: 1, createElided: 1 });
  });

  it("a connect goes on when the caller that demanded it gives up, and its connection becomes idle", async () => {
    const pool = new Harness();
    pool.connector.behaviours.connect = ok(80);
    const caller = pool.ask();
    pool.engine.cancel(caller, new Error("gone"));
    await pool.advance(80);
    expect(pool.connector.requests[0]?.signal.aborted).toBe(false);
    expect(pool.engine.stats()).toMatchObject({ idle: 1, acquired: 0, acquireAborts: 1 });
  });

  it("names the caller at the head of the queue as the one that demanded the connect", () => {
    const pool = new Harness();
    const caller = pool.ask();
    expect(pool.connector.requests[0]?.demandedBy).toBe(caller);
  });

  it("begins slowly again after the pool had been full, suspended or idle for long", async () => {
    const full = new Harness({ max: 5 });
    const slots = await Promise.all(Array.from({ length: 5 }, () => full.lease()));
    for (let count = 0; count < 5; count += 1) full.ask();
    await full.advance(10_000);
    full.connector.behaviours.connect = never;
    for (const slot of slots) full.engine.discard(slot);
    await settle();
    expect(full.engine.stats()).toMatchObject({ connecting: 1, waiting: 5 });

    const suspended = new Harness({ max: 5 });
    suspended.connector.behaviours.connect = never;
    suspended.engine.suspend();
    for (let count = 0; count < 5; count += 1) suspended.ask();
    await suspended.advance(10_000);
    suspended.engine.resume();
    expect(suspended.engine.stats().connecting).toBe(1);

    const kept = new Harness({ max: 5, min: 3 });
    kept.engine.open();
    await kept.advance(10_000);
    const held = await Promise.all(Array.from({ length: 3 }, () => kept.lease()));
    kept.connector.behaviours.connect = never;
    for (const slot of held) kept.engine.discard(slot);
    await settle();
    expect(kept.engine.stats()).toMatchObject({ connecting: 1, total: 1 });
  });

  it("a connection on its way back to the callers is counted on, for the time of a connect", async () => {
    const pool = new Harness({ max: 2 });
    pool.connector.behaviours.connect = ok(150);
    const first = pool.ask();
    await pool.advance(150);
    pool.connector.behaviours.reset = never;
    pool.connector.behaviours.connect = never;
    pool.engine.release(first.lease);
    pool.ask();
    await pool.advance(149);
    expect(pool.engine.stats()).toMatchObject({ resetting: 1, connecting: 0 });
    await pool.advance(1);
    expect(pool.engine.stats()).toMatchObject({ resetting: 1, connecting: 1 });
  });
});
