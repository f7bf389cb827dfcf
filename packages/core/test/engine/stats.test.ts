import { describe, expect, it } from "vitest";
import { never, ok } from "./support/fake-connector.ts";
import { Harness } from "./support/harness.ts";
import { settle } from "./support/virtual-clock.ts";

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

  it("a release tells how long the connection was held, and a timeout how long it waited", async () => {
    const pool = new Harness({ max: 1 });
    await pool.advance(7);
    const slot = await pool.lease();
    const late = pool.ask({ timeoutMillis: 25 });
    await pool.advance(30);
    pool.engine.release(slot);
    expect(pool.log.of("released")).toEqual(["released 1 after 30"]);
    expect(String(late.error)).toContain("no connection within 25 ms");
  });

  it("tryAcquire makes up for the idle connection that it took", async () => {
    const pool = new Harness({ minIdle: 1 });
    pool.engine.open();
    await pool.advance(1);
    pool.engine.tryAcquire(null);
    await pool.advance(1);
    expect(pool.engine.stats()).toMatchObject({ idle: 1, acquired: 1 });
  });

  it("slots shows a connection in its hook as being validated, and those that are being opened in their place", async () => {
    const pool = new Harness({ max: 3, leakThresholdMillis: 60_000 });
    pool.connector.choose = (kind, on) => (kind === "prepare" && on?.id === 1 ? never : null);
    pool.ask();
    await settle();
    pool.connector.behaviours.connect = ok(500);
    pool.ask();
    await pool.advance(50);
    pool.connector.behaviours.connect = ok(5);
    await pool.advance(55);
    expect(pool.engine.slots().map(({ id, state, stack }) => [id, state, stack])).toEqual([
      [1, "validating", null],
      [2, "connecting", null],
      [3, "acquired", "at caller 1"],
    ]);
  });

  it("tells how long the one at the head of the queue has waited, and how many wait", async () => {
    const pool = new Harness({ max: 1 });
    await pool.lease();
    await pool.advance(1_000);
    pool.ask();
    await pool.advance(70);
    pool.ask();
    await pool.advance(5);
    expect(pool.engine.stats()).toMatchObject({ oldestWaiterMillis: 75, waiting: 2 });
    const { engine } = pool;
    expect([engine.waiting, engine.max]).toEqual([2, 1]);
    const gates = [[engine.isTaking, engine.isServing]];
    engine.suspend();
    gates.push([engine.isTaking, engine.isServing]);
    void engine.drain();
    gates.push([engine.isTaking, engine.isServing]);
    await pool.close();
    gates.push([engine.isTaking, engine.isServing]);
    expect(gates).toEqual([
      [true, true],
      [false, false],
      [false, true],
      [false, false],
    ]);
    expect(engine.waiting).toBe(0);
  });
});
