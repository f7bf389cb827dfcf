import { compareText } from "./recent-spans.ts";
import type { TimelineLane } from "./timeline-model.ts";

/** By service, process and pool, then by the number at the end of the connection's id. */
export function byPlace(a: TimelineLane, b: TimelineLane): number {
  return (
    compareText(a.serviceName ?? "", b.serviceName ?? "") ||
    compareText(a.process ?? "", b.process ?? "") ||
    compareText(poolOf(a), poolOf(b)) ||
    numberOf(a) - numberOf(b) ||
    compareText(a.key, b.key)
  );
}

function poolOf(lane: TimelineLane): string {
  return lane.poolName ?? lane.connectionId.replace(/#\d+$/, "");
}

function numberOf(lane: TimelineLane): number {
  return Number(/#(\d+)$/.exec(lane.connectionId)?.[1] ?? 0);
}
