import type { ReceivedSpan } from "@rockpool/otel/timeline";

/** By so much may clocks of one machine differ at a moment. */
const TOLERANCE_MILLIS = 2_000;

/**
 * By how much a program's clock is ahead: nothing can have ended after it has arrived.
 *
 * It is the least that any batch was ahead, so that one wild time moves the batch that it came with and nothing else. Of a clock
 * that is behind nothing tells: its spans may as well have been sent late.
 */
export class ClockLead {
  #leastMillis = Number.POSITIVE_INFINITY;

  /** @param newestEnd - of a batch that has arrived. */
  heard(newestEnd: number, arrivedAt: number): void {
    this.#leastMillis = Math.min(this.#leastMillis, newestEnd - arrivedAt);
  }

  get millis(): number {
    return this.#leastMillis > TOLERANCE_MILLIS ? this.#leastMillis : 0;
  }
}

/** A span as a clock would have timed it that is not ahead; it ends when it arrived, or before. */
export function withoutLead(span: ReceivedSpan, leadMillis: number, arrivedAt: number): ReceivedSpan {
  const by = Math.max(leadMillis, span.endTimeUnixMillis - arrivedAt);
  if (by <= TOLERANCE_MILLIS) return span;
  return {
    ...span,
    startTimeUnixMillis: span.startTimeUnixMillis - by,
    endTimeUnixMillis: span.endTimeUnixMillis - by,
  };
}
