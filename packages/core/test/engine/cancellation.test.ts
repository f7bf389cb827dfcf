import { describe, expect, it } from "vitest";
import { CapacityError, FatalError, fail, never, nothing, ok } from "./support/fake-connector.ts";
import { Harness } from "./support/harness.ts";
import { settle } from "./support/virtual-clock.ts";

describe("cancellation", () => {
  it("a caller that gives up is rejected with his own reason, and the next one gets the connection", async () => {
    const pool = new Harness({ max: 1 });
    const held = await pool.lease();
    const first = pool.ask();
    const second = pool.ask();
    const reason = { because: "I said so" };
    expect(pool.engine.cancel(first, reason)).toBe(true);
    expect(first.error).toBe(reason);
    pool.engine.release(held);
    expect(second.slot).toBe(held);
    expect(pool.engine.stats()).toMatchObject({ acquireAborts: 1, waiting: 0 });
  });

  it("a caller in the middle of the queue can give up, and the order of the others stays", async () => {
    const pool = new Harness({ max: 1 });
    const held = await pool.lease();
    const [a, b, c] = [pool.ask(), pool.ask(), pool.ask()];
    pool.engine.cancel(b, "gone");
    pool.engine.release(held);
    pool.engine.release(a.lease);
    expect(c.slot).toBe(held);
    expect(b.settlements).toBe(1);
  });

  it("a caller that has been served cannot give up any more", async () => {
    const pool = new Harness();
    const caller = pool.ask();
    await settle();
    expect(pool.engine.cancel(caller, "too late")).toBe(false);
    expect(caller).toMatchObject({ settlements: 1, error: null });
  });

  it("an acquire times out at its deadline, however often it was almost served", async () => {
    const pool = new Harness({ max: 1, validateAfterIdleMillis: 0 });
    await pool.warm(1);
    await pool.advance(10);
    pool.connector.behaviours.validate = fail(new Error("dead"), 200);
    pool.connector.behaviours.connect = ok(100);
    pool.connector.behaviours.prepare = fail(new Error("no"), 50);
    const caller = pool.ask({ timeoutMillis: 500 });
    await pool.advance(499);
    expect(caller.isSettled).toBe(false);
    await pool.advance(1);
    expect(caller.error).toMatchObject({ code: "POOL_ACQUIRE_TIMEOUT" });
    expect(pool.engine.stats().acquireTimeouts).toBe(1);
  });

  it("each of many different deadlines is kept to the millisecond", async () => {
    const pool = new Harness({ max: 1 });
    await pool.lease();
    const timeouts = Array.from({ length: 300 }, (_, index) => 1 + ((index * 7_919) % 1_000));
    const endedAt = new Map<number, number>();
    for (const [index, timeoutMillis] of timeouts.entries()) {
      const caller = pool.ask({ timeoutMillis });
      caller.onRefused = () => endedAt.set(index, pool.clock.passed);
    }
    await pool.advance(1_000);
    expect([...endedAt].every(([index, at]) => at === timeouts[index])).toBe(true);
    expect(endedAt.size).toBe(300);
  });

  it("ten thousand callers with a deadline share one timer", async () => {
    const pool = new Harness({
      max: 1,
      idleTimeoutMillis: null,
      maxLifetimeMillis: null,
      keepaliveIntervalMillis: null,
    });
    await pool.lease();
    const before = pool.clock.pending;
    for (let count = 0; count < 10_000; count += 1) pool.ask({ timeoutMillis: 1_000 + (count % 7) });
    expect(pool.clock.pending - before).toBeLessThanOrEqual(2);
  });

  it("a fraction of a millisecond is rounded up", async () => {
    const pool = new Harness({ max: 1 });
    await pool.lease();
    const caller = pool.ask({ timeoutMillis: 9.2 });
    await pool.advance(9);
    expect(caller.isSettled).toBe(false);
    await pool.advance(1);
    expect(caller.isSettled).toBe(true);
  });

  it("a timeout says where the acquire was", async () => {
    const phases: string[] = [];
    const ask = async (pool: Harness) => {
      const caller = pool.ask({ timeoutMillis: 40 });
      await pool.advance(40);
      phases.push((caller.error as { phase: string }).phase);
    };
    const busy = new Harness({ max: 1 });
    await busy.lease();
    await ask(busy);

    const connecting = new Harness({ max: 1 });
    connecting.connector.behaviours.connect = never;
    await ask(connecting);

    const validating = new Harness({ max: 1, validateAfterIdleMillis: 0 });
    await validating.warm(1);
    await validating.advance(10);
    validating.connector.behaviours.validate = never;
    await ask(validating);

    const preparing = new Harness({ max: 1 });
    await preparing.warm(1);
    preparing.connector.behaviours.prepare = never;
    await ask(preparing);

    const failing = new Harness({ max: 1 });
    failing.connector.behaviours.connect = fail();
    await ask(failing);

    const suspended = new Harness({ max: 1 });
    suspended.engine.suspend();
    await ask(suspended);
    expect(phases).toEqual(["wait", "connect", "validate", "prepare", "connect", "wait"]);
  });

  it("a timeout carries the last connect error, until a connect has succeeded", async () => {
    const pool = new Harness({ max: 1 });
    const refused = new Error("connection refused");
    pool.connector.behaviours.connect = fail(refused);
    const first = pool.ask({ timeoutMillis: 50 });
    await pool.advance(50);
    expect(first.error).toMatchObject({ cause: refused, numbers: { max: 1, total: 0 } });

    pool.connector.behaviours.connect = ok();
    await pool.advance(10_000);
    const held = await pool.lease();
    const second = pool.ask({ timeoutMillis: 50 });
    await pool.advance(50);
    expect(second.error).not.toHaveProperty("cause");
    pool.engine.release(held);
  });

  it("a server that has no room is the cause of a timeout too", async () => {
    const pool = new Harness({ max: 1 });
    pool.connector.behaviours.connect = fail(new CapacityError("too many clients"));
    const caller = pool.ask({ timeoutMillis: 50 });
    await pool.advance(50);
    expect(caller.error).toMatchObject({ cause: { message: "too many clients" } });
  });

  it("names who holds the connections while leak detection is on, and nobody while it is off", async () => {
    for (const [leakThresholdMillis, holders] of [
      [null, []],
      [60_000, [{ connectionId: "test#1", heldMillis: 50, stack: "at caller 1" }]],
    ] as const) {
      const pool = new Harness({ max: 1, leakThresholdMillis });
      await pool.lease();
      const caller = pool.ask({ timeoutMillis: 50 });
      await pool.advance(50);
      expect(caller.error).toMatchObject({ holders });
    }
  });

  it("says in its message who has held a connection longest, where that is known", async () => {
    const pool = new Harness({ max: 3, leakThresholdMillis: 60_000 });
    const slots = [await pool.lease(), await pool.lease()];
    await pool.advance(1_000);
    pool.engine.release(slots[0] ?? pool.slot(1));
    await pool.lease();
    await pool.lease();
    const caller = pool.ask({ timeoutMillis: 500 });
    await pool.advance(500);
    expect(String(caller.error)).toMatch(
      /\(phase: wait; 3\/3 acquired, 0 idle, 0 connecting, 1 waiting; test#2 has been held longest, for 1500 ms\); /,
    );
  });

  it("an acquire that will not wait is told that the pool is suspended", () => {
    const pool = new Harness();
    pool.engine.suspend();
    expect(pool.ask({ timeoutMillis: 0 }).error).toMatchObject({ code: "POOL_SUSPENDED" });
  });

  it("an acquire with no time still makes the pool grow for the next one", async () => {
    const pool = new Harness();
    pool.connector.behaviours.connect = ok(10);
    const caller = pool.ask({ timeoutMillis: 0 });
    await pool.advance(10);
    expect(caller.error).toMatchObject({ code: "POOL_ACQUIRE_TIMEOUT", phase: "connect" });
    expect(pool.engine.stats().idle).toBe(1);
  });

  it("an error that trying again cannot cure reaches everybody who waits, at once", async () => {
    const pool = new Harness();
    const wrong = new FatalError("password authentication failed");
    pool.connector.behaviours.connect = fail(wrong);
    const callers = [pool.ask(), pool.ask()];
    await settle();
    expect(callers.map((caller) => caller.error)).toEqual([wrong, wrong]);
    expect(pool.engine.stats()).toMatchObject({ acquireErrors: 2, createErrors: 1, waiting: 0 });
  });

  it("while a connection is open that could serve them, such an error reaches nobody", async () => {
    const pool = new Harness({ max: 2 });
    const held = await pool.lease();
    pool.connector.behaviours.connect = fail(new FatalError("fatal"));
    const caller = pool.ask();
    await pool.advance(60_000);
    expect(caller.isSettled).toBe(false);
    pool.engine.release(held);
    expect(caller.slot).toBe(held);
  });

  it("a caller that asks again when he is refused is not refused for the same error", async () => {
    const pool = new Harness();
    pool.connector.behaviours.connect = fail(new FatalError("fatal"));
    const caller = pool.ask();
    let again: ReturnType<Harness["ask"]> | null = null;
    caller.onRefused = () => {
      again = pool.ask({ name: "again" });
    };
    await settle();
    pool.connector.behaviours.connect = ok();
    await pool.advance(200);
    expect(again).toMatchObject({ error: null, settlements: 1 });
  });

  it("a reset that was under way when everybody gave up leaves an idle connection", async () => {
    const pool = new Harness({ max: 1 });
    const held = await pool.lease();
    pool.connector.behaviours.reset = ok(20);
    const caller = pool.ask();
    pool.engine.release(held);
    expect(pool.engine.stats()).toMatchObject({ resetting: 1, releasesDirty: 1 });
    pool.engine.cancel(caller, "gone");
    await pool.advance(20);
    pool.connector.behaviours.reset = nothing;
    expect(pool.engine.stats()).toMatchObject({ idle: 1, resets: 1 });
  });

  it("a connection that comes back is no proof that new ones can be had", async () => {
    const pool = new Harness({ max: 2 });
    const held = await pool.lease();
    const refused = new Error("connection refused");
    pool.connector.behaviours.connect = fail(refused);
    const first = pool.ask();
    const second = pool.ask({ timeoutMillis: 1_000 });
    await pool.advance(50);
    pool.engine.release(held);
    expect(first.slot).toBe(held);
    const before = pool.connector.requests.length;
    await pool.advance(49);
    // The back-off goes on too.
    expect(pool.connector.requests).toHaveLength(before);
    await pool.advance(1_000);
    expect(second.error).toMatchObject({ cause: refused });
  });

  it("a timeout says what the pool was doing for this very caller", async () => {
    const pool = new Harness({ max: 4, validateAfterIdleMillis: 100 });
    await pool.warm(2);
    await pool.advance(200);
    pool.connector.behaviours.connect = never;
    pool.connector.behaviours.validate = never;
    await pool.engine.slots();
    pool.connector.choose = (kind, on) => (kind === "validate" && on?.id === 2 ? ok(1) : null);
    pool.connector.behaviours.prepare = never;
    const callers = Array.from({ length: 6 }, () => pool.ask({ timeoutMillis: 50 }));
    await pool.advance(49);
    expect(pool.engine.stats()).toMatchObject({ validating: 2, connecting: 1 });
    await pool.advance(1);
    // They leave one after the other, each from the head of the queue.
    expect(callers.map((caller) => (caller.error as { phase: string }).phase)).toEqual(
      Array.from({ length: 6 }, () => "prepare"),
    );
  });

  it("and so does the one that gives up in the middle of the queue", async () => {
    const pool = new Harness({ max: 4, validateAfterIdleMillis: 100 });
    await pool.warm(2);
    await pool.advance(200);
    pool.connector.behaviours.connect = never;
    pool.connector.behaviours.validate = never;
    pool.connector.choose = (kind, on) => (kind === "validate" && on?.id === 2 ? ok(1) : null);
    pool.connector.behaviours.prepare = never;
    const callers = Array.from({ length: 6 }, () => pool.ask());
    await pool.advance(10);
    for (const caller of callers.toReversed()) pool.engine.cancel(caller, "gone");
    expect(pool.log.of("acquireFailed").map((line) => line.split(" ").slice(1, 4).join(" "))).toEqual([
      "caller 6 wait:",
      "caller 5 wait:",
      "caller 4 connect:",
      "caller 3 connect:",
      "caller 2 validate:",
      "caller 1 prepare:",
    ]);
  });
});
