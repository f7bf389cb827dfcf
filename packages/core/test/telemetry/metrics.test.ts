import { DataPointType, type MetricData } from "@opentelemetry/sdk-metrics";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { PoolClosedError } from "../../src/errors.ts";
import { acquireTimeout, FakePool, live } from "./fake-pool.ts";
import { pointsOf, TestSdk } from "./sdk.ts";

let sdk: TestSdk;

beforeEach(() => {
  sdk = TestSdk.start();
});

afterEach(() => {
  TestSdk.stop();
});

const POOL = "db.client.connection.pool.name";
const BUCKETS = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10];

function typeOf(metric: MetricData | undefined): string | undefined {
  if (metric?.dataPointType === DataPointType.HISTOGRAM) return "histogram";
  if (metric?.dataPointType !== DataPointType.SUM) return undefined;
  return metric.isMonotonic ? "counter" : "up-down counter";
}

function boundariesOf(metric: MetricData & { dataPointType: DataPointType.HISTOGRAM }): number[] | undefined {
  return metric.dataPoints[0]?.value.buckets.boundaries;
}

function countIn(metric: MetricData | undefined): number | undefined {
  return metric?.dataPointType === DataPointType.HISTOGRAM ? metric.dataPoints[0]?.value.count : undefined;
}

const DURATION = { type: "histogram", unit: "s", buckets: BUCKETS };
const CONNECTIONS = { type: "up-down counter", unit: "{connection}", buckets: null };

describe("each instrument has its name, type, unit and buckets", () => {
  test.each([
    ["db.client.connection.count", CONNECTIONS],
    ["db.client.connection.idle.max", CONNECTIONS],
    ["db.client.connection.idle.min", CONNECTIONS],
    ["db.client.connection.limit", CONNECTIONS],
    ["db.client.connection.pending_requests", { ...CONNECTIONS, unit: "{request}" }],
    ["db.client.connection.timeouts", { type: "counter", unit: "{timeout}", buckets: null }],
    ["db.client.connection.create_time", DURATION],
    ["db.client.connection.wait_time", DURATION],
    ["db.client.connection.use_time", DURATION],
    ["db.client.operation.duration", DURATION],
    ["rockpool.connection.acquires", { type: "counter", unit: "{acquire}", buckets: null }],
    ["rockpool.connection.closed", { type: "counter", unit: "{connection}", buckets: null }],
    ["rockpool.connection.uses", { type: "histogram", unit: "{use}", buckets: expect.any(Array) }],
  ])("%s", async (name, expected) => {
    live(new FakePool());
    const metric = (await sdk.collect()).get(name);
    expect({
      type: typeOf(metric),
      unit: metric?.descriptor.unit,
      buckets: metric?.dataPointType === DataPointType.HISTOGRAM ? boundariesOf(metric) : null,
    }).toEqual(expected);
  });

  test("and there is no other", async () => {
    live(new FakePool());
    expect((await sdk.collect()).size).toBe(13);
  });
});

describe("the points of a metric", () => {
  test("have the attributes of the convention and no more", async () => {
    live(new FakePool({ port: 6543 }));
    const collected = await sdk.collect();
    const pool = { [POOL]: "main" };
    const one = expect.objectContaining({ count: 1 });
    expect(pointsOf(collected.get("db.client.connection.timeouts"))).toEqual([
      { attributes: pool, value: 1 },
    ]);
    expect(pointsOf(collected.get("db.client.connection.create_time"))).toEqual([
      { attributes: pool, value: one },
    ]);
    expect(pointsOf(collected.get("db.client.connection.wait_time"))).toEqual([
      { attributes: pool, value: expect.objectContaining({ count: 2, sum: 0.02 }) },
    ]);
    expect(pointsOf(collected.get("db.client.connection.use_time"))).toEqual([
      { attributes: pool, value: expect.objectContaining({ count: 2 }) },
    ]);
    expect(pointsOf(collected.get("rockpool.connection.uses"))).toEqual([
      { attributes: pool, value: expect.objectContaining({ count: 1, sum: 2 }) },
    ]);
    expect(pointsOf(collected.get("rockpool.connection.closed"))).toEqual([
      { attributes: { ...pool, "rockpool.close.reason": "lifetime" }, value: 1 },
    ]);
    expect(pointsOf(collected.get("rockpool.connection.acquires"))).toEqual([
      { attributes: { ...pool, "rockpool.acquire.source": "idle" }, value: 1 },
      { attributes: { ...pool, "rockpool.acquire.source": "queued" }, value: 1 },
    ]);
  });

  test("of operations are as few as the convention demands, at most five", async () => {
    live(new FakePool({ port: 6543, querySummary: "metrics" }));
    const [ok, failed] = pointsOf((await sdk.collect()).get("db.client.operation.duration"));
    expect(ok?.attributes).toEqual({
      "db.system.name": "postgresql",
      "db.namespace": "orders",
      "server.address": "db.example",
      "server.port": 6543,
      "db.query.summary": "select orders",
    });
    expect(failed?.attributes).toEqual({
      "db.system.name": "postgresql",
      "db.namespace": "orders",
      "error.type": "23505",
      "db.response.status_code": "23505",
      "server.port": 6543,
    });
  });

  test("of operations name the server on the usual port, and no summary by default", async () => {
    live(new FakePool());
    const points = pointsOf((await sdk.collect()).get("db.client.operation.duration"));
    const failed = points.find(({ attributes }) => "error.type" in attributes);
    const ok = points.find((point) => point !== failed);
    const base = { "db.system.name": "postgresql", "db.namespace": "orders", "server.address": "db.example" };
    expect(ok?.attributes).toEqual(base);
    expect(failed?.attributes).toEqual({
      ...base,
      "error.type": "23505",
      "db.response.status_code": "23505",
    });
  });

  test("are complete whenever somebody reads them, and after the pool was closed too", async () => {
    const pool = new FakePool();
    const connection = pool.connect();
    const use = (times: number) => {
      for (let n = 0; n < times; n += 1) {
        const checkout = pool.checkout(connection);
        pool.run(connection, checkout);
        checkout.released();
      }
    };
    const counts = async () => {
      const metrics = await sdk.collect();
      const names = ["operation.duration", "connection.wait_time", "connection.use_time"];
      return names.map((name) => countIn(metrics.get(`db.client.${name}`)));
    };
    use(1);
    expect(await counts()).toEqual([1, 1, 1]);
    use(150);
    expect(await counts()).toEqual([151, 151, 151]);
    pool.telemetry.close();
    use(1);
    expect(await counts()).toEqual([152, 152, 152]);
    use(1);
    expect(await counts()).toEqual([153, 153, 153]);
  });

  test("count as a timeout only what was one", async () => {
    const pool = new FakePool();
    pool.telemetry.startCheckout("explicit").failed(new PoolClosedError("main"));
    pool.telemetry.startCheckout("explicit").failed(acquireTimeout());
    const [point] = pointsOf((await sdk.collect()).get("db.client.connection.timeouts"));
    expect(point?.value).toBe(1);
  });
});
