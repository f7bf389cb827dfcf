import { describe, expect, it } from "vitest";
import { CapacityError, fail, never, ok } from "./support/fake-connector.ts";
import { Harness } from "./support/harness.ts";
import { withoutStrayRejections } from "./support/stray-rejections.ts";
import { settle } from "./support/virtual-clock.ts";

describe("connects that fail, or take too long", () => {
  it("after a failed connect it waits 100 ms, then twice as long each time up to 5 s", async () => {
    const pool = new Harness();
    pool.connector.behaviours.connect = fail();
    pool.ask();
    const begun: number[] = [];
    for (let at = 0; at < 30_000; at += 100) {
      while (begun.length < pool.connector.requests.length) begun.push(pool.clock.now());
      await pool.advance(100);
    }
    const waits = begun.slice(1).map((at, index) => at - (begun[index] ?? 0));
    expect(waits).toEqual([100, 200, 400, 800, 1_600, 3_200, 5_000, 5_000, 5_000, 5_000]);
  });

  it("chance shortens a wait after a failure by up to a half", async () => {
    const pool = new Harness();
    pool.chance = 0.5;
    pool.connector.behaviours.connect = fail();
    pool.ask();
    await pool.advance(74);
    expect(pool.connector.requests).toHaveLength(1);
    await pool.advance(1);
    expect(pool.connector.requests).toHaveLength(2);
  });

  it("a success makes the next failure wait 100 ms again", async () => {
    const pool = new Harness({ max: 2 });
    pool.connector.behaviours.connect = fail();
    pool.ask();
    await pool.advance(1_000);
    pool.connector.behaviours.connect = ok();
    await pool.advance(10_000);
    expect(pool.engine.stats().acquired).toBe(1);

    pool.connector.behaviours.connect = fail();
    pool.ask();
    await settle();
    const before = pool.connector.requests.length;
    await pool.advance(99);
    expect(pool.connector.requests).toHaveLength(before);
    await pool.advance(1);
    expect(pool.connector.requests).toHaveLength(before + 1);
  });

  it("connects that fail together count as one failure", async () => {
    const pool = new Harness({ max: 10 });
    pool.connector.behaviours.connect = fail(new Error("refused"), 350);
    for (let count = 0; count < 4; count += 1) pool.ask();
    await pool.advance(350);
    expect(pool.engine.stats()).toMatchObject({ connecting: 3, createErrors: 1 });
    pool.connector.behaviours.connect = ok(1);
    await pool.advance(350);
    // Counted one by one they would have made it wait until 1450.
    expect(pool.engine.stats()).toMatchObject({ createErrors: 4, creates: 4, waiting: 0 });
  });

  it("a connection that comes back says nothing of the server: the pause after a failure and its cause stay", async () => {
    const pool = new Harness({ max: 2 });
    const held = await pool.lease();
    const refused = new Error("refused");
    pool.connector.behaviours.connect = fail(refused);
    const [next, last] = [pool.ask(), pool.ask({ timeoutMillis: 99 })];
    await settle();
    expect(pool.connector.requests).toHaveLength(2);
    pool.engine.release(held);
    expect(next.slot).toBe(held);
    await pool.advance(99);
    expect(pool.connector.requests).toHaveLength(2);
    expect(last.error).toMatchObject({ code: "POOL_ACQUIRE_TIMEOUT", cause: refused });
  });

  it("a connection that the hook before hand-out always refuses is not reopened at once", async () => {
    const pool = new Harness();
    pool.connector.behaviours.prepare = fail(new Error("not yet"));
    const caller = pool.ask({ timeoutMillis: 1_000 });
    await pool.advance(1_000);
    expect(pool.engine.stats().creates).toBeLessThanOrEqual(5);
    expect(caller.error).toMatchObject({ code: "POOL_ACQUIRE_TIMEOUT", cause: new Error("not yet") });
  });

  it("a server that has no room makes growth pause, and the callers wait on", async () => {
    const pool = new Harness({ max: 5 });
    const held = await pool.lease();
    pool.connector.behaviours.connect = fail(new CapacityError("too many clients"));
    const caller = pool.ask();
    await settle();
    expect(pool.engine.stats()).toMatchObject({ createErrors: 0, createRefusals: 1, waiting: 1 });
    await pool.advance(50);
    expect(pool.connector.count("connect")).toBe(2);
    pool.engine.release(held);
    expect(caller.slot).toBe(held);
  });

  it("a connect that does not answer is aborted at its timeout and another one is tried", async () => {
    const pool = new Harness({ connectTimeoutMillis: 500, max: 1 });
    pool.connector.behaviours.connect = never;
    pool.connector.obeysSignals = false;
    const caller = pool.ask();
    await pool.advance(499);
    expect(pool.connector.requests[0]?.signal.aborted).toBe(false);
    await pool.advance(1);
    expect(pool.connector.requests[0]?.signal.aborted).toBe(true);
    expect(pool.connector.requests[0]?.signal.reason).toMatchObject({ code: "POOL_CONNECT", attempts: [] });
    pool.connector.behaviours.connect = ok();
    await pool.advance(199);
    expect(caller.isSettled).toBe(false);
    await pool.advance(1);
    expect(caller.lease.id).toBe(2);
    expect(pool.log.of("connectFailed")).toEqual([
      "connectFailed 1 failure: no connection to the server within 500 ms; check host, port, password provider and hooks, or raise connectTimeoutMillis",
    ]);
  });

  it("a connect without a timeout is waited for as long as it takes", async () => {
    const pool = new Harness({ connectTimeoutMillis: null });
    pool.connector.behaviours.connect = never;
    pool.ask();
    await pool.advance(1_000_000);
    expect(pool.connector.requests).toHaveLength(1);
    expect(pool.connector.requests[0]?.signal.aborted).toBe(false);
  });

  it("the signal of a connect that has ended well never aborts", async () => {
    const pool = new Harness({ connectTimeoutMillis: 500 });
    pool.connector.behaviours.connect = ok(499);
    pool.ask();
    await pool.advance(10_000);
    expect(pool.connector.requests[0]?.signal.aborted).toBe(false);
  });

  it("a connect that fails after it was given up is nobody's failure any more", async () => {
    await withoutStrayRejections(async () => {
      const pool = new Harness({ connectTimeoutMillis: 500, max: 1 });
      pool.connector.behaviours.connect = fail(new Error("too late"), 800);
      pool.connector.obeysSignals = false;
      pool.ask({ timeoutMillis: 650 });
      await pool.advance(5_000);
      expect(pool.engine.stats()).toMatchObject({ createErrors: 1, connecting: 0 });
    });
  });

  it("what a connect brings after it was given up is destroyed", async () => {
    const pool = new Harness({ connectTimeoutMillis: 500, max: 1 });
    pool.connector.behaviours.connect = ok(1_000);
    pool.connector.obeysSignals = false;
    const caller = pool.ask({ timeoutMillis: 900 });
    await pool.advance(1_500);
    expect(caller.error).toMatchObject({ code: "POOL_ACQUIRE_TIMEOUT" });
    expect(pool.connector.connections[0]).toMatchObject({ wasDestroyed: true, isOpen: false });
    expect(pool.engine.stats().creates).toBe(0);
  });

  it("a connector that throws within the call has failed to connect", async () => {
    const pool = new Harness();
    pool.connector.behaviours.connect = { does: "throw", error: new Error("boom") };
    pool.ask();
    await settle();
    expect(pool.log.of("connectFailed")).toEqual(["connectFailed 1 failure: boom"]);
  });

  it("a connection whose host cannot be told has failed to connect and is destroyed", async () => {
    const pool = new Harness({ max: 1 });
    pool.connector.hostOf = () => {
      throw new Error("no host");
    };
    pool.ask();
    await settle();
    expect(pool.log.of("connectFailed")).toEqual(["connectFailed 1 failure: no host"]);
    expect(pool.connector.connections[0]?.wasDestroyed).toBe(true);
    expect(pool.engine.stats()).toMatchObject({ creates: 0, connecting: 0, createErrors: 1 });
  });

  it("a connect error that cannot be classified is a failure like any other", async () => {
    const pool = new Harness();
    pool.connector.behaviours.connect = fail(new Error("strange"));
    pool.connector.classifyConnectFailure = () => {
      throw new Error("what is that?");
    };
    const caller = pool.ask();
    await settle();
    expect(pool.log.of("connectFailed")).toEqual(["connectFailed 1 failure: strange"]);
    expect(caller.isSettled).toBe(false);
  });
});
