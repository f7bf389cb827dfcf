import { createRequire } from "node:module";
import { context, metrics, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { PgInstrumentation } from "@opentelemetry/instrumentation-pg";
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from "@opentelemetry/sdk-metrics";
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  BatchSpanProcessor,
  TracerProvider,
} from "@opentelemetry/sdk-trace";
import type { Figures } from "../bench-case.ts";
import { drive } from "../drive.ts";
import { serveTurns } from "../remote.ts";
import { loadWithoutTelemetry } from "./without-telemetry.ts";

export type TelemetryMode =
  | "compiled-out"
  | "no-sdk"
  | "unsampled"
  | "recording"
  | "pg-plain"
  | "pg-recording";

const select = "select $1::int as x";

/** An exporter that takes everything and keeps nothing: the cost measured is that of making spans. */
const discard = {
  export: (_spans: unknown, done: (result: { code: number }) => void): void => done({ code: 0 }),
  shutdown: async (): Promise<void> => {},
};

function startSdk(isRecording: boolean): void {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  trace.setGlobalTracerProvider(
    new TracerProvider({
      sampler: isRecording ? new AlwaysOnSampler() : new AlwaysOffSampler(),
      spanProcessors: [new BatchSpanProcessor({ exporter: discard })],
    }),
  );
  const reader = new PeriodicExportingMetricReader({
    exporter: new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE),
    exportIntervalMillis: 600_000,
  });
  metrics.setGlobalMeterProvider(new MeterProvider({ readers: [reader] }));
}

interface Subject {
  query(index: number): Promise<unknown>;
  close(): Promise<void>;
}

async function rockpool(databaseUrl: string, isCompiledOut: boolean): Promise<Subject> {
  const { createPool } = isCompiledOut ? await loadWithoutTelemetry() : await import("@rockpool/core");
  const pool = createPool(databaseUrl, { name: "bench", max: 10, pipelining: null });
  return { query: (index) => pool.query(select, [index]), close: () => pool.close() };
}

async function pgPool(databaseUrl: string): Promise<Subject> {
  const pg: typeof import("pg") = createRequire(import.meta.url)("pg");
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 10 });
  return { query: (index) => pool.query(select, [index]), close: () => pool.end() };
}

async function start(mode: string, databaseUrl: string, total: number): Promise<void> {
  if (mode.endsWith("recording") || mode === "unsampled") startSdk(mode !== "unsampled");
  if (mode === "pg-recording") new PgInstrumentation().enable();
  const subject = mode.startsWith("pg-")
    ? await pgPool(databaseUrl)
    : await rockpool(databaseUrl, mode === "compiled-out");
  const run = (): Promise<Figures> => drive(total, 64, (index) => subject.query(index));
  await run();
  serveTurns(run, () => subject.close());
}

const [mode = "", databaseUrl = "", scale = "1"] = process.argv.slice(2);
await start(mode, databaseUrl, Math.ceil(6_000 * Number(scale)));
