import type { Cell } from "../../../shared/protocol/results.ts";

type Row = readonly Cell[];

export const PAGE_LENGTH = 200;
/** Narrow tables come whole; of wide ones so many columns come together. */
const BLOCK_WIDTH = 24;
const WIDEST_WHOLE = 40;
const MAX_PARTS = 60;
/** While the user scrolls, what is on its way is out of date as soon as it comes: only so many parts are asked for at once. */
const MAX_ASKED = 2;

/** A part of the table: rows of one page, columns of one block. */
export interface PartRequest {
  readonly start: number;
  readonly count: number;
  readonly firstColumn: number;
  readonly columnCount: number;
}

/** The parts of the table that the view has at hand; what is missing is asked for, the newest wish first. */
export class PageCache {
  readonly #parts = new Map<string, readonly Row[]>();
  readonly #asked = new Set<string>();
  #wanted: { readonly key: string; readonly part: PartRequest }[] = [];
  readonly #columnCount: number;
  readonly #blockWidth: number;
  readonly #request: (part: PartRequest) => void;

  constructor(columnCount: number, request: (part: PartRequest) => void) {
    this.#columnCount = columnCount;
    this.#blockWidth = columnCount <= WIDEST_WHOLE ? Math.max(1, columnCount) : BLOCK_WIDTH;
    this.#request = request;
  }

  /** A value; undefined while it is on its way. */
  value(row: number, column: number): Cell | undefined {
    const block = Math.floor(column / this.#blockWidth);
    const cells = this.#parts.get(`${Math.floor(row / PAGE_LENGTH)}:${block}`)?.[row % PAGE_LENGTH];
    return cells === undefined ? undefined : (cells[column % this.#blockWidth] ?? null);
  }

  /** Values of a column from the beginning, to measure it by. */
  sample(column: number): Cell[] {
    const rows = this.#parts.get(`0:${Math.floor(column / this.#blockWidth)}`) ?? [];
    return rows.map((row) => row[column % this.#blockWidth] ?? null);
  }

  /** Asks for what covers these rows and columns and is not at hand. */
  require(rows: { first: number; last: number }, columns: readonly number[], rowCount: number): void {
    const blocks = new Set(columns.map((column) => Math.floor(column / this.#blockWidth)));
    this.#wanted = [];
    for (
      let page = Math.floor(rows.first / PAGE_LENGTH);
      page <= Math.floor(rows.last / PAGE_LENGTH);
      page++
    ) {
      for (const block of blocks)
        this.#want(page, block, Math.min(PAGE_LENGTH, rowCount - page * PAGE_LENGTH));
    }
    this.#ask();
  }

  /** Takes rows that the host sent. */
  receive({ start, firstColumn }: { start: number; firstColumn: number }, rows: readonly Row[]): void {
    const key = `${Math.floor(start / PAGE_LENGTH)}:${Math.floor(firstColumn / this.#blockWidth)}`;
    this.#asked.delete(key);
    this.#touch(key, rows);
    const [oldest] = this.#parts.keys();
    if (this.#parts.size > MAX_PARTS && oldest !== undefined) this.#parts.delete(oldest);
    this.#ask();
  }

  /** Forgets everything, as when other rows show. */
  clear(): void {
    this.#parts.clear();
    this.#asked.clear();
    this.#wanted = [];
  }

  #want(page: number, block: number, expected: number): void {
    const key = `${page}:${block}`;
    const rows = this.#parts.get(key);
    if (rows !== undefined) this.#touch(key, rows);
    if (rows !== undefined && rows.length >= expected) return;
    const firstColumn = block * this.#blockWidth;
    const columnCount = Math.min(this.#blockWidth, this.#columnCount - firstColumn);
    this.#wanted.push({
      key,
      part: { start: page * PAGE_LENGTH, count: PAGE_LENGTH, firstColumn, columnCount },
    });
  }

  #ask(): void {
    for (const { key, part } of this.#wanted) {
      if (this.#asked.size >= MAX_ASKED) return;
      if (this.#asked.has(key)) continue;
      this.#asked.add(key);
      this.#request(part);
    }
    this.#wanted = this.#wanted.filter(({ key }) => !this.#asked.has(key));
  }

  #touch(key: string, rows: readonly Row[]): void {
    this.#parts.delete(key);
    this.#parts.set(key, rows);
  }
}
