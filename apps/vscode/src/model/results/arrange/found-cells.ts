export interface FoundCell {
  readonly row: number;
  readonly column: number;
  /** Which of all matches it is, from 1. */
  readonly index: number;
}

/** A cell as one number: rows first, then columns. */
const COLUMNS = 65_536;

export function cellNumber(row: number, column: number): number {
  return row * COLUMNS + column;
}

/** The cells that hold a text, by the rows as they are shown. */
export class FoundCells {
  readonly needle: string;
  /** True where there are more matches than are kept. */
  readonly isCut: boolean;
  readonly #cells: Float64Array;

  /** @param cells - ascending numbers of cells. */
  constructor(needle: string, { cells, isCut }: { cells: Float64Array; isCut: boolean }) {
    this.needle = needle;
    this.isCut = isCut;
    this.#cells = cells;
  }

  get count(): number {
    return this.#cells.length;
  }

  /** The next match after a cell, the one before it, or the first one from it on; goes around at the ends. */
  step(from: { row: number; column: number }, direction: "next" | "previous" | "here"): FoundCell | null {
    const { count } = this;
    if (count === 0) return null;
    const cell = cellNumber(from.row, from.column);
    const at = direction === "next" ? this.#firstFrom(cell + 1) : this.#firstFrom(cell);
    const index = (direction === "previous" ? at - 1 + count : at) % count;
    const found = this.#cells[index] ?? 0;
    return { row: Math.floor(found / COLUMNS), column: found % COLUMNS, index: index + 1 };
  }

  #firstFrom(cell: number): number {
    let [low, high] = [0, this.count];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#cells[middle] ?? 0) < cell) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
