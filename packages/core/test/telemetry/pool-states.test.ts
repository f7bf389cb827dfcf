import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { FakePool } from "./fake-pool.ts";
import { pointsOf, TestSdk } from "./sdk.ts";

let sdk: TestSdk;

beforeEach(() => {
  sdk = TestSdk.start();
});

afterEach(() => {
  TestSdk.stop();
});

const POOL = "db.client.connection.pool.name";
const STATE = "db.client.connection.state";

describe("the states of pools", () => {
  test("are those of each pool at the moment of the collection", async () => {
    const pools = ["a", "b", "c"].map((name) => new FakePool({ name }));
    for (let round = 0; round < 3; round += 1) {
      pools.forEach((pool, index) => {
        pool.gauges = {
          idle: index,
          used: round,
          max: 10 + index,
          maxIdle: 5 + index,
          minIdle: index,
          waiting: round * index,
        };
      });
      const collected = await sdk.collect();
      const expected = pools.flatMap((pool) => [
        { attributes: { [POOL]: pool.name, [STATE]: "idle" }, value: pool.gauges.idle },
        { attributes: { [POOL]: pool.name, [STATE]: "used" }, value: pool.gauges.used },
      ]);
      expect(pointsOf(collected.get("db.client.connection.count"))).toEqual(expected);
      expect(
        pointsOf(collected.get("db.client.connection.pending_requests")).map(({ value }) => value),
      ).toEqual([0, round, round * 2]);
      expect(pointsOf(collected.get("db.client.connection.limit")).map(({ value }) => value)).toEqual([
        10, 11, 12,
      ]);
      expect(pointsOf(collected.get("db.client.connection.idle.max")).map(({ value }) => value)).toEqual([
        5, 6, 7,
      ]);
      expect(pointsOf(collected.get("db.client.connection.idle.min")).map(({ value }) => value)).toEqual([
        0, 1, 2,
      ]);
    }
  });

  test("fall to zero when the pool closes, and its numbers are read no more", async () => {
    const pool = new FakePool();
    pool.gauges = { idle: 3, used: 2, max: 10, maxIdle: 10, minIdle: 1, waiting: 4 };
    await sdk.collect();
    pool.telemetry.close();
    Object.defineProperty(pool, "gauges", {
      get() {
        throw new Error("read after close");
      },
    });
    for (let round = 0; round < 2; round += 1) {
      const values = pointsOf((await sdk.collect()).get("db.client.connection.count")).map(
        ({ value }) => value,
      );
      expect(values).toEqual([0, 0]);
    }
  });

  test("are those of the new pool where it takes the name of a closed one", async () => {
    const old = new FakePool();
    old.gauges = { idle: 3, used: 0, max: 10, maxIdle: 10, minIdle: 0, waiting: 0 };
    await sdk.collect();
    old.telemetry.close();
    const pool = new FakePool();
    pool.gauges = { idle: 1, used: 1, max: 10, maxIdle: 10, minIdle: 0, waiting: 0 };
    const values = pointsOf((await sdk.collect()).get("db.client.connection.count")).map(
      ({ value }) => value,
    );
    expect(values).toEqual([1, 1]);
  });
});
