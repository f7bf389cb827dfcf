import { ReuseTimeline, TimelineTape } from "@rockpool/otel/timeline";

/** What the dashboard looks back over, and a little more. */
export const HISTORY_MILLIS = 600_000;
const KEEP_MILLIS = HISTORY_MILLIS + 30_000;

/** The timeline of one source of pools: ten minutes on its tape, and the latest uses of each lane as objects. */
export function poolTimeline(): ReuseTimeline {
  return new ReuseTimeline({
    maxLanes: 256,
    maxCheckoutsPerLane: 50,
    maxQueriesPerLane: 100,
    maxFailedAcquires: 100,
    tape: new TimelineTape({ keepMillis: KEEP_MILLIS }),
  });
}
