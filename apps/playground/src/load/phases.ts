import type { Random } from "../time/seeded-random.ts";

/** A stretch of load. */
export interface Phase {
  readonly name: "calm" | "burst" | "report" | "leak";
  readonly durationMillis: number;
  /** Requests a second, as a share of the base rate. */
  readonly intensity: number;
}

/**
 * What the playground goes through, without end: calm, a burst, calm with a slow report, calm with a leak.
 *
 * The order is fixed so that a short visit sees everything; how long each lasts varies a little.
 */
export function* phases(random: Random): Generator<Phase, never> {
  const vary = (millis: number): number => Math.round(millis * (0.85 + random() * 0.3));
  while (true) {
    yield { name: "calm", durationMillis: vary(3_000), intensity: 1 };
    yield { name: "burst", durationMillis: vary(2_000), intensity: 6 };
    yield { name: "report", durationMillis: vary(3_000), intensity: 1 };
    yield { name: "leak", durationMillis: vary(6_000), intensity: 1 };
  }
}
