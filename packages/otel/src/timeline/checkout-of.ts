import { numberOf, textOf } from "../model/attributes.ts";
import type { ReceivedSpan } from "../model/span.ts";
import { failureOf } from "./failure-of.ts";
import { leakOfEvent } from "./leak-of.ts";
import * as names from "./names.ts";
import type { CheckoutSource, TimelineCheckout } from "./timeline-model.ts";

/** A checkout before its queries are known, with the span that tells of it. */
export type CheckoutDraft = Omit<TimelineCheckout, "queries" | "transactions" | "missedBefore"> & {
  readonly span: ReceivedSpan;
};

/** Reads a checkout from its span. */
export function checkoutOf(span: ReceivedSpan, options: { isHeld: boolean }): CheckoutDraft {
  const acquiredUnixMillis = span.startTimeUnixMillis + waitMillisOf(span);
  // The wait is measured by the pool and the span by the SDK: the two clocks may cross by a fraction.
  const releasedUnixMillis = options.isHeld ? null : Math.max(acquiredUnixMillis, span.endTimeUnixMillis);
  const discarded = span.events.find((event) => event.name === names.EVENT_DISCARDED);
  return {
    ...commonOf(span),
    span,
    requestedUnixMillis: span.startTimeUnixMillis,
    acquiredUnixMillis,
    releasedUnixMillis,
    holdMillis: releasedUnixMillis === null ? null : releasedUnixMillis - acquiredUnixMillis,
    isImplicit: false,
    leak: leakOfEvent(span),
    failure: failureOf(span),
    discardReason:
      discarded === undefined ? null : (textOf(discarded.attributes, names.CLOSE_REASON) ?? "unknown"),
  };
}

/** Whether a query's span is the only one that tells of its checkout. */
export function isImplicitCheckout(query: ReceivedSpan, known: ReadonlySet<number | null>): boolean {
  const useCount = numberOf(query.attributes, names.CONNECTION_USE_COUNT);
  return useCount !== null && !known.has(useCount);
}

/** Reads a checkout from the span of the one query that it was for; such a span begins when the connection is there. */
export function implicitCheckoutOf(query: ReceivedSpan): CheckoutDraft {
  return {
    ...commonOf(query),
    span: query,
    requestedUnixMillis: query.startTimeUnixMillis - waitMillisOf(query),
    acquiredUnixMillis: query.startTimeUnixMillis,
    releasedUnixMillis: query.endTimeUnixMillis,
    holdMillis: query.endTimeUnixMillis - query.startTimeUnixMillis,
    isImplicit: true,
    leak: null,
    failure: null,
    discardReason: null,
  };
}

function commonOf(span: ReceivedSpan) {
  return {
    traceId: span.traceId,
    spanId: span.spanId,
    callerSpanId: span.parentSpanId,
    useCount: numberOf(span.attributes, names.CONNECTION_USE_COUNT),
    source: sourceOf(span),
    waitMillis: waitMillisOf(span),
    idleMillis: millisOf(span, names.CONNECTION_IDLE_TIME),
  };
}

function sourceOf(span: ReceivedSpan): CheckoutSource | null {
  const source = textOf(span.attributes, names.ACQUIRE_SOURCE);
  return source === "idle" || source === "new" || source === "queued" ? source : null;
}

function waitMillisOf(span: ReceivedSpan): number {
  return Math.max(0, millisOf(span, names.ACQUIRE_WAIT_TIME) ?? 0);
}

function millisOf(span: ReceivedSpan, name: string): number | null {
  const seconds = numberOf(span.attributes, name);
  return seconds === null ? null : seconds * 1_000;
}
