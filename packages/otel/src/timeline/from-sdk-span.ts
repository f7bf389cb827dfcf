import { type Attributes, type AttributeValue, attributesFrom } from "../model/attributes.ts";
import type { ReceivedSpan, SpanKind, SpanStatus } from "../model/span.ts";

/** Seconds and nanoseconds. */
type HrTime = readonly [number, number];

type SdkAttributes = Readonly<Record<string, unknown>>;

/** The part of the SDK's `ReadableSpan` that the timeline reads; both SDK lines have it. */
export interface SdkSpan {
  readonly name: string;
  readonly kind: number;
  spanContext(): { readonly traceId: string; readonly spanId: string };
  readonly parentSpanContext?: { readonly spanId: string } | undefined;
  readonly startTime: HrTime;
  readonly endTime: HrTime;
  readonly attributes: SdkAttributes;
  readonly events: readonly {
    readonly name: string;
    readonly time: HrTime;
    readonly attributes?: SdkAttributes | undefined;
  }[];
  readonly links: readonly {
    readonly context: { readonly traceId: string; readonly spanId: string };
    readonly attributes?: SdkAttributes | undefined;
  }[];
  readonly status: { readonly code: number; readonly message?: string | undefined };
  readonly instrumentationScope: { readonly name: string };
}

/** The API numbers kinds from `INTERNAL`, where OTLP has a number for the unspecified. */
const KINDS: readonly SpanKind[] = ["internal", "server", "client", "producer", "consumer"];
const STATUSES: readonly SpanStatus[] = ["unset", "ok", "error"];

/** All spans of one process have one resource, and reading it before it is settled makes the SDK warn. */
const THIS_PROCESS: Attributes = attributesFrom([]);

/** Turns a span of the SDK into the form in which spans arrive from elsewhere. */
export function fromSdkSpan(span: SdkSpan): ReceivedSpan {
  const { traceId, spanId } = span.spanContext();
  return {
    traceId,
    spanId,
    parentSpanId: span.parentSpanContext?.spanId ?? null,
    name: span.name,
    kind: KINDS[span.kind] ?? "unspecified",
    startTimeUnixMillis: toMillis(span.startTime),
    endTimeUnixMillis: toMillis(span.endTime),
    attributes: toAttributes(span.attributes),
    events: span.events.map(({ name, time, attributes }) => ({
      name,
      timeUnixMillis: toMillis(time),
      attributes: toAttributes(attributes),
    })),
    links: span.links.map(({ context, attributes }) => ({
      traceId: context.traceId,
      spanId: context.spanId,
      attributes: toAttributes(attributes),
    })),
    status: STATUSES[span.status.code] ?? "unset",
    statusMessage: span.status.message ?? "",
    scopeName: span.instrumentationScope.name,
    resource: THIS_PROCESS,
  };
}

function toMillis([seconds, nanos]: HrTime): number {
  return seconds * 1_000 + nanos / 1e6;
}

function toAttributes(attributes: SdkAttributes | undefined): Attributes {
  return attributesFrom(
    Object.entries(attributes ?? {}).map(([key, value]) => [key, toValue(value)] as const),
  );
}

function toValue(value: unknown): AttributeValue {
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") return value;
  return Array.isArray(value) ? value.map(toValue) : null;
}
