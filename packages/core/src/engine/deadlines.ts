import type { Clock, Timer } from "./ports.ts";

/** Node fires a longer timer at once. */
const longestTimerMillis = 2_000_000_000;

/** Something with a deadline, which may read what {@link Deadlines} writes. */
export interface Timed<T extends Timed<T>> {
  /** When its time began to run, on the engine's clock. */
  since: number;
  lane: Lane<T> | null;
  earlier: T | null;
  later: T | null;
}

/**
 * Everything that was given the same number of milliseconds: since time only moves on, that is in order of deadline,
 * so that adding and removing are constant-time.
 */
export class Lane<T extends Timed<T>> {
  readonly delayMillis: number;
  /** Never later than the deadline of the first member. */
  wakeAt: number;
  first: T | null = null;
  last: T | null = null;

  constructor(delayMillis: number, wakeAt: number) {
    this.delayMillis = delayMillis;
    this.wakeAt = wakeAt;
  }

  deadlineOf(item: T): number {
    return item.since + this.delayMillis;
  }

  append(item: T): void {
    item.lane = this;
    item.earlier = this.last;
    item.later = null;
    if (this.last === null) this.first = item;
    else this.last.later = item;
    this.last = item;
  }

  remove(item: T): void {
    if (item.earlier === null) this.first = item.later;
    else item.earlier.later = item.later;
    if (item.later === null) this.last = item.earlier;
    else item.later.earlier = item.earlier;
    item.lane = null;
    item.earlier = null;
    item.later = null;
  }
}

/**
 * Any number of deadlines on one timer.
 *
 * Callers use few distinct timeouts, so there is one {@link Lane} for each distinct delay and a heap of lanes, not of
 * deadlines. Cost: constant for a delay in use, else logarithmic in the number of *distinct* delays. Removing never
 * touches heap or timer: a timer that finds nothing due is set anew.
 *
 * Invariants: the heap holds the lanes of the map, those with members among them; it is ordered by `wakeAt`; a timer is
 * armed no later than the first `wakeAt`.
 */
export class Deadlines<T extends Timed<T>> {
  readonly #clock: Clock;
  readonly #onDue: (item: T, now: number) => void;
  readonly #lanes = new Map<number, Lane<T>>();
  readonly #heap: Lane<T>[] = [];
  #timer: Timer | null = null;
  #timerAt: number = Number.POSITIVE_INFINITY;

  constructor(clock: Clock, onDue: (item: T, now: number) => void) {
    this.#clock = clock;
    this.#onDue = onDue;
  }

  /** Calls back for `item` at `now + delayMillis`, rounded up to whole milliseconds. It must have no deadline yet. */
  add(item: T, delayMillis: number, now: number): void {
    const lane = this.#laneOf(Math.max(0, Math.ceil(delayMillis)), now);
    item.since = now;
    lane.append(item);
    const deadline = lane.deadlineOf(item);
    if (deadline < this.#timerAt) this.#arm(deadline, now);
  }

  /** Harmless where the item has no deadline. */
  remove(item: T): void {
    item.lane?.remove(item);
  }

  /** Forgets everything. */
  stop(): void {
    this.#timer?.cancel();
    this.#timer = null;
    this.#timerAt = Number.POSITIVE_INFINITY;
    for (const lane of this.#lanes.values()) while (lane.first !== null) lane.remove(lane.first);
    this.#lanes.clear();
    this.#heap.length = 0;
  }

  #laneOf(delayMillis: number, now: number): Lane<T> {
    const known = this.#lanes.get(delayMillis);
    if (known !== undefined) return known;
    const lane = new Lane<T>(delayMillis, now + delayMillis);
    this.#lanes.set(delayMillis, lane);
    this.#rise(lane);
    return lane;
  }

  #arm(at: number, now: number): void {
    this.#timer?.cancel();
    this.#timerAt = at;
    const delayMillis = Math.min(longestTimerMillis, Math.max(1, Math.ceil(at - now)));
    this.#timer = this.#clock.setTimer(() => this.#fire(), delayMillis);
  }

  #fire(): void {
    this.#timer = null;
    // While this runs, `add` leaves the timer alone: it is set at the end, once.
    this.#timerAt = Number.NEGATIVE_INFINITY;
    const now = this.#clock.now();
    try {
      for (let lane = this.#heap[0]; lane !== undefined && lane.wakeAt <= now; lane = this.#heap[0]) {
        this.#expire(lane, now);
      }
    } finally {
      this.#timerAt = Number.POSITIVE_INFINITY;
      const next = this.#heap[0];
      if (next !== undefined) this.#arm(next.wakeAt, now);
    }
  }

  /** Calls back for all that is due in the first lane, which stays the first: whatever is added meanwhile is due no earlier. */
  #expire(lane: Lane<T>, now: number): void {
    try {
      for (let item = lane.first; item !== null && lane.deadlineOf(item) <= now; item = lane.first) {
        lane.remove(item);
        this.#onDue(item, now);
      }
    } finally {
      // Not so after a stop.
      if (this.#heap[0] === lane) this.#moveOn(lane);
    }
  }

  /** The first lane waits for its next member, or is forgotten where it has none. */
  #moveOn(lane: Lane<T>): void {
    if (lane.first !== null) {
      lane.wakeAt = lane.deadlineOf(lane.first);
      this.#sink(lane);
      return;
    }
    this.#lanes.delete(lane.delayMillis);
    const last = this.#heap.pop() ?? lane;
    if (last !== lane) this.#sink(last);
  }

  /** Adds a lane at the end of the heap and lets it rise to its place. */
  #rise(lane: Lane<T>): void {
    const heap = this.#heap;
    let hole = heap.length;
    while (hole > 0) {
      const parentAt = (hole - 1) >> 1;
      const parent = heap[parentAt];
      if (parent === undefined || parent.wakeAt <= lane.wakeAt) break;
      heap[hole] = parent;
      hole = parentAt;
    }
    heap[hole] = lane;
  }

  /** Puts a lane in the place of the first one and lets it sink to its own. */
  #sink(lane: Lane<T>): void {
    const heap = this.#heap;
    let hole = 0;
    for (;;) {
      const childAt = this.#earlierOf(2 * hole + 1, 2 * hole + 2);
      const child = heap[childAt];
      if (child === undefined || lane.wakeAt <= child.wakeAt) break;
      heap[hole] = child;
      hole = childAt;
    }
    heap[hole] = lane;
  }

  /** Which of two places in the heap holds the earlier lane; the right one may be beyond the end, or both. */
  #earlierOf(left: number, right: number): number {
    return this.#wakeAt(right) < this.#wakeAt(left) ? right : left;
  }

  #wakeAt(place: number): number {
    return this.#heap[place]?.wakeAt ?? Number.POSITIVE_INFINITY;
  }
}
