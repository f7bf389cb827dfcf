import type { Cell } from "../../../shared/protocol/results.ts";

type Row = readonly Cell[];

export const PAGE_LENGTH = 200;
const MAX_PAGES = 40;

/** The rows that the view has at hand, by page; what is missing is asked for once. */
export class PageCache {
  readonly #pages = new Map<number, readonly Row[]>();
  /** The number of rows that there were when a page was asked for: a page that came short is asked for again when there are more. */
  readonly #asked = new Map<number, number>();
  readonly #request: (start: number, count: number) => void;

  constructor(request: (start: number, count: number) => void) {
    this.#request = request;
  }

  /** The row, or null while it is on its way. */
  row(index: number): Row | null {
    return this.#pages.get(Math.floor(index / PAGE_LENGTH))?.[index % PAGE_LENGTH] ?? null;
  }

  /** Rows at hand from the beginning, to measure columns by. */
  get sample(): readonly Row[] {
    return this.#pages.get(0) ?? [];
  }

  /** Asks for the pages that cover these rows and are not at hand; a page at hand becomes the newest. */
  require(first: number, last: number, rowCount: number): void {
    for (let page = Math.floor(first / PAGE_LENGTH); page <= Math.floor(last / PAGE_LENGTH); page++) {
      const rows = this.#pages.get(page);
      const expected = Math.min(PAGE_LENGTH, rowCount - page * PAGE_LENGTH);
      if (rows !== undefined && rows.length >= expected) this.#touch(page, rows);
      else if (this.#asked.get(page) !== rowCount) {
        this.#asked.set(page, rowCount);
        this.#request(page * PAGE_LENGTH, PAGE_LENGTH);
      }
    }
  }

  /** Takes rows that the host sent. */
  receive(start: number, rows: readonly Row[]): void {
    this.#touch(Math.floor(start / PAGE_LENGTH), rows);
    const [oldest] = this.#pages.keys();
    if (this.#pages.size <= MAX_PAGES || oldest === undefined) return;
    this.#pages.delete(oldest);
    this.#asked.delete(oldest);
  }

  /** Forgets what was asked for and not answered, as after the view was hidden. */
  retry(): void {
    for (const page of this.#asked.keys()) if (!this.#pages.has(page)) this.#asked.delete(page);
  }

  #touch(page: number, rows: readonly Row[]): void {
    this.#pages.delete(page);
    this.#pages.set(page, rows);
  }
}
