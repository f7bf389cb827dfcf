import type { Cell } from "../../../../shared/protocol/results.ts";
import { PackedPage } from "./packed-page.ts";
import type { RowPlace, RowSpace } from "./row-space.ts";
import type { SpilledPiece, SpillFile } from "./spill-file.ts";

type Row = readonly Cell[];

/** Rows of a page at most, and about how many characters. */
const PAGE_ROWS = 1_000;
const PAGE_LENGTH = 1_000_000;
/** Pages of the file that are kept after a read, since the next read is likely to be near. */
const CACHED_PAGES = 24;

interface KeptPage {
  readonly firstRow: number;
  readonly rowCount: number;
  readonly bytes: number;
  readonly content:
    | { readonly kind: "memory"; readonly page: PackedPage }
    | { readonly kind: "disk"; readonly piece: SpilledPiece };
}

/** The rows were forgotten while somebody read them. */
export class RowsGoneError extends Error {
  constructor() {
    super("the rows of this result are gone, since another run took their place");
    this.name = "RowsGoneError";
  }
}

/**
 * The rows of one result, packed by page, in memory as far as they fit and in a file beyond that.
 *
 * Invariant: what `rowCount` counts can be read; a page is counted when it is in its place.
 */
export class RowTable {
  readonly columnCount: number;
  readonly #space: RowSpace;
  readonly #pages: KeptPage[] = [];
  readonly #cache = new Map<SpilledPiece, PackedPage>();
  #file: Promise<SpillFile> | null = null;
  #rowCount = 0;
  #isDisposed = false;

  constructor(columnCount: number, space: RowSpace) {
    this.columnCount = columnCount;
    this.#space = space;
  }

  get rowCount(): number {
    return this.#rowCount;
  }

  /** What the rows take in memory and on the disk, in bytes. */
  get bytes(): number {
    return this.#pages.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** Adds rows at the end; says how many of them found room. The first row always does. */
  async append(rows: readonly Row[]): Promise<number> {
    let added = 0;
    while (added < rows.length) {
      const count = rowsOfPage(rows, added);
      if (!(await this.#add(PackedPage.pack(rows.slice(added, added + count), this.columnCount)))) break;
      added += count;
    }
    if (this.#rowCount > 0 || rows.length === 0 || this.#isDisposed) return added;
    await this.#add(PackedPage.pack(rows.slice(0, 1), this.columnCount), "must");
    return 1;
  }

  /**
   * The page that holds a row, and its first row.
   *
   * @throws {RowsGoneError} the rows were forgotten, so that nobody takes a part of them for the whole.
   */
  async pageOf(row: number): Promise<{ page: PackedPage; firstRow: number }> {
    if (this.#isDisposed) throw new RowsGoneError();
    const kept = this.#pages[this.#indexOf(row)];
    if (kept === undefined) throw new Error(`bug: no row ${row}`);
    const { content, firstRow, rowCount } = kept;
    if (content.kind === "memory") return { page: content.page, firstRow };
    return { page: await this.#load(content.piece, rowCount), firstRow };
  }

  /** Gives the pages in order. */
  async *pages(): AsyncGenerator<{ page: PackedPage; firstRow: number }, void, undefined> {
    for (let row = 0; row < this.#rowCount || this.#isDisposed; ) {
      const found = await this.pageOf(row);
      yield found;
      row = found.firstRow + found.page.rowCount;
    }
  }

  /** The values of some columns in rows given by their numbers; the columns one after the other within a row. */
  async cells(rows: ArrayLike<number>, columns: readonly number[]): Promise<Row[]> {
    const result: Row[] = [];
    for (let index = 0; index < rows.length; ) {
      const { page, firstRow } = await this.pageOf(rows[index] ?? 0);
      const length = runLength(rows, index, firstRow + page.rowCount);
      const from = (rows[index] ?? 0) - firstRow;
      const byColumn = columns.map((column) => page.values(column, from, from + length));
      for (let at = 0; at < length; at++) result.push(byColumn.map((values) => values[at] ?? null));
      index += length;
    }
    return result;
  }

  /** Forgets the rows and gives their room back. */
  async dispose(): Promise<void> {
    if (this.#isDisposed) return;
    this.#isDisposed = true;
    for (const { content, bytes } of this.#pages) this.#space.giveBack(content.kind, bytes);
    this.#pages.length = 0;
    this.#rowCount = 0;
    this.#cache.clear();
    const file = await this.#file?.catch(() => null);
    await file?.close();
  }

  async #add(page: PackedPage, need: "must" | "may" = "may"): Promise<boolean> {
    const bytes = page.buffer.length;
    const place = this.#isDisposed ? null : this.#space.take(bytes, need);
    if (place === null) return false;
    const content = place === "memory" ? { kind: place, page } : await this.#spill(page, bytes);
    if (content === null) return false;
    this.#keep({ firstRow: this.#rowCount, rowCount: page.rowCount, bytes, content });
    return true;
  }

  #keep(page: KeptPage): void {
    if (this.#isDisposed) {
      this.#space.giveBack(page.content.kind, page.bytes);
      return;
    }
    this.#pages.push(page);
    this.#rowCount += page.rowCount;
  }

  /** A disk that takes no more is as good as no room. */
  async #spill(page: PackedPage, bytes: number): Promise<{ kind: "disk"; piece: SpilledPiece } | null> {
    const place: RowPlace = "disk";
    try {
      this.#file ??= this.#space.openFile();
      return { kind: place, piece: await (await this.#file).write(page.buffer) };
    } catch {
      this.#space.giveBack(place, bytes);
      return null;
    }
  }

  async #load(piece: SpilledPiece, rowCount: number): Promise<PackedPage> {
    const cached = this.#cache.get(piece);
    if (cached !== undefined) {
      this.#cache.delete(piece);
      this.#cache.set(piece, cached);
      return cached;
    }
    const file = await this.#file;
    if (file === null) throw new Error("bug: a page of a file that is not open");
    const page = new PackedPage(await file.read(piece), rowCount);
    this.#cache.set(piece, page);
    const [oldest] = this.#cache.keys();
    if (this.#cache.size > CACHED_PAGES && oldest !== undefined) this.#cache.delete(oldest);
    return page;
  }

  /** The last page that begins at the row or before it. */
  #indexOf(row: number): number {
    let [low, high] = [0, this.#pages.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#pages[middle]?.firstRow ?? 0) <= row) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

/** How many rows from `start` make the next page. */
function rowsOfPage(rows: readonly Row[], start: number): number {
  let length = 0;
  let end = start;
  while (end < rows.length && end - start < PAGE_ROWS && length < PAGE_LENGTH) {
    for (const cell of rows[end] ?? []) length += cell?.length ?? 0;
    end++;
  }
  return end - start;
}

/** How many row numbers from `index` on follow one another within a page. */
function runLength(rows: ArrayLike<number>, index: number, endOfPage: number): number {
  let length = 1;
  while (
    index + length < rows.length &&
    rows[index + length] === (rows[index] ?? 0) + length &&
    (rows[index + length] ?? 0) < endOfPage
  ) {
    length++;
  }
  return length;
}
