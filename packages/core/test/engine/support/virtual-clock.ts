import type { Clock, Timer } from "../../../src/engine/ports.ts";

interface VirtualTimer extends Timer {
  readonly at: number;
  readonly order: number;
  readonly callback: () => void;
}

// Any origin will do, and with one of its own a sum cannot pass for a difference.
const origin = 1_000_000;

/** Time that passes only when a test says so; timers ring in order of time, then of being set. */
export class VirtualClock implements Clock {
  #now = origin;
  #order = 0;
  /** How many timers have rung. */
  rung = 0;
  readonly #timers = new Set<VirtualTimer>();

  now(): number {
    return this.#now;
  }

  /** Time passes while nothing runs, as when the machine sleeps: timers that fell due ring with the next {@link advance}. */
  sleep(millis: number): void {
    this.#now += millis;
  }

  /** How much time has passed since the clock was made. */
  get passed(): number {
    return this.#now - origin;
  }

  setTimer(callback: () => void, delayMillis: number): Timer {
    this.#order += 1;
    const timer: VirtualTimer = {
      at: this.#now + delayMillis,
      order: this.#order,
      callback,
      cancel: () => {
        this.#timers.delete(timer);
      },
    };
    this.#timers.add(timer);
    return timer;
  }

  /** How many timers are set. */
  get pending(): number {
    return this.#timers.size;
  }

  /** Lets time pass; promises settle before and after every timer, as they do on a real clock. */
  async advance(millis: number): Promise<void> {
    const end = this.#now + millis;
    await settle();
    for (let timer = this.#next(end); timer !== null; timer = this.#next(end)) {
      this.#timers.delete(timer);
      this.#now = Math.max(this.#now, timer.at);
      this.rung += 1;
      timer.callback();
      await settle();
    }
    this.#now = end;
  }

  #next(end: number): VirtualTimer | null {
    let next: VirtualTimer | null = null;
    for (const timer of this.#timers) {
      if (timer.at > end) continue;
      if (next === null || timer.at < next.at || (timer.at === next.at && timer.order < next.order))
        next = timer;
    }
    return next;
  }
}

/** Lets every promise settle that can without time passing. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 12; turn += 1) await null;
}
