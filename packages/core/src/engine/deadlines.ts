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
  wakeAt = 0;
  isInHeap = false;
  first: T | null = null;
  last: T | null = null;

  constructor(delayMillis: number) {
    this.delayMillis = delayMillis;
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
 * Invariants: a lane with members is in the heap; the heap is ordered by `wakeAt`; a timer is armed no later than the
 * first `wakeAt`.
 */
export class Deadlines<T extends Timed<T>> {
  readonly #clock: Clock;
  readonly #onDue: (item: T, now: number) => void;
  readonly #lanes = new Map<number, Lane<T>>();
  readonly #heap: Lane<T>[] = [];
  #recent: Lane<T> | null = null;
  #timer: Timer | null = null;
  #timerAt: number = Number.POSITIVE_INFINITY;

  constructor(clock: Clock, onDue: (item: T, now: number) => void) {
    this.#clock = clock;
    this.#onDue = onDue;
  }

  /** Calls back for `item` at `now + delayMillis`, rounded up to whole milliseconds. It must have no deadline yet. */
  add(item: T, delayMillis: number, now: number): void {
    const lane = this.#laneOf(Math.max(0, Math.ceil(delayMillis)));
    item.since = now;
    lane.append(item);
    const deadline = now + lane.delayMillis;
    // While the lane's members fall due it is out of the heap, and others may be due before this one.
    if (!lane.isInHeap) this.#push(lane, lane.deadlineOf(lane.first ?? item));
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
    this.#recent = null;
  }

  #laneOf(delayMillis: number): Lane<T> {
    if (this.#recent?.delayMillis === delayMillis) return this.#recent;
    let lane = this.#lanes.get(delayMillis);
    if (lane === undefined) {
      lane = new Lane(delayMillis);
      this.#lanes.set(delayMillis, lane);
    }
    this.#recent = lane;
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
        this.#popFirst();
        this.#expire(lane, now);
      }
    } finally {
      this.#timerAt = Number.POSITIVE_INFINITY;
      const next = this.#heap[0];
      if (next !== undefined) this.#arm(next.wakeAt, now);
    }
  }

  #expire(lane: Lane<T>, now: number): void {
    try {
      for (let item = lane.first; item !== null && lane.deadlineOf(item) <= now; item = lane.first) {
        lane.remove(item);
        this.#onDue(item, now);
      }
    } finally {
      if (lane.first !== null) {
        if (!lane.isInHeap) this.#push(lane, lane.deadlineOf(lane.first));
      } else if (!lane.isInHeap) this.#forget(lane);
    }
  }

  #forget(lane: Lane<T>): void {
    if (this.#lanes.get(lane.delayMillis) === lane) this.#lanes.delete(lane.delayMillis);
    if (this.#recent === lane) this.#recent = null;
  }

  #push(lane: Lane<T>, wakeAt: number): void {
    lane.wakeAt = wakeAt;
    lane.isInHeap = true;
    const heap = this.#heap;
    let hole = heap.length;
    while (hole > 0) {
      const parentAt = (hole - 1) >> 1;
      const parent = heap[parentAt];
      if (parent === undefined || parent.wakeAt <= wakeAt) break;
      heap[hole] = parent;
      hole = parentAt;
    }
    heap[hole] = lane;
  }

  #popFirst(): void {
    const heap = this.#heap;
    const first = heap[0];
    if (first !== undefined) first.isInHeap = false;
    const moved = heap.pop();
    if (moved === undefined || moved === first) return;
    let hole = 0;
    for (;;) {
      let childAt = 2 * hole + 1;
      const right = heap[childAt + 1];
      let child = heap[childAt];
      if (child !== undefined && right !== undefined && right.wakeAt < child.wakeAt) {
        child = right;
        childAt += 1;
      }
      if (child === undefined || moved.wakeAt <= child.wakeAt) break;
      heap[hole] = child;
      hole = childAt;
    }
    heap[hole] = moved;
  }
}
