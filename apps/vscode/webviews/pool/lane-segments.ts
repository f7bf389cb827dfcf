import type { PoolSample, SlotStateView } from "../../shared/protocol/pool.ts";

/** A stretch of time that a slot spent in one state, in milliseconds since the epoch. */
export interface LaneSegment {
  readonly state: SlotStateView;
  readonly from: number;
  readonly to: number;
}

/** Samples come twice a second; a longer silence means that nobody watched. */
const MAX_GAP_MILLIS = 1_500;

/** When a sample stops to hold: at the next one, or at the present; early where nobody watched after it. */
export function endOfSample(samples: readonly PoolSample[], index: number, now: number): number {
  const { at } = samples[index] ?? { at: now };
  const next = samples[index + 1]?.at ?? now;
  return next - at > MAX_GAP_MILLIS ? at + MAX_GAP_MILLIS / 3 : next;
}

/** The states of one slot over time; neighbours of one state are joined. */
export function laneSegments(samples: readonly PoolSample[], lane: number, now: number): LaneSegment[] {
  const segments: LaneSegment[] = [];
  samples.forEach(({ at, lanes }, index) => {
    const state = lanes[lane];
    if (state === undefined) return;
    const to = endOfSample(samples, index, now);
    const last = segments.at(-1);
    if (last?.state === state && last.to === at) segments[segments.length - 1] = { ...last, to };
    else segments.push({ state, from: at, to });
  });
  return segments;
}

/** Every slot number that lived within the samples, ascending. */
export function laneNumbers(samples: readonly PoolSample[], present: readonly number[]): number[] {
  const numbers = new Set(present);
  for (const { lanes } of samples) for (const key of Object.keys(lanes)) numbers.add(Number(key));
  return [...numbers].sort((a, b) => a - b);
}
