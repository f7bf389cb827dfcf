import type { FailedAcquire, Period, TimelineLane } from "./timeline-model.ts";

/** From the first to the last moment that anything tells of; null where nothing does. */
export function periodOf(lanes: readonly TimelineLane[], failed: readonly FailedAcquire[]): Period | null {
  let startUnixMillis = Number.POSITIVE_INFINITY;
  let endUnixMillis = Number.NEGATIVE_INFINITY;
  const include = (start: number, end: number): void => {
    startUnixMillis = Math.min(startUnixMillis, start);
    endUnixMillis = Math.max(endUnixMillis, end);
  };
  for (const lane of lanes) {
    if (lane.opened !== null) include(lane.opened.startUnixMillis, lane.opened.endUnixMillis);
    if (lane.closed !== null) include(lane.closed.timeUnixMillis, lane.closed.timeUnixMillis);
    for (const query of lane.looseQueries) include(query.startUnixMillis, query.endUnixMillis);
    for (const checkout of lane.checkouts) {
      include(checkout.requestedUnixMillis, checkout.releasedUnixMillis ?? checkout.acquiredUnixMillis);
    }
  }
  for (const request of failed) include(request.startUnixMillis, request.endUnixMillis);
  return startUnixMillis <= endUnixMillis ? { startUnixMillis, endUnixMillis } : null;
}
