import { ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import { OTLPMetricExporter } from "@opentelemetry/exporter-metrics-otlp-http";
import { OTLPTraceExporter as JsonTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { OTLPTraceExporter as ProtobufTraceExporter } from "@opentelemetry/exporter-trace-otlp-proto";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { AggregationType, MeterProvider, PeriodicExportingMetricReader } from "@opentelemetry/sdk-metrics";
import { SimpleSpanProcessor, type SpanExporter, TracerProvider } from "@opentelemetry/sdk-trace";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { OtlpReceiver } from "../src/receiver/index.ts";

const RESOURCE = resourceFromAttributes({ "service.name": "orders" });
const START = 1_790_000_000_123.25;

let receiver: OtlpReceiver;

beforeEach(async () => {
  receiver = await OtlpReceiver.start({ port: 0 });
});

afterEach(async () => {
  await receiver.close();
});

test.each([
  ["protobuf", "none"],
  ["protobuf", "gzip"],
  ["json", "none"],
  ["json", "gzip"],
] as const)("a span sent as %s (%s) arrives as it was made", async (encoding, compression) => {
  vi.stubEnv("OTEL_EXPORTER_OTLP_COMPRESSION", compression);
  const options = { url: `${receiver.url}/v1/traces` };
  const exporter = encoding === "json" ? new JsonTraceExporter(options) : new ProtobufTraceExporter(options);
  vi.unstubAllEnvs();
  const { parent, child } = await sendSpans(exporter);
  expect(receiver.spans()).toEqual([
    {
      traceId: child.traceId,
      spanId: child.spanId,
      parentSpanId: parent.spanId,
      name: "pool.checkout",
      kind: "client",
      startTimeUnixMillis: START,
      endTimeUnixMillis: START + 1.5,
      attributes: {
        text: "é",
        whole: -3,
        fraction: 0.5,
        yes: true,
        list: ["a", "b"],
        "__proto__ of an attacker": "harmless",
      },
      events: [{ name: "leak_suspected", timeUnixMillis: START + 1, attributes: { reason: "slow" } }],
      links: [
        {
          traceId: parent.traceId,
          spanId: parent.spanId,
          attributes: { "rockpool.link.type": "connection_setup" },
        },
      ],
      status: "error",
      statusMessage: "57P01",
      scopeName: "scope",
      resource: { "service.name": "orders" },
    },
  ]);
  expect(receiver.stats()).toMatchObject({ accepted: 1, refused: 0, spans: 1, pendingBytes: 0 });
});

async function sendSpans(exporter: SpanExporter) {
  const provider = new TracerProvider({
    resource: RESOURCE,
    spanProcessors: [new SimpleSpanProcessor({ exporter })],
  });
  const tracer = provider.getTracer("scope");
  const parent = tracer.startSpan("parent");
  const span = tracer.startSpan(
    "pool.checkout",
    {
      kind: SpanKind.CLIENT,
      startTime: START,
      links: [{ context: parent.spanContext(), attributes: { "rockpool.link.type": "connection_setup" } }],
      attributes: {
        text: "é",
        whole: -3,
        fraction: 0.5,
        yes: true,
        list: ["a", "b"],
        "__proto__ of an attacker": "harmless",
      },
    },
    trace.setSpan(ROOT_CONTEXT, parent),
  );
  span.addEvent("leak_suspected", { reason: "slow" }, START + 1);
  span.setStatus({ code: SpanStatusCode.ERROR, message: "57P01" });
  span.end(START + 1.5);
  await provider.forceFlush();
  await provider.shutdown();
  return { parent: parent.spanContext(), child: span.spanContext() };
}

test("sums, gauges, histograms and exponential histograms arrive with their numbers", async () => {
  const reader = new PeriodicExportingMetricReader({
    exporter: new OTLPMetricExporter({ url: `${receiver.url}/v1/metrics` }),
    exportIntervalMillis: 3_600_000,
  });
  const provider = new MeterProvider({
    resource: RESOURCE,
    readers: [reader],
    views: [
      {
        instrumentName: "wait",
        aggregation: { type: AggregationType.EXPLICIT_BUCKET_HISTOGRAM, options: { boundaries: [1, 10] } },
      },
      { instrumentName: "size", aggregation: { type: AggregationType.EXPONENTIAL_HISTOGRAM } },
    ],
  });
  const meter = provider.getMeter("scope");
  meter
    .createUpDownCounter("count", { unit: "{connection}" })
    .add(3, { "db.client.connection.state": "idle" });
  meter.createGauge("level").record(0.25);
  const wait = meter.createHistogram("wait", { unit: "s" });
  for (const value of [0.5, 5, 5, 50]) wait.record(value);
  const size = meter.createHistogram("size");
  for (const value of [0, 1, 4]) size.record(value);
  await reader.forceFlush();
  await provider.shutdown();

  const byName = new Map(receiver.metrics().map((metric) => [metric.name, metric]));
  expect(byName.get("count")).toMatchObject({
    unit: "{connection}",
    scopeName: "scope",
    resource: { "service.name": "orders" },
    data: {
      type: "sum",
      isMonotonic: false,
      temporality: "cumulative",
      points: [{ value: 3, attributes: { "db.client.connection.state": "idle" } }],
    },
  });
  expect(byName.get("level")).toMatchObject({ data: { type: "gauge", points: [{ value: 0.25 }] } });
  expect(byName.get("wait")).toMatchObject({
    data: {
      type: "histogram",
      points: [{ count: 4, sum: 60.5, min: 0.5, max: 50, bounds: [1, 10], bucketCounts: [1, 2, 1] }],
    },
  });
  const data = byName.get("size")?.data;
  const point = data?.type === "histogram" ? data.points[0] : undefined;
  expect(point).toMatchObject({ count: 3, sum: 5, min: 0, max: 4 });
  expect(point?.bucketCounts.reduce((total, count) => total + count, 0)).toBe(3);
  expect(point?.bucketCounts[0]).toBe(1);
  expect(point?.bounds).toHaveLength((point?.bucketCounts.length ?? 0) - 1);
});

test("a listener is called with each batch until it is disposed of", async () => {
  const names: string[] = [];
  const subscription = receiver.onSpans((spans) => void names.push(...spans.map((span) => span.name)));
  await sendSpans(new ProtobufTraceExporter({ url: `${receiver.url}/v1/traces` }));
  subscription[Symbol.dispose]();
  await sendSpans(new ProtobufTraceExporter({ url: `${receiver.url}/v1/traces` }));
  expect(names).toEqual(["pool.checkout"]);
});

test("what a listener throws reaches the handler, not the sender or the other listeners", async () => {
  const errors: unknown[] = [];
  await using other = await OtlpReceiver.start({ port: 0, onError: (error) => errors.push(error) });
  let seen = 0;
  other.onSpans(() => Promise.reject(new Error("mine")));
  other.onSpans((spans) => {
    seen += spans.length;
  });
  await sendSpans(new ProtobufTraceExporter({ url: `${other.url}/v1/traces` }));
  expect(errors).toEqual([new Error("mine")]);
  expect(seen).toBe(1);
});

test("the buffer keeps the newest spans and counts what it dropped", async () => {
  await using small = await OtlpReceiver.start({ port: 0, maxSpans: 2 });
  const last: string[] = [];
  for (let batch = 0; batch < 5; batch += 1) {
    const { child } = await sendSpans(new JsonTraceExporter({ url: `${small.url}/v1/traces` }));
    last.push(child.spanId);
  }
  expect(small.spans().map((span) => span.spanId)).toEqual(last.slice(-2));
  expect(small.stats()).toMatchObject({ spans: 5, droppedSpans: 3 });
});
