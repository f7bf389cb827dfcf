import { randomBytes } from "node:crypto";
import {
  type Attributes,
  type AttributeValue,
  type Context,
  type Exception,
  type Link,
  type Span,
  type SpanContext,
  SpanKind,
  type SpanOptions,
  type SpanStatus,
  SpanStatusCode,
  type TimeInput,
  TraceFlags,
  type Tracer,
  type TracerProvider,
  trace,
} from "@opentelemetry/api";
import type { SdkSpan } from "@rockpool/otel/timeline";
import type { Caller, SpanSink } from "../model/database.ts";

type HrTime = [seconds: number, nanos: number];

/** The wall clock, which can jump while the machine sleeps, is looked at again where the two clocks differ by this much. */
const MAX_DRIFT_MILLIS = 100;

/** Gives one moment one time: the monotonic clock, counted from the wall clock's last word. */
class SpanClock {
  #offset = Date.now() - performance.now();

  now(): HrTime {
    return this.at(performance.now());
  }

  /** @param input - as the API takes it: of the monotonic clock, of the wall clock, or as seconds and nanoseconds. */
  from(input: TimeInput | undefined): HrTime {
    if (input === undefined) return this.now();
    if (Array.isArray(input)) return input;
    if (input instanceof Date) return toHrTime(input.getTime());
    return input < performance.timeOrigin ? this.at(input) : toHrTime(input);
  }

  at(monotonicMillis: number): HrTime {
    const offset = Date.now() - performance.now();
    if (Math.abs(offset - this.#offset) > MAX_DRIFT_MILLIS) this.#offset = offset;
    return toHrTime(this.#offset + monotonicMillis);
  }
}

function toHrTime(millis: number): HrTime {
  const seconds = Math.trunc(millis / 1_000);
  return [seconds, (millis - seconds * 1_000) * 1e6];
}

/**
 * Makes the spans of the extension's own pools, without an SDK and out of sight of any that another extension may have started.
 *
 * What runs inside `callFor` is known to be for an editor: its spans name the document and the line, as spans of a program name
 * their source.
 */
export class LaneTracer implements TracerProvider, Tracer {
  readonly #sink: SpanSink;
  readonly #clock = new SpanClock();
  #caller: Caller | null = null;

  constructor(sink: SpanSink) {
    this.#sink = sink;
  }

  getTracer(): Tracer {
    return this;
  }

  /** Runs a call synchronously; the spans that it starts are for that caller. */
  callFor<T>(caller: Caller | null, call: () => T): T {
    const before = this.#caller;
    this.#caller = caller;
    try {
      return call();
    } finally {
      this.#caller = before;
    }
  }

  startSpan(name: string, options: SpanOptions = {}, context?: Context): Span {
    const parent = context === undefined || options.root === true ? undefined : trace.getSpanContext(context);
    const span = new LaneSpan(this.#clock, {
      name,
      options,
      parent,
      caller: this.#caller,
      onEnd: (ended) => this.#sink.onEnd(ended),
    });
    this.#sink.onStart(span);
    return span;
  }

  startActiveSpan<F extends (span: Span) => unknown>(name: string, fn: F): ReturnType<F>;
  startActiveSpan<F extends (span: Span) => unknown>(
    name: string,
    options: SpanOptions,
    fn: F,
  ): ReturnType<F>;
  startActiveSpan<F extends (span: Span) => unknown>(
    name: string,
    options: SpanOptions,
    context: Context,
    fn: F,
  ): ReturnType<F>;
  startActiveSpan(): never {
    throw new Error("bug: the pool starts its spans with an explicit parent");
  }
}

/** One span, in the shape in which a timeline reads spans of an SDK. */
class LaneSpan implements Span, SdkSpan {
  readonly name: string;
  readonly kind: SpanKind;
  readonly parentSpanContext: SpanContext | undefined;
  readonly startTime: HrTime;
  readonly attributes: Record<string, AttributeValue | undefined>;
  readonly events: { name: string; time: HrTime; attributes: Attributes }[] = [];
  readonly links: Link[];
  readonly instrumentationScope = { name: "@rockpool/core" };
  endTime: HrTime;
  status: SpanStatus = { code: SpanStatusCode.UNSET };
  readonly #clock: SpanClock;
  readonly #context: SpanContext;
  readonly #onEnd: (span: LaneSpan) => void;
  #isRecording = true;

  constructor(
    clock: SpanClock,
    start: {
      name: string;
      options: SpanOptions;
      parent: SpanContext | undefined;
      caller: Caller | null;
      onEnd: (span: LaneSpan) => void;
    },
  ) {
    const { options, parent } = start;
    this.name = start.name;
    this.kind = options.kind ?? SpanKind.INTERNAL;
    this.parentSpanContext = parent;
    this.startTime = clock.from(options.startTime);
    this.endTime = this.startTime;
    this.attributes = { ...options.attributes, ...placeOf(start.caller) };
    this.links = options.links ?? [];
    this.#clock = clock;
    this.#onEnd = start.onEnd;
    this.#context = {
      traceId: parent?.traceId ?? randomBytes(16).toString("hex"),
      spanId: randomBytes(8).toString("hex"),
      traceFlags: TraceFlags.SAMPLED,
    };
  }

  spanContext(): SpanContext {
    return this.#context;
  }

  isRecording(): boolean {
    return this.#isRecording;
  }

  setAttribute(key: string, value: AttributeValue): this {
    this.attributes[key] = value;
    return this;
  }

  setAttributes(attributes: Attributes): this {
    Object.assign(this.attributes, attributes);
    return this;
  }

  addEvent(name: string, attributesOrTime?: Attributes | TimeInput, time?: TimeInput): this {
    const hasAttributes = isAttributes(attributesOrTime);
    const attributes = hasAttributes ? attributesOrTime : {};
    const at = hasAttributes ? time : attributesOrTime;
    this.events.push({ name, time: this.#clock.from(at), attributes });
    return this;
  }

  addLink(link: Link): this {
    this.links.push(link);
    return this;
  }

  addLinks(links: Link[]): this {
    this.links.push(...links);
    return this;
  }

  setStatus(status: SpanStatus): this {
    this.status = status;
    return this;
  }

  /** Its name is that of what it stands for, for good. */
  updateName(): this {
    return this;
  }

  recordException(_exception: Exception): void {}

  end(endTime?: TimeInput): void {
    if (!this.#isRecording) return;
    this.#isRecording = false;
    this.endTime = this.#clock.from(endTime);
    this.#onEnd(this);
  }
}

function isAttributes(value: Attributes | TimeInput | undefined): value is Attributes {
  return typeof value === "object" && !Array.isArray(value) && !(value instanceof Date);
}

function placeOf(caller: Caller | null): Attributes {
  return caller === null ? {} : { "code.file.path": caller.path, "code.line.number": caller.line };
}
