import type { Cursor } from "@rockpool/core";
import type { Cell } from "../../shared/protocol/results.ts";
import type { RowPage, RowReader } from "../model/database.ts";

export type CellRow = readonly Cell[];
export type ValueRow = readonly (Cell | boolean)[];

/** No page holds much more than this, in characters, so that large values cannot fill the host's memory at once. */
const PAGE_LENGTH_LIMIT = 16_000_000;

/**
 * Reads a cursor's rows by pages.
 *
 * It is always one row ahead, so that a page knows whether it is the last one.
 */
export class PageReader implements RowReader {
  readonly #cursor: Cursor<ValueRow>;
  /** What the cursor was opened with. */
  readonly #cancelling: AbortController;
  #ahead: CellRow[] = [];
  /** A guess from the rows so far. */
  #rowSize = 0;

  constructor(cursor: Cursor<ValueRow>, cancelling: AbortController) {
    this.#cursor = cursor;
    this.#cancelling = cancelling;
  }

  /** Reads the first row alone; it belongs to the first page. */
  async start(): Promise<void> {
    this.#ahead = await this.#fetch(1);
    this.#rowSize = sizeOf(this.#ahead);
  }

  async read(count: number): Promise<RowPage> {
    const rows = this.#ahead;
    this.#ahead = [];
    let size = sizeOf(rows);
    while (rows.length <= count && size < PAGE_LENGTH_LIMIT) {
      const fitting = Math.ceil((PAGE_LENGTH_LIMIT - size) / Math.max(this.#rowSize, 1));
      const wanted = Math.min(count + 1 - rows.length, fitting);
      const read = await this.#fetch(wanted);
      for (const row of read) rows.push(row);
      if (read.length < wanted) return { rows, isLast: true };
      size += sizeOf(read);
      this.#rowSize = size / rows.length;
    }
    this.#ahead = rows.length > count ? rows.splice(count) : await this.#fetch(1);
    return { rows, isLast: this.#ahead.length === 0 };
  }

  cancel(): void {
    this.#cancelling.abort();
  }

  close(): Promise<void> {
    return this.#cursor.close();
  }

  async #fetch(count: number): Promise<CellRow[]> {
    return (await this.#cursor.read(count)).map(asCells);
  }
}

/** Booleans are spelt out, as SQL also reads them; a row without any is taken as it is. */
export function asCells(row: ValueRow): CellRow {
  if (isCellRow(row)) return row;
  return row.map((value) => (typeof value === "boolean" ? String(value) : value));
}

function isCellRow(row: ValueRow): row is CellRow {
  for (const value of row) if (typeof value === "boolean") return false;
  return true;
}

function sizeOf(rows: readonly CellRow[]): number {
  return rows.reduce((sum, row) => row.reduce((size, cell) => size + (cell?.length ?? 0), sum), 0);
}
