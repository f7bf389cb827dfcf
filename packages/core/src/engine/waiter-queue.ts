import { Deadlines } from "./deadlines.ts";
import type { Clock } from "./ports.ts";
import type { Waiter } from "./waiter.ts";

/**
 * The callers that wait, in the order in which they came. The links are in the waiters, so that every operation is
 * constant-time.
 */
export class WaiterQueue<S, W extends Waiter<S>> {
  /** Who waited longest. */
  first: W | null = null;
  last: W | null = null;
  length = 0;
  /** When somebody began to wait where nobody had waited. */
  since = 0;
  /** How many of them hold a connection already. */
  nested = 0;

  readonly #deadlines: Deadlines<W>;

  /** @param onTimeout - called for a waiter whose deadline has passed; it is still queued. */
  constructor(clock: Clock, onTimeout: (waiter: W, now: number) => void) {
    this.#deadlines = new Deadlines<W>(clock, onTimeout);
  }

  add(waiter: W, now: number): void {
    if (this.length === 0) this.since = now;
    this.length += 1;
    waiter.isQueued = true;
    waiter.ahead = this.last;
    if (this.last === null) this.first = waiter;
    else this.last.behind = waiter;
    this.last = waiter;
    if (waiter.timeoutMillis !== null) this.#deadlines.add(waiter, waiter.timeoutMillis, now);
    if (waiter.holder !== null) this.#countNested(waiter, 1);
  }

  remove(waiter: W): void {
    this.length -= 1;
    waiter.isQueued = false;
    if (waiter.ahead === null) this.first = waiter.behind;
    else waiter.ahead.behind = waiter.behind;
    if (waiter.behind === null) this.last = waiter.ahead;
    else waiter.behind.ahead = waiter.ahead;
    waiter.ahead = null;
    waiter.behind = null;
    this.#deadlines.remove(waiter);
    if (waiter.holder !== null) this.#countNested(waiter, -1);
  }

  /** How many are ahead of a waiter, counted no further than `limit`. */
  positionOf(waiter: W, limit: number): number {
    let position = 0;
    for (
      let other = this.first;
      other !== waiter && other !== null && position < limit;
      other = other.behind
    ) {
      position += 1;
    }
    return position;
  }

  stop(): void {
    this.#deadlines.stop();
  }

  #countNested(waiter: W, change: 1 | -1): void {
    this.nested += change;
    for (let holder = waiter.holder; holder !== null; holder = holder.parent) holder.waiting += change;
  }
}
