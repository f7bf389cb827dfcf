import type { Cell } from "../../../shared/protocol/results.ts";

type Row = readonly Cell[];

export const PAGE_LENGTH = 200;
const MAX_PAGES = 40;

/** The rows that the view has at hand, by page; what is missing is asked for once. */
export class PageCache {
  readonly #pages = new Map<number, readonly Row[]>();
  readonly #pending = new Set<number>();
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
      else if (!this.#pending.has(page)) {
        this.#pending.add(page);
        this.#request(page * PAGE_LENGTH, PAGE_LENGTH);
      }
    }
  }

  /** Takes rows that the host sent. */
  receive(start: number, rows: readonly Row[]): void {
    const page = Math.floor(start / PAGE_LENGTH);
    this.#pending.delete(page);
    this.#touch(page, rows);
    const [oldest] = this.#pages.keys();
    if (this.#pages.size > MAX_PAGES && oldest !== undefined) this.#pages.delete(oldest);
  }

  /** Forgets what was asked for and never answered, as after the view was hidden. */
  retry(): void {
    this.#pending.clear();
  }

  #touch(page: number, rows: readonly Row[]): void {
    this.#pages.delete(page);
    this.#pages.set(page, rows);
  }
}
