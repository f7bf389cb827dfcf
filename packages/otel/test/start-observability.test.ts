import { metrics, trace } from "@opentelemetry/api";
import { PgInstrumentation } from "@opentelemetry/instrumentation-pg";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type Observability, startObservability } from "../src/index.ts";
import { ReuseTimeline } from "../src/timeline/index.ts";
import { type Collector, startCollector } from "./support/collector.ts";
import { useEnvironment } from "./support/environment.ts";
import { collectWarnings, warningsDelivered } from "./support/process-warnings.ts";

let collector: Collector;
let observability: Observability | null = null;

beforeEach(async () => {
  collector = await startCollector();
});

afterEach(async () => {
  await observability?.shutdown();
  observability = null;
  vi.unstubAllEnvs();
  await collector[Symbol.asyncDispose]();
});

function work(): void {
  trace.getTracer("test").startSpan("work").end();
  const meter = metrics.getMeter("test");
  meter.createHistogram("db.client.connection.wait_time", { unit: "s" }).record(0.02);
  meter.createCounter("jobs").add(1);
}

test.each(["http/protobuf", "http/json", "grpc"])("spans and metrics leave over %s", async (protocol) => {
  useEnvironment({
    OTEL_EXPORTER_OTLP_PROTOCOL: protocol,
    OTEL_EXPORTER_OTLP_ENDPOINT: protocol === "grpc" ? collector.grpcUrl : collector.httpUrl,
    OTEL_LOGS_EXPORTER: "none",
  });
  observability = startObservability({ serviceName: "orders" });
  work();
  await observability.shutdown();
  expect(collector.spanNames).toEqual(["work"]);
  expect(collector.serviceNames).toEqual(["orders"]);
  expect([...collector.metrics.keys()].sort()).toEqual(["db.client.connection.wait_time", "jobs"]);
});

test("the tests run on the SDK line that they are meant for", async () => {
  useEnvironment({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.httpUrl, OTEL_LOGS_EXPORTER: "none" });
  observability = startObservability();
  work();
  await observability.shutdown();
  const line = process.env.ROCKPOOL_SDK_HOME === undefined ? "2." : "3.";
  expect(collector.sdkVersions.map((version) => version.slice(0, 2))).toEqual([line]);
});

test("a flush sends what is buffered and leaves telemetry running", async () => {
  useEnvironment({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.httpUrl, OTEL_LOGS_EXPORTER: "none" });
  observability = startObservability();
  work();
  await observability.flush();
  expect(collector.spanNames).toEqual(["work"]);
  expect(collector.metrics.has("jobs")).toBe(true);
  trace.getTracer("test").startSpan("later").end();
  await observability.flush();
  expect(collector.spanNames).toEqual(["work", "later"]);
});

test("the histograms of the database conventions get buckets that fit them", async () => {
  useEnvironment({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.httpUrl, OTEL_LOGS_EXPORTER: "none" });
  observability = startObservability();
  work();
  await observability.shutdown();
  expect(collector.metrics.get("db.client.connection.wait_time")).toEqual([
    0.0001, 0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30,
  ]);
});

test.each([
  { OTEL_SERVICE_NAME: "canary" },
  { OTEL_RESOURCE_ATTRIBUTES: "deployment.environment.name=test,service.name=canary" },
])("the operator's name of the service wins over the code's (%j)", async (variables) => {
  useEnvironment({
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.httpUrl,
    OTEL_LOGS_EXPORTER: "none",
    ...variables,
  });
  observability = startObservability({ serviceName: "orders" });
  work();
  await observability.shutdown();
  expect(collector.serviceNames).toEqual(["canary"]);
});

test("OTEL_SDK_DISABLED starts nothing", async () => {
  useEnvironment({ OTEL_SDK_DISABLED: "true", OTEL_EXPORTER_OTLP_ENDPOINT: collector.httpUrl });
  observability = startObservability({ serviceName: "orders" });
  expect(observability.isEnabled).toBe(false);
  expect(trace.getTracer("test").startSpan("work").isRecording()).toBe(false);
  expect(process.listenerCount("SIGTERM")).toBe(0);
});

test("spans can go to processors of the application, such as the timeline", async () => {
  useEnvironment({ OTEL_METRICS_EXPORTER: "none", OTEL_LOGS_EXPORTER: "none" });
  const timeline = new ReuseTimeline();
  observability = startObservability({ spanProcessors: [timeline] });
  trace
    .getTracer("test")
    .startSpan("pool.checkout", { attributes: { "rockpool.connection.id": "main#1" } })
    .end();
  expect(timeline.snapshot().lanes.map((lane) => lane.connectionId)).toEqual(["main#1"]);
});

test("instrumentation-pg is switched off unless it is asked for", () => {
  useEnvironment({ OTEL_TRACES_EXPORTER: "none", OTEL_METRICS_EXPORTER: "none", OTEL_LOGS_EXPORTER: "none" });
  const instrumentation = new PgInstrumentation();
  const disable = vi.spyOn(instrumentation, "disable");
  const enable = vi.spyOn(instrumentation, "enable");
  observability = startObservability({ instrumentations: [[instrumentation]] });
  expect(disable).toHaveBeenCalledOnce();
  expect(enable).not.toHaveBeenCalled();
});

test("instrumentation-pg stays on where it is asked for", () => {
  useEnvironment({ OTEL_TRACES_EXPORTER: "none", OTEL_METRICS_EXPORTER: "none", OTEL_LOGS_EXPORTER: "none" });
  const instrumentation = new PgInstrumentation();
  const disable = vi.spyOn(instrumentation, "disable");
  observability = startObservability({ instrumentations: [instrumentation], keepPgInstrumentation: true });
  expect(disable).not.toHaveBeenCalled();
  instrumentation.disable();
});

test("a second start returns what runs and says that its options have no effect", async () => {
  useEnvironment({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.httpUrl, OTEL_LOGS_EXPORTER: "none" });
  using warnings = collectWarnings();
  observability = startObservability();
  expect(startObservability({ serviceName: "other" })).toBe(observability);
  await warningsDelivered();
  expect(warnings.codes).toContain("ROCKPOOL_OTEL_STARTED_TWICE");
});

test("a configuration file that replaces options of the call says which", async () => {
  useEnvironment({ OTEL_CONFIG_FILE: "absent.yaml" });
  using warnings = collectWarnings();
  observability = startObservability({ serviceName: "orders", databaseViews: false, flushOnExit: false });
  await warningsDelivered();
  expect(warnings.messages).toContain(
    "OTEL_CONFIG_FILE is set: serviceName, databaseViews of startObservability() have no effect, state them in the file",
  );
});

test("after shutdown telemetry can start again, and leaves no listener behind", async () => {
  useEnvironment({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.httpUrl, OTEL_LOGS_EXPORTER: "none" });
  const before =
    process.listenerCount("SIGTERM") + process.listenerCount("SIGINT") + process.listenerCount("beforeExit");
  for (let round = 0; round < 2; round += 1) {
    await using _ = startObservability();
    work();
  }
  expect(collector.spanNames).toEqual(["work", "work"]);
  expect(
    process.listenerCount("SIGTERM") + process.listenerCount("SIGINT") + process.listenerCount("beforeExit"),
  ).toBe(before);
});

test("a collector that never answers delays the shutdown by no more than its limit", async () => {
  useEnvironment({ OTEL_METRICS_EXPORTER: "none", OTEL_LOGS_EXPORTER: "none" });
  const never = new Promise<void>(() => {});
  observability = startObservability({
    shutdownTimeoutMillis: 20,
    traceExporter: { export: () => {}, shutdown: () => never, forceFlush: () => never },
  });
  work();
  await observability.flush();
  await observability.shutdown();
  expect(trace.getTracer("test").startSpan("work").isRecording()).toBe(false);
});

test.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])(
  "a shutdown limit of %d is refused",
  (shutdownTimeoutMillis) => {
    expect(() => startObservability({ shutdownTimeoutMillis })).toThrow(RangeError);
  },
);

test("an option that there is not is refused by name, also where telemetry is disabled", () => {
  useEnvironment({ OTEL_SDK_DISABLED: "true" });
  const misspelt = { flushOnExit: false, serivceName: "orders" };
  expect(() => startObservability(misspelt)).toThrow(
    /^serivceName is not an option of startObservability; the options are .*serviceName/,
  );
});
