import { metrics, trace } from "@opentelemetry/api";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { FakePool, live } from "./fake-pool.ts";
import { pointsOf, TestSdk } from "./sdk.ts";

let sdk: TestSdk;

beforeEach(() => {
  sdk = TestSdk.start();
});

afterEach(() => {
  TestSdk.stop();
});

describe("an SDK that starts after the pool", () => {
  test("gets spans and metrics from the next use on", async () => {
    TestSdk.stop();
    const pool = new FakePool();
    live(pool);
    const late = TestSdk.start();
    pool.gauges = { idle: 1, used: 0, max: 10, maxIdle: 10, minIdle: 0, waiting: 0 };
    live(pool);
    const collected = await late.collect();
    expect(pointsOf(collected.get("db.client.connection.timeouts"))[0]?.value).toBe(1);
    expect(pointsOf(collected.get("db.client.connection.count"))).toHaveLength(2);
    expect(late.spansNamed("pool.checkout")).toHaveLength(3);
  });

  test("leaves nothing to the one before it", async () => {
    const pool = new FakePool();
    live(pool);
    TestSdk.stop();
    const next = TestSdk.start();
    live(pool);
    expect(pointsOf((await sdk.collect()).get("db.client.connection.timeouts"))[0]?.value).toBe(1);
    expect(pointsOf((await next.collect()).get("db.client.connection.timeouts"))[0]?.value).toBe(1);
  });
});

describe("providers given to the pool", () => {
  test("are used instead of the global ones", async () => {
    const own = new TestSdk();
    live(new FakePool({ tracerProvider: own.tracerProvider, meterProvider: own.meterProvider }));
    expect(sdk.spans).toEqual([]);
    expect((await sdk.collect()).size).toBe(0);
    expect(own.spansNamed("pool.checkout")).toHaveLength(3);
    expect((await own.collect()).size).toBe(13);
  });

  test("do not see the global ones removed", () => {
    const own = new TestSdk();
    const pool = new FakePool({ tracerProvider: own.tracerProvider });
    trace.disable();
    metrics.disable();
    live(pool);
    expect(own.spansNamed("pool.checkout")).toHaveLength(3);
  });
});

test("an SDK that starts during a checkout sees its queries, and goes on with the count of uses", () => {
  TestSdk.stop();
  const pool = new FakePool();
  const connection = pool.connect();
  pool.checkout(connection).released();
  const under = pool.checkout(connection);
  const late = TestSdk.start();
  pool.run(connection, under);
  under.released();
  pool.checkout(connection).released();
  expect(late.spansNamed("select orders")).toHaveLength(1);
  expect(late.span("pool.checkout").attributes["rockpool.connection.use_count"]).toBe(3);
  expect(late.span("pool.checkout").links).toEqual([]);
});
