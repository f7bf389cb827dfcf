import type { Clock, Timer } from "./ports.ts";

/** Something with a deadline. The links belong to {@link Deadlines}; nobody else writes them. */
export abstract class Timed {
  /** On the engine's clock; meaningful only while a lane holds it. */
  deadline = 0;
  lane: Lane<this> | null = null;
  earlier: this | null = null;
  later: this | null = null;
}

/** Everything that was given the same number of milliseconds, and so, since time only moves on, in order of deadline. */
class Lane<T extends Timed> {
  readonly delayMillis: number;
  /** Never later than the deadline of the first member; the heap is ordered by it. */
  wakeAt = 0;
  isInHeap = false;
  first: T | null = null;
  last: T | null = null;

  constructor(delayMillis: number) {
    this.delayMillis = delayMillis;
  }
}

export type { Lane };
