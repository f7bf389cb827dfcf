import { TapeRecorder, TimelineTape } from "@rockpool/otel/timeline";

/** What the dashboard looks back over, and a little more. */
export const HISTORY_MILLIS = 600_000;
const KEEP_MILLIS = HISTORY_MILLIS + 30_000;

/** What records the spans of one source of pools: ten minutes of them. */
export function poolRecorder(): TapeRecorder {
  return new TapeRecorder(new TimelineTape({ keepMillis: KEEP_MILLIS }));
}
