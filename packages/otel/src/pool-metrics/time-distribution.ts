import type { HistogramPoint } from "../model/metric.ts";

/** How long something took, in milliseconds, since the sender started. */
export interface TimeDistribution {
  readonly count: number;
  readonly sumMillis: number;
  /** Upper bounds of all buckets but the last, ascending. */
  readonly boundsMillis: readonly number[];
  /** One count more than there are bounds; empty where the sender keeps no buckets. */
  readonly bucketCounts: readonly number[];
}

/** Reads a point of a histogram in `s` or `ms`. */
export function distributionOf(point: HistogramPoint, unit: string): TimeDistribution {
  const toMillis = unit === "ms" ? 1 : 1_000;
  return {
    count: point.count,
    sumMillis: (point.sum ?? 0) * toMillis,
    boundsMillis: point.bounds.map((bound) => bound * toMillis),
    bucketCounts: point.bucketCounts,
  };
}

/** Adds what came since; other buckets than before begin anew, since the two cannot be added. */
export function addDistribution(total: TimeDistribution | null, delta: TimeDistribution): TimeDistribution {
  if (total === null || !hasSameBounds(total, delta)) return delta;
  return {
    count: total.count + delta.count,
    sumMillis: total.sumMillis + delta.sumMillis,
    boundsMillis: delta.boundsMillis,
    bucketCounts: delta.bucketCounts.map((count, index) => count + (total.bucketCounts[index] ?? 0)),
  };
}

/**
 * Estimates the time below which a share of all lies, by a straight line through the bucket; null where nothing was measured.
 * What lies beyond the last bound counts as the last bound.
 *
 * @param share - from 0 to 1, such as 0.99.
 */
export function percentileMillis(distribution: TimeDistribution, share: number): number | null {
  const { bucketCounts, boundsMillis } = distribution;
  const total = bucketCounts.reduce((sum, count) => sum + count, 0);
  if (total === 0) return null;
  const rank = Math.min(1, Math.max(0, share)) * total;
  let below = 0;
  for (const [index, count] of bucketCounts.entries()) {
    if (count > 0 && below + count >= rank) {
      const upper = boundsMillis[index] ?? boundsMillis.at(-1) ?? 0;
      const lower = index === 0 ? 0 : (boundsMillis[index - 1] ?? upper);
      return lower + (upper - lower) * ((rank - below) / count);
    }
    below += count;
  }
  return boundsMillis.at(-1) ?? null;
}

function hasSameBounds(a: TimeDistribution, b: TimeDistribution): boolean {
  return (
    a.boundsMillis.length === b.boundsMillis.length &&
    a.boundsMillis.every((bound, index) => bound === b.boundsMillis[index])
  );
}
