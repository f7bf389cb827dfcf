import type { TimelineSnapshot } from "./timeline-model.ts";

/** A timeline in numbers. */
export interface TimelineSummary {
  /** Connections of which something is known. */
  readonly connections: number;
  /** Connections that were opened while spans came in. */
  readonly opened: number;
  /** Checkouts of which something is known, without the uses that were missed. */
  readonly checkouts: number;
  /** The share of checkouts that found an open connection, from 0 to 1; null without any checkout. */
  readonly reusedShare: number | null;
  readonly queries: number;
  readonly failedAcquires: number;
  /** Uses that are known to have been, of which no span arrived or is kept. */
  readonly missedUses: number;
  /** Half of all checkouts waited no longer; null without any checkout. */
  readonly waitMedianMillis: number | null;
  /** One in a hundred checkouts waited longer; null without any checkout. */
  readonly waitP99Millis: number | null;
}

/** Adds up what a snapshot shows. */
export function summarise(snapshot: TimelineSnapshot): TimelineSummary {
  const checkouts = snapshot.lanes.flatMap((lane) => lane.checkouts);
  const waits = checkouts.map((checkout) => checkout.waitMillis).sort((a, b) => a - b);
  const reused = checkouts.filter((checkout) => (checkout.useCount ?? 1) > 1).length;
  const loose = snapshot.lanes.reduce((sum, lane) => sum + lane.looseQueries.length, 0);
  return {
    connections: snapshot.lanes.length,
    opened: snapshot.lanes.filter((lane) => lane.opened !== null && lane.opened.failure === null).length,
    checkouts: checkouts.length,
    reusedShare: checkouts.length === 0 ? null : reused / checkouts.length,
    queries: checkouts.reduce((sum, checkout) => sum + checkout.queries.length, loose),
    failedAcquires: snapshot.failedAcquires.length,
    missedUses: snapshot.lanes.reduce((sum, lane) => sum + lane.missedUses, 0),
    waitMedianMillis: quantile(waits, 0.5),
    waitP99Millis: quantile(waits, 0.99),
  };
}

/** @param sorted - ascending. */
function quantile(sorted: readonly number[], share: number): number | null {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? null;
}
