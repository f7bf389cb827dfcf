import { expect, test } from "vitest";
import { Histogram } from "../src/meter/histogram.ts";
import { Meter } from "../src/meter/meter.ts";
import { describeSummary, summarise } from "../src/meter/summary.ts";

test("quantiles are right to within two per cent", () => {
  const histogram = new Histogram();
  for (let value = 1; value <= 1_000; value += 1) histogram.record(value);
  expect(histogram.quantile(0.5) / 500).toBeCloseTo(1, 1);
  expect(Math.abs(histogram.quantile(0.99) - 990)).toBeLessThan(20);
  expect(histogram.quantile(1)).toBe(1_000);
});

test("a histogram of zeros, and one of nothing, have zero quantiles", () => {
  const histogram = new Histogram();
  expect(histogram.quantile(0.99)).toBe(0);
  histogram.record(0);
  expect(histogram.quantile(0.99)).toBe(0);
});

test("the waits since the last look are apart from those of the whole run", () => {
  const meter = new Meter();
  meter.onPoolEvent(acquired(40));
  expect(meter.takeRecentWaits().count).toBe(1);
  expect(meter.takeRecentWaits().count).toBe(0);
  expect(meter.waits.count).toBe(1);
});

test("a summary counts checkouts, connections, queries and errors, and says how often a connection was reused", () => {
  const meter = new Meter();
  meter.onPoolEvent({ type: "connected", atMillis: 0, connectionId: "p#1", backendPid: 1, connectMillis: 5 });
  for (const wait of [0, 0, 0, 12]) meter.onPoolEvent(acquired(wait));
  meter.countQuery();
  meter.countError();
  const summary = summarise(meter, { seconds: 2.04, max: 10, requests: 3 });
  expect(summary).toMatchObject({
    seconds: 2,
    checkouts: 4,
    connectionsOpened: 1,
    max: 10,
    reuseRatio: 0.75,
  });
  expect(summary).toMatchObject({ requests: 3, queries: 1, errors: 1, leaksDetected: 0 });
  expect(summary.acquireWaitMillis).toEqual({ p50: 0, p99: 12 });
  expect(describeSummary(summary)).toContain("reuse ratio         75.00 %");
});

test("a pool that was never used has reused nothing", () => {
  expect(summarise(new Meter(), { seconds: 0, max: 1, requests: 0 }).reuseRatio).toBe(0);
});

test("a leak is remembered with the place that acquired the connection", () => {
  const meter = new Meter();
  const stack =
    "Error: acquired here\n    at Pool.acquire (/core/pool.ts:9:1)\n    at exportOrders (/app/src/export.ts:12:28)";
  meter.onPoolEvent({ type: "leak_suspected", atMillis: 0, connectionId: "p#3", heldMillis: 2_001, stack });
  expect(meter.leaks).toBe(1);
  expect(meter.lastLeak).toBe("p#3, acquired at exportOrders (export.ts:12:28)");
});

function acquired(waitMillis: number): Parameters<Meter["onPoolEvent"]>[0] {
  return { type: "acquired", atMillis: 0, connectionId: "p#1", source: "idle", waitMillis, useCount: 1 };
}
