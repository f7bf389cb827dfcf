import { expect, test } from "vitest";
import { attributesFrom } from "../src/model/attributes.ts";
import type { ReceivedMetric, Temporality } from "../src/model/metric.ts";
import { PoolMetrics, percentileMillis } from "../src/timeline/index.ts";

const RESOURCE = attributesFrom([
  ["service.name", "orders"],
  ["process.pid", 7],
]);

function sum(
  name: string,
  value: number,
  attributes: Record<string, string>,
  temporality: Temporality = "cumulative",
): ReceivedMetric {
  return {
    name,
    description: "",
    unit: "{connection}",
    scopeName: "test",
    resource: RESOURCE,
    data: {
      type: "sum",
      isMonotonic: false,
      temporality,
      points: [
        {
          attributes: attributesFrom(Object.entries(attributes)),
          startTimeUnixMillis: 0,
          timeUnixMillis: 1_000,
          value,
        },
      ],
    },
  };
}

function histogram(
  name: string,
  unit: string,
  options: {
    bounds: number[];
    bucketCounts: number[];
    sum: number;
    pool: Record<string, string>;
    temporality?: Temporality;
  },
): ReceivedMetric {
  const { bounds, bucketCounts, pool, temporality = "cumulative" } = options;
  const count = bucketCounts.reduce((total, one) => total + one, 0);
  return {
    name,
    description: "",
    unit,
    scopeName: "test",
    resource: RESOURCE,
    data: {
      type: "histogram",
      temporality,
      points: [
        {
          attributes: attributesFrom(Object.entries(pool)),
          startTimeUnixMillis: 0,
          timeUnixMillis: 2_000,
          count,
          sum: options.sum,
          min: null,
          max: null,
          bounds,
          bucketCounts,
        },
      ],
    },
  };
}

const MAIN = { "db.client.connection.pool.name": "main" };

test("the numbers of a pool come from the metrics of the conventions", () => {
  const pools = new PoolMetrics();
  pools.add([
    sum("db.client.connection.count", 3, { ...MAIN, "db.client.connection.state": "used" }),
    sum("db.client.connection.count", 2, { ...MAIN, "db.client.connection.state": "idle" }),
    sum("db.client.connection.max", 10, MAIN),
    sum("db.client.connection.idle.min", 1, MAIN),
    sum("db.client.connection.idle.max", 10, MAIN),
    sum("db.client.connection.pending_requests", 4, MAIN),
    sum("db.client.connection.timeouts", 5, MAIN),
    sum("rockpool.connection.acquires", 90, { ...MAIN, "rockpool.acquire.source": "idle" }),
    sum("rockpool.connection.closed", 1, { ...MAIN, "rockpool.close.reason": "lifetime" }),
    histogram("db.client.connection.wait_time", "s", {
      bounds: [0.01, 0.1],
      bucketCounts: [8, 1, 1],
      sum: 0.7,
      pool: MAIN,
    }),
  ]);
  expect(pools.pools()).toMatchObject([
    {
      poolName: "main",
      serviceName: "orders",
      process: "7",
      used: 3,
      idle: 2,
      max: 10,
      idleMin: 1,
      idleMax: 10,
      pending: 4,
      timeouts: 5,
      acquiresBySource: { idle: 90 },
      closedByReason: { lifetime: 1 },
      waitTime: { count: 10, sumMillis: 700, boundsMillis: [10, 100], bucketCounts: [8, 1, 1] },
      useTime: null,
      updatedUnixMillis: 2_000,
    },
  ]);
});

test("the deprecated names that other languages still send say the same, in milliseconds", () => {
  const pools = new PoolMetrics();
  const pool = { "pool.name": "HikariPool-1" };
  pools.add([
    sum("db.client.connections.usage", 6, { ...pool, state: "used" }),
    sum("db.client.connections.pending_requests", 2, pool),
    histogram("db.client.connections.wait_time", "ms", { bounds: [10], bucketCounts: [1, 0], sum: 4, pool }),
  ]);
  expect(pools.pools()).toMatchObject([
    {
      poolName: "HikariPool-1",
      used: 6,
      idle: null,
      pending: 2,
      waitTime: { sumMillis: 4, boundsMillis: [10] },
    },
  ]);
});

test("changes are added up where the sender tells changes", () => {
  const pools = new PoolMetrics();
  for (const value of [2, 3]) {
    pools.add([
      sum("db.client.connection.timeouts", value, MAIN, "delta"),
      histogram("db.client.connection.use_time", "s", {
        bounds: [1],
        bucketCounts: [value, 0],
        sum: 1,
        pool: MAIN,
        temporality: "delta",
      }),
    ]);
  }
  expect(pools.pools()).toMatchObject([
    { timeouts: 5, useTime: { count: 5, sumMillis: 2_000, bucketCounts: [5, 0] } },
  ]);
});

test("metrics of no pool are skipped", () => {
  const pools = new PoolMetrics();
  let changes = 0;
  pools.onChange(() => {
    changes += 1;
  });
  pools.add([sum("http.server.active_requests", 1, {}), sum("db.client.connection.max", 1, {})]);
  expect(pools.pools()).toEqual([]);
  pools.add([sum("db.client.connection.max", 1, MAIN)]);
  expect(changes).toBeGreaterThan(0);
});

test("the pool that was quiet longest makes room for a new one", () => {
  const pools = new PoolMetrics({ maxPools: 2 });
  for (const name of ["a", "b", "c"])
    pools.add([sum("db.client.connection.max", 1, { "db.client.connection.pool.name": name })]);
  expect(pools.pools()).toHaveLength(2);
  expect(pools.pools().map((pool) => pool.poolName)).toContain("c");
});

test.each([
  [0.5, 6.25],
  [0.8, 10],
  [0.9, 100],
  [1, 100],
])("the share %d lies below %d ms", (share, expected) => {
  const distribution = { count: 10, sumMillis: 0, boundsMillis: [10, 100], bucketCounts: [8, 1, 1] };
  expect(percentileMillis(distribution, share)).toBeCloseTo(expected);
});

test("nothing measured has no percentile", () => {
  expect(
    percentileMillis({ count: 0, sumMillis: 0, boundsMillis: [1], bucketCounts: [0, 0] }, 0.5),
  ).toBeNull();
});
