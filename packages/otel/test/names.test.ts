import { expect, test } from "vitest";
import * as ours from "../../core/src/telemetry/names.ts";
import * as conventions from "../../core/src/telemetry/semconv.ts";
import { FIELDS, POOL_NAMES, STATES, TIMES } from "../src/pool-metrics/metric-names.ts";
import * as timeline from "../src/timeline/names.ts";

test("every name that the timeline reads is one that core writes", () => {
  const written: Readonly<Record<string, unknown>> = { ...conventions, ...ours };
  const read = Object.entries(timeline);
  expect(read.length).toBeGreaterThan(15);
  expect(read.filter(([constant, name]) => written[constant] !== name)).toEqual([]);
});

test("every number of a pool that core reports is read, under the same name", () => {
  expect([...FIELDS.keys()]).toEqual(
    expect.arrayContaining([
      conventions.CONNECTION_COUNT,
      conventions.CONNECTION_IDLE_MAX,
      conventions.CONNECTION_IDLE_MIN,
      conventions.CONNECTION_LIMIT,
      conventions.CONNECTION_PENDING_REQUESTS,
      conventions.CONNECTION_TIMEOUTS,
      ours.METRIC_ACQUIRES,
      ours.METRIC_CLOSED,
    ]),
  );
  expect([...TIMES.keys()]).toEqual(
    expect.arrayContaining([
      conventions.CONNECTION_CREATE_TIME,
      conventions.CONNECTION_USE_TIME,
      conventions.CONNECTION_WAIT_TIME,
    ]),
  );
  expect([POOL_NAMES[0], STATES[0]]).toEqual([conventions.POOL_NAME, conventions.CONNECTION_STATE]);
});
