import type { RandomSource } from "./ports.ts";

const firstMillis = 100;
const longestMillis = 5_000;

/**
 * How long to leave the server alone after connects failed: 100 ms, doubled up to 5 s, each shortened by chance by up to a
 * half so that many pools do not come back at the same moment.
 */
export class BackOff {
  readonly #random: RandomSource;
  #delayMillis = 0;
  #failedAt: number = Number.NEGATIVE_INFINITY;
  /** No connect begins before. */
  until: number = Number.NEGATIVE_INFINITY;

  constructor(random: RandomSource) {
    this.#random = random;
  }

  /** When a connect last failed. */
  get failedAt(): number {
    return this.#failedAt;
  }

  /** Notes a failed connect. Those that were under way when another one failed belong to the same failure. */
  fail(startedAt: number, now: number): void {
    if (startedAt < this.#failedAt) return;
    this.#failedAt = now;
    this.#delayMillis = Math.min(longestMillis, Math.max(firstMillis, this.#delayMillis * 2));
    this.until = now + this.#delayMillis * (1 - this.#random.next() / 2);
  }

  succeed(): void {
    this.#delayMillis = 0;
    this.until = Number.NEGATIVE_INFINITY;
  }
}
