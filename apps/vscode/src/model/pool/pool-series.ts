import {
  CELL_MILLIS,
  CELL_WIDTH,
  CELL_WORDS,
  type PoolView,
  WAIT_BOUNDS,
  type WaitTimeView,
} from "../../../shared/protocol/pool.ts";

/** The bucket that a wait falls into. */
export function waitBucket(millis: number): number {
  const index = WAIT_BOUNDS.findIndex((bound) => millis <= bound);
  return index === -1 ? WAIT_BOUNDS.length : index;
}

/** A count that only grows, as it was when it was last looked at. */
interface LastSeen {
  readonly counters: PoolView["counters"];
  readonly waitTime: WaitTimeView | null;
}

/** Cells that follow each other without a gap. */
export interface SeriesCells {
  readonly first: number;
  readonly cells: Uint32Array;
  /** Up to which they are known. */
  readonly revision: number;
}

/**
 * The numbers of one pool over time, in cells of half a second.
 *
 * It is written when something happens and never by a timer: a cell in which nothing happened is as the one before it.
 *
 * Invariant: the cells from `first` to `last` are filled; there are at most `capacity` of them.
 */
export class PoolSeries {
  readonly #capacity: number;
  readonly #cells: Uint32Array;
  #first: number | null = null;
  #last = 0;
  /** When each cell was last written, counted in writes. */
  readonly #revisions: Uint32Array;
  #revision = 0;
  #seen: LastSeen | null = null;

  constructor(historyMillis: number) {
    this.#capacity = Math.ceil(historyMillis / CELL_MILLIS) + 1;
    this.#cells = new Uint32Array(this.#capacity * CELL_WIDTH);
    this.#revisions = new Uint32Array(this.#capacity);
  }

  get byteLength(): number {
    return this.#cells.byteLength + this.#revisions.byteLength;
  }

  /** Writes down how the pool is now, and what its program counted since it was last looked at. */
  numbers(view: PoolView, at: number, hasLanes: boolean): void {
    const cell = this.#cellAt(at);
    if (cell === null) return;
    const { used, idle, connecting, waiting, max } = view;
    for (const [name, value] of Object.entries({ used, idle, connecting, waiting, max })) {
      this.#cells[cell + CELL_WORDS[isGauge(name) ? name : "used"]] = value === null ? 0 : value + 1;
    }
    const peak = cell + CELL_WORDS.peakWaiting;
    this.#cells[peak] = Math.max(this.#cells[peak] ?? 0, (waiting ?? 0) + 1);
    if (!hasLanes) this.#count(cell, view);
    this.#seen = { counters: view.counters, waitTime: view.waitTime };
  }

  /** Writes down a checkout. */
  use(at: number, use: { waitMillis: number; isReused: boolean }): void {
    const cell = this.#cellAt(at);
    if (cell === null) return;
    this.#add(cell + CELL_WORDS.checkouts, 1);
    if (use.isReused) this.#add(cell + CELL_WORDS.reused, 1);
    this.#add(cell + CELL_WORDS.waits + waitBucket(use.waitMillis), 1);
  }

  /** Writes down a request that ended without a connection. */
  failed(at: number, failure: string): void {
    const cell = this.#cellAt(at);
    if (cell === null) return;
    this.#add(cell + CELL_WORDS[failure === "acquire_timeout" ? "timeouts" : "errors"], 1);
  }

  /**
   * The cells from the oldest that was written after a revision to that moment; null where there is none.
   *
   * @param revision - of the cells that are known already; 0 for all.
   */
  cellsSince(revision: number, at: number): SeriesCells | null {
    this.#cellAt(at);
    if (this.#first === null) return null;
    for (let number = this.#first; number <= this.#last; number += 1) {
      if ((this.#revisions[number % this.#capacity] ?? 0) > revision) return this.#from(number);
    }
    return null;
  }

  #from(first: number): SeriesCells {
    const cells = new Uint32Array((this.#last - first + 1) * CELL_WIDTH);
    for (let number = first; number <= this.#last; number += 1) {
      const at = this.#offset(number);
      cells.set(this.#cells.subarray(at, at + CELL_WIDTH), (number - first) * CELL_WIDTH);
    }
    return { first, cells, revision: this.#revision };
  }

  /** What a program counts of its own, where no span tells it better; the first look only sets the mark. */
  #count(cell: number, { counters, waitTime }: PoolView): void {
    const seen = this.#seen;
    if (seen === null) return;
    for (const name of ["checkouts", "reused", "timeouts", "errors"] as const) {
      this.#add(cell + CELL_WORDS[name], grown(counters[name], seen.counters[name]));
    }
    if (waitTime === null) return;
    waitTime.bucketCounts.forEach((count, index) => {
      const bound = waitTime.boundsMillis[index] ?? Number.POSITIVE_INFINITY;
      const before = seen.waitTime?.bucketCounts[index] ?? 0;
      this.#add(cell + CELL_WORDS.waits + waitBucket(bound), grown(count, before));
    });
  }

  #add(word: number, count: number): void {
    this.#cells[word] = (this.#cells[word] ?? 0) + count;
  }

  /** Where the cell of a moment begins; null where it is older than what is kept. Fills what lies between. */
  #cellAt(at: number): number | null {
    const number = Math.floor(at / CELL_MILLIS);
    if (this.#first === null) {
      this.#first = number;
      this.#last = number;
      this.#cells.fill(0, this.#offset(number), this.#offset(number) + CELL_WIDTH);
    }
    const oldest = Math.max(this.#last, number) - this.#capacity + 1;
    if (number < oldest) return null;
    if (number < this.#first) this.#extendBack(number);
    for (let next = Math.max(this.#last + 1, oldest); next <= number; next += 1) this.#open(next);
    this.#last = Math.max(this.#last, number);
    this.#first = Math.max(this.#first, oldest);
    this.#touch(number);
    return this.#offset(number);
  }

  /** Spans of a program come late: its first ones may be older than the first look at it. */
  #extendBack(number: number): void {
    const first = this.#first ?? number;
    for (let next = number; next < first; next += 1) {
      this.#cells.fill(0, this.#offset(next), this.#offset(next) + CELL_WIDTH);
      this.#touch(next);
    }
    this.#first = number;
  }

  #open(number: number): void {
    const at = this.#offset(number);
    const before = this.#offset(number - 1);
    this.#touch(number);
    this.#cells.fill(0, at, at + CELL_WIDTH);
    for (let word = 0; word < CELL_WORDS.checkouts; word += 1) {
      this.#cells[at + word] = this.#cells[before + word] ?? 0;
    }
    this.#cells[at + CELL_WORDS.peakWaiting] = this.#cells[before + CELL_WORDS.waiting] ?? 0;
  }

  #touch(number: number): void {
    this.#revision += 1;
    this.#revisions[number % this.#capacity] = this.#revision;
  }

  #offset(number: number): number {
    return (number % this.#capacity) * CELL_WIDTH;
  }
}

function isGauge(name: string): name is "used" | "idle" | "connecting" | "waiting" | "max" {
  return name in CELL_WORDS;
}

/** A program that started anew counts from zero again. */
function grown(now: number | null, before: number | null): number {
  if (now === null || before === null) return 0;
  return now >= before ? now - before : now;
}
