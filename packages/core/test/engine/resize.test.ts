import { describe, expect, it } from "vitest";
import { ConfigError } from "../../src/errors.ts";
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

  it("closes no more idle connections than are above the new max", async () => {
    const pool = new Harness({ max: 5 });
    await pool.warm(5);
    pool.engine.resize({ max: 3 });
    expect(pool.engine.stats()).toMatchObject({ idle: 3, closing: 2 });
    pool.engine.resize({ max: 4 });
    await settle();
    expect(pool.engine.stats()).toMatchObject({ idle: 3, closed: { overflow: 2 } });
  });

  it("leaves a size alone that is undefined", () => {
    const pool = new Harness({ max: 4, min: 2, minIdle: 1 });
    pool.engine.resize({ max: 5, min: undefined, minIdle: undefined });
    expect(pool.engine.stats()).toMatchObject({ max: 5, min: 2, minIdle: 1 });
    pool.engine.resize({ max: undefined, min: 3 });
    expect(pool.engine.stats()).toMatchObject({ max: 5, min: 3, minIdle: 1 });
  });

  it("names what is wrong with a size", () => {
    const pool = new Harness({ max: 4 });
    for (const count of [-1, 1.5, Number.NaN])
      expect(() => pool.engine.prewarm(count)).toThrow(/prewarm must be a whole number of at least 0/);
    expect(() => pool.engine.resize({ max: 0 })).toThrow("max must be a whole number of at least 1, not 0");
    expect(() => pool.engine.resize({ minIdle: -1 })).toThrow(
      "minIdle must be a whole number of at least 0, not -1",
    );
  });

  it("to less than what waits for it keeps the queue, and each is served when it can be", async () => {
    const pool = new Harness({ max: 3 });
    const slots = [await pool.lease(), await pool.lease(), await pool.lease()];
    const callers = [pool.ask(), pool.ask()];
    pool.engine.resize({ max: 1 });
    for (const slot of slots) {
      pool.engine.release(slot);
      await settle();
    }
    expect(callers.map((caller) => caller.isSettled)).toEqual([true, false]);
    expect(pool.engine.stats()).toMatchObject({ total: 1, waiting: 1 });
    pool.engine.release(callers[0]?.lease ?? pool.slot(1));
    expect(callers[1]?.isSettled).toBe(true);
  });
});
