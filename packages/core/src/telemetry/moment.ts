import { performance } from "node:perf_hooks";

/**
 * When something began of which a span is told after the fact.
 *
 * The SDK begins all other spans on a whole millisecond of the wall clock. A time of the monotonic clock alone would be reckoned back
 * from such a one, and could lie up to a millisecond before the beginning of the parent.
 */
export interface Moment {
  /** On the monotonic clock. */
  readonly millis: number;
  /** On the wall clock. */
  readonly unixMillis: number;
}

/** @param agoMillis - how long ago it was. */
export function moment(agoMillis: number): Moment {
  return { millis: performance.now() - agoMillis, unixMillis: Date.now() - agoMillis };
}
