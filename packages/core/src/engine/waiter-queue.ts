import { Deadlines, Timed } from "./deadlines.ts";
import type { Holder } from "./holder.ts";
import type { Clock } from "./ports.ts";

/** What the queue needs to know of a waiter. */
interface Queued {
  readonly timeoutMillis: number | null;
  readonly holder: Holder | null;
}

/** A waiter's place in the queue. The waiter has it, so that a cancel costs the same whatever the length of the queue. */
export class Place<W> extends Timed {
  readonly waiter: W;
  ahead: Place<W> | null = null;
  behind: Place<W> | null = null;

  constructor(waiter: W) {
    super();
    this.waiter = waiter;
  }
}

/** The callers that wait, in the order in which they came. Every operation is constant-time. */
export class WaiterQueue<W extends Queued & { place: Place<W> | null }> {
  length = 0;
  /** When somebody began to wait where nobody had waited. */
  since = 0;
  /** How many of them hold a connection already. */
  nested = 0;

  #first: Place<W> | null = null;
  #last: Place<W> | null = null;
  readonly #deadlines: Deadlines<Place<W>>;

  /** @param onTimeout - called for a waiter whose deadline has passed; it is still queued. */
  constructor(clock: Clock, onTimeout: (waiter: W) => void) {
    this.#deadlines = new Deadlines<Place<W>>(clock, (place) => onTimeout(place.waiter));
  }

  /** Who waited longest. */
  get first(): W | null {
    return this.#first === null ? null : this.#first.waiter;
  }

  /** Who came last. */
  get last(): W | null {
    return this.#last === null ? null : this.#last.waiter;
  }

  /** Who came last of those that are wanted. */
  findLast(isWanted: (waiter: W) => boolean): W | null {
    let place = this.#last;
    while (place !== null && !isWanted(place.waiter)) place = place.ahead;
    return place === null ? null : place.waiter;
  }

  add(waiter: W, now: number): void {
    const place = new Place(waiter);
    waiter.place = place;
    if (this.length === 0) this.since = now;
    this.length += 1;
    place.ahead = this.#last;
    if (this.#last === null) this.#first = place;
    else this.#last.behind = place;
    this.#last = place;
    if (waiter.timeoutMillis !== null) this.#deadlines.add(place, waiter.timeoutMillis, now);
    if (waiter.holder !== null) this.#countNested(waiter.holder, 1);
  }

  /** Takes one out that is queued. */
  remove(waiter: W): void {
    const { place } = waiter;
    if (place === null) throw new Error("bug: a waiter left a queue that it was not in");
    waiter.place = null;
    this.length -= 1;
    if (place.ahead === null) this.#first = place.behind;
    else place.ahead.behind = place.behind;
    if (place.behind === null) this.#last = place.ahead;
    else place.behind.ahead = place.ahead;
    this.#deadlines.remove(place);
    if (waiter.holder !== null) this.#countNested(waiter.holder, -1);
  }

  /** How many are ahead of a waiter, counted no further than `limit`. */
  positionOf(waiter: W, limit: number): number {
    let position = 0;
    for (let place = this.#first; place !== null && place.waiter !== waiter; place = place.behind) {
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
