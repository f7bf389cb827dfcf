import { type TapeLane, USE } from "@rockpool/otel/timeline";

/** How a pool was at one moment, as its lanes tell it. */
export interface LaneNumbers {
  readonly used: number;
  readonly idle: number;
  readonly connecting: number;
  readonly waiting: number;
}

/** Counts, from spans alone, how a pool was at that moment. */
export function laneNumbers(lanes: readonly TapeLane[], at: number): LaneNumbers {
  let [used, idle, connecting, waiting] = [0, 0, 0, 0];
  for (const lane of lanes) {
    waiting += waitersOf(lane, at);
    if (lane.connectionId === null) continue;
    const { opened, closed } = lane;
    if (opened !== null && at < opened.startUnixMillis) continue;
    if (closed !== null && at >= closed.endUnixMillis) continue;
    if (opened !== null && at < opened.endUnixMillis) connecting += 1;
    else if (opened?.failure != null) continue;
    else if (isUsedAt(lane, at) || (closed !== null && at >= closed.startUnixMillis)) used += 1;
    else idle += 1;
  }
  return { used, idle, connecting, waiting };
}

function isUsedAt({ tracks: { use } }: TapeLane, at: number): boolean {
  const index = use.indexFrom(at + Number.EPSILON) - 1;
  return index >= 0 && use.end(index) > at;
}

/** Waits of served requests begin before their use does; those of refused ones are intervals of their own. */
function waitersOf({ tracks: { use, failed } }: TapeLane, at: number): number {
  let count = 0;
  const next = use.indexFrom(at);
  if (next < use.length && use.start(next) - use.word(next, USE.waitMicros) / 1_000 <= at) count += 1;
  for (let index = failed.indexFrom(at) - 1; index >= 0 && index >= failed.indexFrom(at) - 64; index -= 1) {
    if (failed.end(index) > at) count += 1;
  }
  return count;
}
