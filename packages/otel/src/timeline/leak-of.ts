import { numberOf, textOf } from "../model/attributes.ts";
import type { ReceivedSpan } from "../model/span.ts";
import type { CheckoutDraft } from "./checkout-of.ts";
import * as names from "./names.ts";
import type { TimelineLeak } from "./timeline-model.ts";

/** Reads a suspected leak from its span, which ends at the moment of the suspicion. */
export function leakOf(span: ReceivedSpan): TimelineLeak {
  return {
    suspectedUnixMillis: span.endTimeUnixMillis,
    functionName: textOf(span.attributes, names.CODE_FUNCTION_NAME),
    filePath: textOf(span.attributes, names.CODE_FILE_PATH),
    line: numberOf(span.attributes, names.CODE_LINE_NUMBER),
    column: numberOf(span.attributes, names.CODE_COLUMN_NUMBER),
    stack: textOf(span.attributes, names.CODE_STACKTRACE),
  };
}

/** The suspicion that a checkout's own event tells, which names no place. */
export function leakOfEvent(checkout: ReceivedSpan): TimelineLeak | null {
  const event = checkout.events.find(({ name }) => name === names.EVENT_LEAK_SUSPECTED);
  if (event === undefined) return null;
  const nowhere = { functionName: null, filePath: null, line: null, column: null, stack: null };
  return { suspectedUnixMillis: event.timeUnixMillis, ...nowhere };
}

/**
 * Reads the checkout that is still held from the span of its suspected leak, which arrives long before its own.
 *
 * Its parent is the checkout, or where checkouts have no spans the caller, whose children the queries then are too.
 */
export function leakedCheckoutOf(leak: ReceivedSpan): CheckoutDraft {
  return {
    span: leak,
    traceId: leak.traceId,
    spanId: leak.parentSpanId ?? leak.spanId,
    callerSpanId: null,
    useCount: useCountOf(leak),
    source: null,
    requestedUnixMillis: leak.startTimeUnixMillis,
    acquiredUnixMillis: leak.startTimeUnixMillis,
    releasedUnixMillis: null,
    waitMillis: 0,
    holdMillis: null,
    idleMillis: null,
    isImplicit: false,
    leak: leakOf(leak),
    failure: null,
    discardReason: null,
  };
}

/** Checkouts that have ended, with the places of their leaks. */
export function withLeaks(
  drafts: readonly CheckoutDraft[],
  leaks: readonly ReceivedSpan[],
): readonly CheckoutDraft[] {
  if (leaks.length === 0) return drafts;
  const byUse = new Map(leaks.map((leak) => [useCountOf(leak), leakOf(leak)]));
  return drafts.map((draft) => ({ ...draft, leak: byUse.get(draft.useCount) ?? draft.leak }));
}

export function useCountOf(span: ReceivedSpan): number | null {
  return numberOf(span.attributes, names.CONNECTION_USE_COUNT);
}
