import { context, metrics, type SpanContext, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  type MetricData,
  PeriodicExportingMetricReader,
} from "@opentelemetry/sdk-metrics";
import {
  InMemorySpanExporter,
  type ReadableSpan,
  type Sampler,
  SimpleSpanProcessor,
  type Span,
  type SpanProcessor,
  TracerProvider,
} from "@opentelemetry/sdk-trace";

/** Counts how often each span starts and ends. */
export class SpanLedger implements SpanProcessor {
  readonly started: Span[] = [];
  readonly ends: Map<string, number> = new Map();

  onStart(span: Span): void {
    this.started.push(span);
  }

  onEnd(span: ReadableSpan): void {
    const { spanId } = span.spanContext();
    this.ends.set(spanId, (this.ends.get(spanId) ?? 0) + 1);
  }

  async forceFlush(): Promise<void> {}
  async shutdown(): Promise<void> {}

  /** The names of the spans that did not end exactly once. */
  get unbalanced(): string[] {
    return this.started
      .filter((span) => this.ends.get(span.spanContext().spanId) !== 1)
      .map((span) => span.name);
  }
}

/** A whole SDK in memory, registered globally until `stop()`. */
export class TestSdk {
  readonly ledger: SpanLedger = new SpanLedger();
  readonly #spans = new InMemorySpanExporter();
  readonly #metrics = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  readonly #reader: PeriodicExportingMetricReader;
  readonly meterProvider: MeterProvider;
  readonly tracerProvider: TracerProvider;

  constructor(options: { sampler?: Sampler } = {}) {
    this.#reader = new PeriodicExportingMetricReader({
      exporter: this.#metrics,
      exportIntervalMillis: 3_600_000,
    });
    this.meterProvider = new MeterProvider({ readers: [this.#reader] });
    this.tracerProvider = new TracerProvider({
      ...options,
      spanProcessors: [this.ledger, new SimpleSpanProcessor({ exporter: this.#spans })],
    });
  }

  /** Makes it the SDK of the process. */
  static start(options: { sampler?: Sampler } = {}): TestSdk {
    const sdk = new TestSdk(options);
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
    trace.setGlobalTracerProvider(sdk.tracerProvider);
    metrics.setGlobalMeterProvider(sdk.meterProvider);
    return sdk;
  }

  static stop(): void {
    context.disable();
    trace.disable();
    metrics.disable();
  }

  /** Every span that ended so far, in the order of their ends. */
  get spans(): ReadableSpan[] {
    return this.#spans.getFinishedSpans();
  }

  spansNamed(name: string): ReadableSpan[] {
    return this.spans.filter((span) => span.name === name);
  }

  /** The only span of that name. */
  span(name: string): ReadableSpan {
    const [span, ...more] = this.spansNamed(name);
    if (span === undefined || more.length > 0) {
      throw new Error(`expected one span ${name}, found ${this.spans.map((other) => other.name).join(", ")}`);
    }
    return span;
  }

  /** What the metrics say now, by name. */
  async collect(): Promise<Map<string, MetricData>> {
    this.#metrics.reset();
    await this.#reader.forceFlush();
    const all = this.#metrics.getMetrics().flatMap((resource) => resource.scopeMetrics);
    return new Map(all.flatMap((scope) => scope.metrics).map((metric) => [metric.descriptor.name, metric]));
  }
}

/** The attributes as a plain object, sorted, for exact comparison. */
export function attributesOf(span: ReadableSpan): Record<string, unknown> {
  return { ...span.attributes };
}

export function parentIdOf(span: ReadableSpan): string | undefined {
  return span.parentSpanContext?.spanId;
}

export function idOf(span: { spanContext(): SpanContext }): string {
  return span.spanContext().spanId;
}

/** The points of a metric as `attributes → value`, with counts for histograms. */
export function pointsOf(metric: MetricData | undefined): { attributes: object; value: unknown }[] {
  if (metric === undefined) return [];
  return metric.dataPoints.map(({ attributes, value }) => ({ attributes: { ...attributes }, value }));
}
