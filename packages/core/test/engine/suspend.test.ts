import { describe, expect, it } from "vitest";
import { Harness } from "./support/harness.ts";
import { settle } from "./support/virtual-clock.ts";

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
