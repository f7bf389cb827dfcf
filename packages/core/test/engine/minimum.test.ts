import { describe, expect, it } from "vitest";
import { fail, never, ok } from "./support/fake-connector.ts";
import { Harness } from "./support/harness.ts";
import { settle } from "./support/virtual-clock.ts";

const quiet = { idleTimeoutMillis: null, maxLifetimeMillis: null, keepaliveIntervalMillis: null };

/** Whether a promise has settled, and how; read after the turn. */
function watched(promise: Promise<void>): { outcome: "resolved" | "rejected" | null; reason: unknown } {
  const watch: { outcome: "resolved" | "rejected" | null; reason: unknown } = { outcome: null, reason: null };
  promise.then(
    () => {
      watch.outcome = "resolved";
    },
    (reason: unknown) => {
      watch.outcome = "rejected";
      watch.reason = reason;
    },
  );
  return watch;
}

describe("the minimum", () => {
  it("is opened one connection at a time at first, and one more for each connect's time that it is lacking", async () => {
    const pool = new Harness({ ...quiet, min: 6, connectTimeoutMillis: null });
    pool.connector.behaviours.connect = never;
    pool.engine.open();
    const underWay = [];
    for (let step = 0; step < 7; step += 1) {
      underWay.push(pool.engine.stats().connecting);
      await pool.advance(100);
    }
    expect(underWay).toEqual([1, 2, 3, 4, 5, 6, 6]);
  });

  it("is not opened more slowly because somebody begins to wait", async () => {
    const pool = new Harness({ ...quiet, min: 6, connectTimeoutMillis: null });
    pool.connector.behaviours.connect = never;
    pool.engine.open();
    await pool.advance(150);
    pool.ask();
    await pool.advance(50);
    expect(pool.engine.stats().connecting).toBe(3);
  });

  it("of idle connections is met by those under way, and by no more than are lacking", async () => {
    const pool = new Harness({ ...quiet, minIdle: 2, max: 10, connectTimeoutMillis: null });
    pool.connector.behaviours.connect = never;
    pool.engine.open();
    await pool.advance(10_000);
    expect(pool.engine.stats().connecting).toBe(2);
  });

  it("of idle connections does not count on a connect that somebody waits for", async () => {
    const pool = new Harness({ ...quiet, minIdle: 1, max: 10, connectTimeoutMillis: null });
    pool.connector.behaviours.connect = never;
    pool.engine.open();
    pool.ask();
    await pool.advance(10_000);
    expect(pool.engine.stats()).toMatchObject({ connecting: 2, waiting: 1 });
  });

  it("of idle connections is replaced before the end of a lifetime too", async () => {
    const pool = new Harness({ ...quiet, max: 3, minIdle: 1, maxLifetimeMillis: 100_000, lifetimeJitter: 0 });
    pool.engine.open();
    await pool.advance(94_999);
    expect(pool.engine.stats().creates).toBe(1);
    await pool.advance(1);
    expect(pool.engine.stats()).toMatchObject({ creates: 2, total: 1, idle: 1, closed: { lifetime: 1 } });
  });

  it("counts a connection under keepalive as idle", async () => {
    const pool = new Harness({ ...quiet, minIdle: 1, max: 3, keepaliveIntervalMillis: 1_000 });
    pool.engine.open();
    await settle();
    pool.connector.behaviours.validate = ok(400);
    await pool.advance(1_200);
    expect(pool.engine.stats()).toMatchObject({ validating: 1, idle: 0, connecting: 0, creates: 1 });
  });

  it("is restored when a keepalive finds a connection dead", async () => {
    const pool = new Harness({ ...quiet, minIdle: 2, max: 3, keepaliveIntervalMillis: 1_000 });
    pool.engine.open();
    await pool.advance(10);
    pool.connector.choose = (kind, on) => (kind === "validate" && on?.id === 1 ? fail() : null);
    await pool.advance(1_500);
    expect(pool.engine.stats()).toMatchObject({ idle: 2, creates: 3, closed: { validation: 1 } });
    await pool.advance(1_500);
    expect(pool.engine.stats().keepalives).toBeGreaterThanOrEqual(4);
  });

  it("is not kept while the pool is suspended or draining", async () => {
    for (const verb of ["suspend", "drain"] as const) {
      const pool = new Harness({ ...quiet, min: 2 });
      pool.engine.open();
      await pool.advance(10);
      void pool.engine[verb]();
      const views = pool.engine.slots();
      for (const { id } of views) {
        const slot = pool.slot(id);
        pool.engine.connectionLost(slot, { evictHost: false });
      }
      await pool.advance(5_000);
      expect(pool.engine.stats()).toMatchObject({ total: 0, creates: 2 });
    }
  });
});

describe("whenFilled", () => {
  it("resolves when the idle minimum is met, and not before", async () => {
    const pool = new Harness({ ...quiet, minIdle: 2, max: 5 });
    pool.connector.behaviours.connect = ok(100);
    pool.engine.open();
    const watch = watched(pool.engine.whenFilled(null));
    await pool.advance(199);
    expect([watch.outcome, pool.engine.stats().idle]).toEqual([null, 1]);
    await pool.advance(1);
    expect([watch.outcome, pool.engine.stats().idle]).toEqual(["resolved", 2]);
  });

  it("resolves without the idle minimum where max leaves no room for it", async () => {
    const pool = new Harness({ ...quiet, minIdle: 2, max: 2 });
    await pool.lease();
    await pool.lease();
    pool.engine.open();
    const watch = watched(pool.engine.whenFilled(1_000));
    await settle();
    expect(watch.outcome).toBe("resolved");
  });

  it("waits for the last connection that there is room for", async () => {
    const pool = new Harness({ ...quiet, minIdle: 2, max: 2, connectTimeoutMillis: null });
    await pool.lease();
    pool.connector.behaviours.connect = ok(300);
    pool.engine.open();
    const watch = watched(pool.engine.whenFilled(null));
    await pool.advance(299);
    expect([watch.outcome, pool.engine.stats().connecting]).toEqual([null, 1]);
    await pool.advance(1);
    expect(watch.outcome).toBe("resolved");
  });

  it("waits while a connection in place of the minimum is only closing", async () => {
    const pool = new Harness({ ...quiet, min: 1, max: 1 });
    const slot = await pool.lease();
    pool.connector.behaviours.close = ok(200);
    pool.engine.discard(slot);
    pool.engine.open();
    const watch = watched(pool.engine.whenFilled(null));
    await pool.advance(199);
    expect(watch.outcome).toBeNull();
    await pool.advance(1);
    expect([watch.outcome, pool.engine.stats().creates]).toEqual(["resolved", 2]);
  });

  it("without a timeout waits for as long as it takes", async () => {
    const pool = new Harness({ ...quiet, min: 1 });
    pool.connector.behaviours.connect = fail();
    pool.engine.open();
    const watch = watched(pool.engine.whenFilled(null));
    await pool.advance(10_000_000);
    expect(watch.outcome).toBeNull();
    pool.connector.behaviours.connect = ok();
    await pool.advance(10_000);
    expect(watch.outcome).toBe("resolved");
  });

  it("does not take a pause between two failed connects for the end", async () => {
    const pool = new Harness({ ...quiet, minIdle: 1 });
    pool.connector.behaviours.connect = fail();
    pool.engine.open();
    const watch = watched(pool.engine.whenFilled(null));
    await pool.advance(1_000);
    expect([watch.outcome, pool.engine.stats().connecting]).toEqual([null, 0]);
  });

  it("says at its timeout how long it waited, and has no cause where nothing failed", async () => {
    const pool = new Harness({ ...quiet, min: 1 });
    pool.connector.behaviours.connect = never;
    pool.engine.open();
    const watch = watched(pool.engine.whenFilled(250));
    await pool.advance(249);
    expect(watch.outcome).toBeNull();
    await pool.advance(1);
    expect(watch.reason).toMatchObject({
      code: "POOL_ACQUIRE_TIMEOUT",
      message: expect.stringMatching(/^no connection within 250 ms \(phase: connect; 0\/10 acquired/),
      holders: [],
    });
    expect(watch.reason).not.toHaveProperty("cause");
  });

  it("is rejected while the pool drains", async () => {
    const pool = new Harness({ ...quiet, min: 1 });
    pool.connector.behaviours.connect = never;
    pool.engine.open();
    const watch = watched(pool.engine.whenFilled(null));
    void pool.engine.drain();
    await settle();
    expect(watch.reason).toMatchObject({ code: "POOL_CLOSED" });
  });
});

describe("prewarm", () => {
  it("opens no more than maxIdle and max allow", async () => {
    for (const [options, opened] of [
      [{ max: 3 }, 3],
      [{ max: 5, maxIdle: 2 }, 2],
      [{ max: 9 }, 4],
    ] as const) {
      const pool = new Harness({ ...quiet, ...options });
      pool.engine.prewarm(4);
      await pool.advance(100);
      expect(pool.engine.stats()).toMatchObject({ idle: opened, creates: opened });
    }
  });

  it("counts what is open already, and does not replace what it opened", async () => {
    const pool = new Harness({ ...quiet });
    await pool.lease();
    pool.engine.prewarm(3);
    await pool.advance(100);
    expect(pool.engine.stats()).toMatchObject({ total: 3, idle: 2 });
    void pool.engine.evictAll();
    await pool.advance(10_000);
    expect(pool.engine.stats()).toMatchObject({ total: 1, creates: 3 });
  });
});
