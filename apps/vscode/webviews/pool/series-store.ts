import {
  CELL_MILLIS,
  CELL_WIDTH,
  CELL_WORDS,
  type SeriesView,
  WAIT_BOUNDS,
} from "../../shared/protocol/pool.ts";

/** What happened within a period, from the cells of a series. */
export interface PeriodNumbers {
  readonly seconds: number;
  readonly checkouts: number;
  readonly reused: number;
  readonly failures: number;
  /** Counts by bucket of waits. */
  readonly waits: readonly number[];
}

type Gauge = "used" | "idle" | "connecting" | "waiting" | "peakWaiting" | "max";

/** The cells of one pool, by their number. */
export class CellStore {
  readonly #cells = new Map<number, Uint32Array>();

  add({ first, cells }: SeriesView): void {
    for (let index = 0; index * CELL_WIDTH < cells.length; index += 1) {
      this.#cells.set(first + index, cells.slice(index * CELL_WIDTH, (index + 1) * CELL_WIDTH));
    }
  }

  dropBefore(time: number): void {
    const oldest = Math.floor(time / CELL_MILLIS);
    for (const number of this.#cells.keys()) {
      if (number >= oldest) return;
      this.#cells.delete(number);
    }
  }

  /** A number of the pool in a cell; null where it is unknown. */
  gauge(number: number, name: Gauge): number | null {
    const value = this.#cells.get(number)?.[CELL_WORDS[name]] ?? 0;
    return value === 0 ? null : value - 1;
  }

  waitsOf(number: number, bucket: number): number {
    return this.#cells.get(number)?.[CELL_WORDS.waits + bucket] ?? 0;
  }

  /** Adds up the cells that lie in a period. */
  period(from: number, to: number): PeriodNumbers {
    const waits = new Array<number>(WAIT_BOUNDS.length + 1).fill(0);
    let [checkouts, reused, failures, count] = [0, 0, 0, 0];
    for (let number = Math.floor(from / CELL_MILLIS); number * CELL_MILLIS < to; number += 1) {
      const cell = this.#cells.get(number);
      if (cell === undefined) continue;
      count += 1;
      checkouts += cell[CELL_WORDS.checkouts] ?? 0;
      reused += cell[CELL_WORDS.reused] ?? 0;
      failures += (cell[CELL_WORDS.timeouts] ?? 0) + (cell[CELL_WORDS.errors] ?? 0);
      for (let bucket = 0; bucket < waits.length; bucket += 1) {
        waits[bucket] = (waits[bucket] ?? 0) + (cell[CELL_WORDS.waits + bucket] ?? 0);
      }
    }
    return { seconds: (count * CELL_MILLIS) / 1_000, checkouts, reused, failures, waits };
  }
}

/** The time that a share of the waits stayed below, by a straight line through its bucket; null where none was measured. */
export function percentile(waits: readonly number[], share: number): number | null {
  const total = waits.reduce((sum, count) => sum + count, 0);
  if (total === 0) return null;
  const rank = share * total;
  let below = 0;
  for (const [index, count] of waits.entries()) {
    if (count > 0 && below + count >= rank) {
      const lower = index === 0 ? 0 : (WAIT_BOUNDS[index - 1] ?? 0);
      const upper = WAIT_BOUNDS[index] ?? lower;
      return lower + (upper - lower) * ((rank - below) / count);
    }
    below += count;
  }
  return WAIT_BOUNDS.at(-1) ?? null;
}
