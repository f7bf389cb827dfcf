import type { Clock } from "../src/time/clock.ts";

interface Sleeper {
  readonly at: number;
  wake(): void;
}

/** Time that stands still until a test moves it. */
export class ManualClock implements Clock {
  #now = 0;
  #sleepers: Sleeper[] = [];

  now(): number {
    return this.#now;
  }

  sleep(millis: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason);
      const sleeper = { at: this.#now + millis, wake: resolve };
      this.#sleepers.push(sleeper);
      signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    });
  }

  /** Moves time on and lets everything that wakes do its work. */
  async advance(millis: number): Promise<void> {
    const end = this.#now + millis;
    for (let next = this.#takeNext(end); next !== null; next = this.#takeNext(end)) {
      this.#now = next.at;
      next.wake();
      await new Promise<void>((resolve) => setImmediate(resolve));
    }
    this.#now = end;
  }

  #takeNext(end: number): Sleeper | null {
    const [next] = this.#sleepers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at);
    if (next === undefined) return null;
    this.#sleepers = this.#sleepers.filter((sleeper) => sleeper !== next);
    return next;
  }
}
