import { expect, test } from "vitest";
import { describePool, drawPool } from "../src/live/describe-pool.ts";

const sizes = { max: 6, idle: 1, acquired: 2, connecting: 1, validating: 0, resetting: 1, closing: 0 };
const stats = { ...sizes, waiting: 3, acquires: 1_200, creates: 5, leaksSuspected: 1 };
const moment = {
  stats,
  load: { phase: "burst", requests: 900, failures: 0, inFlight: 12, turnedAway: 0 },
  acquiresPerSecond: 512.4,
  requestsPerSecond: 300,
  waitMillis: { p50: 0.3, p99: 41.7 },
  seconds: 75,
  lastLeak: null,
} as const;

test("each slot is a character: used, idle, connecting, not open", () => {
  expect(drawPool(moment)[2]).toContain("███▒+·");
  expect(drawPool(moment)[2]).toContain("3 used, 1 idle, 1 connecting, max 6");
});

test("the picture has as many lines in every moment, so that it can be drawn over itself", () => {
  const crowded = { ...moment, stats: { ...stats, waiting: 500 } };
  expect(drawPool(crowded)).toHaveLength(drawPool(moment).length);
  expect(Math.max(...drawPool(crowded).map((line) => line.length))).toBeLessThan(100);
});

test("the last leak is shown with its place", () => {
  expect(drawPool({ ...moment, lastLeak: "playground#3 at leakConnection" }).at(-1)).toContain(
    "playground#3 at leakConnection",
  );
});

test("a log gets the same in one line", () => {
  expect(describePool(moment)).toBe(
    "01:15  ███▒+·  used 3/6  idle 1  waiting 3  512 acquires/s  wait p50 0.3 ms p99 42 ms  burst",
  );
});
