/** Something that somebody outside waits for. */
interface Latch {
  isMet(): boolean;
  settle(error: Error | null): void;
}

/** Promises that the engine keeps: each is settled as soon as a look at the pool shows that it is met. */
export class Latches {
  #latches: Latch[] = [];

  /** Adds one that is looked at from the next {@link check} on. */
  add(latch: Latch): void {
    this.#latches.push(latch);
  }

  remove(latch: Latch): void {
    this.#latches = this.#latches.filter((other) => other !== latch);
  }

  check(): void {
    if (this.#latches.length === 0) return;
    const met = this.#latches.filter((latch) => latch.isMet());
    if (met.length === 0) return;
    this.#latches = this.#latches.filter((latch) => !met.includes(latch));
    for (const latch of met) latch.settle(null);
  }
}

export type { Latch };
