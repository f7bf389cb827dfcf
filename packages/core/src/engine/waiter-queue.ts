import { Deadlines, type Timed } from "./deadlines.ts";
import type { Holder } from "./holder.ts";
import type { Clock } from "./ports.ts";

/** What the queue needs of a waiter; the links are the queue's own. */
interface Queued<W> {
  readonly timeoutMillis: number | null;
  readonly holder: Holder | null;
  isQueued: boolean;
  ahead: W | null;
  behind: W | null;
}

/** The callers that wait, in the order in which they came. Every operation is constant-time and makes no object. */
export class WaiterQueue<W extends Timed<W> & Queued<W>> {
  length = 0;
  /** When somebody began to wait where nobody had waited. */
  since = 0;
  /** How many of them hold a connection already. */
  nested = 0;
  /** Who waited longest. */
  first: W | null = null;
  /** Who came last. */
  last: W | null = null;

  readonly #deadlines: Deadlines<W>;

  /** @param onTimeout - called for a waiter whose deadline has passed; it is still queued. */
  constructor(clock: Clock, onTimeout: (waiter: W) => void) {
    this.#deadlines = new Deadlines<W>(clock, onTimeout);
  }

  /** Who came last of those that are wanted. */
  findLast(isWanted: (waiter: W) => boolean): W | null {
    let waiter = this.last;
    while (waiter !== null && !isWanted(waiter)) waiter = waiter.ahead;
    return waiter;
  }

  add(waiter: W, now: number): void {
    if (this.length === 0) this.since = now;
    this.length += 1;
    waiter.since = now;
    waiter.isQueued = true;
    waiter.ahead = this.last;
    if (this.last === null) this.first = waiter;
    else this.last.behind = waiter;
    this.last = waiter;
    if (waiter.timeoutMillis !== null) this.#deadlines.add(waiter, waiter.timeoutMillis, now);
    if (waiter.holder !== null) this.#countNested(waiter.holder, 1);
  }

  /** Takes one out that is queued. */
  remove(waiter: W): void {
    if (!waiter.isQueued) throw new Error("bug: a waiter left a queue that it was not in");
    const { ahead, behind } = waiter;
    waiter.isQueued = false;
    // With its links, one that is gone would keep those behind it alive.
    waiter.ahead = null;
    waiter.behind = null;
    this.length -= 1;
    if (ahead === null) this.first = behind;
    else ahead.behind = behind;
    if (behind === null) this.last = ahead;
    else behind.ahead = ahead;
    this.#deadlines.remove(waiter);
    if (waiter.holder !== null) this.#countNested(waiter.holder, -1);
  }

  /** How many are ahead of a waiter, counted no further than `limit`. */
  positionOf(waiter: W, limit: number): number {
    let position = 0;
    for (let other = this.first; other !== null && other !== waiter; other = other.behind) {
      if (position === limit) break;
      position += 1;
    }
    return position;
  }

  stop(): void {
    this.#deadlines.stop();
  }

  #countNested(innermost: Holder, change: 1 | -1): void {
    this.nested += change;
    for (let holder: Holder | null = innermost; holder !== null; holder = holder.parent)
      holder.waiting += change;
  }
}
