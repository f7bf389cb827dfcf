import { textOf } from "../../model/attributes.ts";
import type { ReceivedSpan } from "../../model/span.ts";
import { checkoutOf } from "../checkout-of.ts";
import { leakedCheckoutOf } from "../leak-of.ts";
import * as names from "../names.ts";
import { cancelsOf, placeOf, transactionsOf } from "./tape-entries.ts";
import type { WritableLane } from "./tape-lane.ts";
import { type HeldUse, type TapeLane, USE } from "./tape-model.ts";

/** Starts are read from a clock of whole milliseconds by some senders. */
const CLOCK_STEP_MILLIS = 1;

/** What is known of a use that has not ended. */
export function heldUseOf(lane: WritableLane, span: ReceivedSpan): HeldUse {
  const draft = checkoutOf(span, { isHeld: true });
  const lastTransaction = transactionsOf(span).at(-1);
  const lastCancel = cancelsOf(span).at(-1) ?? null;
  const isOver = lastCancel !== null && endOfStatement(lane, lastCancel) !== null;
  return {
    lane,
    acquiredUnixMillis: draft.acquiredUnixMillis,
    waitMillis: draft.waitMillis,
    useCount: draft.useCount,
    transactionSince: lastTransaction?.end === null ? lastTransaction.start : null,
    cancellingSince: isOver ? null : lastCancel,
    isLeakSuspected: draft.leak !== null || lane.leak !== null,
    ...placeOf(span.attributes),
    stack: textOf(span.attributes, names.CODE_STACKTRACE),
    traceId: draft.traceId,
  };
}

/** The same, of a use that only the span of its suspected leak has told of. */
export function leakedUseOf(lane: WritableLane, span: ReceivedSpan): HeldUse {
  const { acquiredUnixMillis, traceId, waitMillis, useCount } = leakedCheckoutOf(span);
  return {
    lane,
    acquiredUnixMillis,
    waitMillis,
    useCount,
    transactionSince: null,
    cancellingSince: null,
    isLeakSuspected: true,
    ...placeOf(span.attributes),
    stack: textOf(span.attributes, names.CODE_STACKTRACE),
    traceId,
  };
}

/** When the statement ended that ran at that moment; null where none is known. */
export function endOfStatement(lane: TapeLane, time: number): number | null {
  const { statement } = lane.tracks;
  const index = statement.indexFrom(time + CLOCK_STEP_MILLIS) - 1;
  const end = index < 0 ? Number.NaN : statement.end(index);
  return end >= time - CLOCK_STEP_MILLIS ? end : null;
}

/** The pool that a span says, or else the id of its connection. */
export function poolOf(span: ReceivedSpan, connectionId: string): string {
  return textOf(span.attributes, names.POOL_NAME) ?? connectionId.replace(/#\d+$/, "");
}

/** From the start of a span to its end. */
export function periodOf(span: ReceivedSpan): { start: number; end: number } {
  return { start: span.startTimeUnixMillis, end: Math.max(span.startTimeUnixMillis, span.endTimeUnixMillis) };
}

/**
 * When a use began: not before the one before it ended, since a connection is in one at a time. The wait is measured by the pool and
 * the span by its maker, whose clocks may cross by a fraction.
 */
export function afterLast(
  lane: WritableLane,
  use: { start: number; end: number; words: readonly number[] },
): number {
  const track = lane.tracks.use;
  const last = track.length - 1;
  if (last < 0 || track.word(last, USE.useCount) >= (use.words[USE.useCount] ?? 0)) return use.start;
  return Math.min(use.end, Math.max(use.start, track.end(last)));
}

/** Whether the transaction helper has told of it already: of the greater part of the same time. */
export function isTold(lane: WritableLane, { start, end }: { start: number; end: number }): boolean {
  const { transaction } = lane.tracks;
  for (let index = transaction.length - 1; index >= 0 && transaction.end(index) > start; index -= 1) {
    const common = Math.min(end, transaction.end(index)) - Math.max(start, transaction.start(index));
    if (common > (end - start) / 2) return true;
  }
  return false;
}
