import type { Attributes } from "./attributes.ts";

/** The role of a span, in the order of its numbers on the wire. */
export type SpanKind = "unspecified" | "internal" | "server" | "client" | "producer" | "consumer";

/** How a span ended. */
export type SpanStatus = "unset" | "ok" | "error";

/** Something that happened within a span. */
export interface SpanEvent {
  readonly name: string;
  readonly timeUnixMillis: number;
  readonly attributes: Attributes;
}

/** A span that another span points to without being its child. */
export interface SpanLink {
  readonly traceId: string;
  readonly spanId: string;
  readonly attributes: Attributes;
}

/** One finished span, whichever way it came. Ids are lower-case hexadecimal; times have a quarter of a microsecond. */
export interface ReceivedSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string | null;
  readonly name: string;
  readonly kind: SpanKind;
  readonly startTimeUnixMillis: number;
  readonly endTimeUnixMillis: number;
  readonly attributes: Attributes;
  readonly events: readonly SpanEvent[];
  readonly links: readonly SpanLink[];
  readonly status: SpanStatus;
  readonly statusMessage: string;
  /** The instrumentation scope, such as `@rockpool/core`. */
  readonly scopeName: string;
  /** Who sent it; one object for all spans of a batch. */
  readonly resource: Attributes;
}
