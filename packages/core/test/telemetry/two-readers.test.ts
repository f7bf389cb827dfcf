import { metrics } from "@opentelemetry/api";
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from "@opentelemetry/sdk-metrics";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { FakePool } from "./fake-pool.ts";
import { pointsOf } from "./sdk.ts";

/** Reads a meter provider as an exporter of its own would. */
class Reader {
  readonly #exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  readonly metricReader = new PeriodicExportingMetricReader({
    exporter: this.#exporter,
    exportIntervalMillis: 3_600_000,
  });

  /** The values of one metric, now. */
  async valuesOf(name: string): Promise<unknown[]> {
    this.#exporter.reset();
    await this.metricReader.forceFlush();
    const all = this.#exporter.getMetrics().flatMap(({ scopeMetrics }) => scopeMetrics);
    const metric = all.flatMap((scope) => scope.metrics).find(({ descriptor }) => descriptor.name === name);
    return pointsOf(metric).map(({ value }) => value);
  }
}

let first: Reader;
let second: Reader;

beforeEach(() => {
  first = new Reader();
  second = new Reader();
  const readers = [first.metricReader, second.metricReader];
  metrics.setGlobalMeterProvider(new MeterProvider({ readers }));
});

afterEach(() => metrics.disable());

const BUSY = { idle: 3, used: 2, max: 10, maxIdle: 10, minIdle: 1, waiting: 4 };

describe("where two readers look", () => {
  test("each sees the states of a closed pool fall to zero", async () => {
    const pool = new FakePool();
    pool.gauges = BUSY;
    for (const reader of [first, second]) {
      expect(await reader.valuesOf("db.client.connection.count")).toEqual([3, 2]);
    }
    pool.telemetry.close();
    for (const reader of [first, second, first]) {
      expect(await reader.valuesOf("db.client.connection.count")).toEqual([0, 0]);
    }
  });

  test("each sees every measurement once", async () => {
    const pool = new FakePool();
    const connection = pool.connect();
    for (let use = 0; use < 70; use += 1) pool.checkout(connection).released();
    for (const reader of [first, second]) {
      const [value] = await reader.valuesOf("db.client.connection.use_time");
      expect(value).toMatchObject({ count: 70 });
    }
  });
});
