import type { Clock } from "../database.ts";

/** The share of the thread that reports may take: a fifth, so that the editor's other extensions notice nothing. */
const PAUSE_PER_WORK = 4;
const LEAST_WORK_MILLIS = 5;
const LONGEST_PAUSE_MILLIS = 2_000;

/**
 * Slows senders down whose reports cost too much of the thread: their requests are answered later, and a sender has one
 * request under way at a time.
 */
export class Throttle {
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async run(work: () => void): Promise<void> {
    const startedAt = this.#clock.now();
    work();
    const workMillis = this.#clock.now() - startedAt;
    if (workMillis < LEAST_WORK_MILLIS) return;
    const pauseMillis = Math.min(workMillis * PAUSE_PER_WORK, LONGEST_PAUSE_MILLIS);
    await new Promise<void>((resolve) => this.#clock.after(pauseMillis, resolve));
  }
}
