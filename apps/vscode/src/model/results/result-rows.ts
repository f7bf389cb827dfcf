import type {
  ArrangementView,
  Cell,
  CellRange,
  MoreRows,
  ResultView,
  SummaryView,
} from "../../../shared/protocol/results.ts";
import type { Column } from "../database.ts";
import { Aggregate } from "./aggregate.ts";
import { arrange } from "./arrange/arrange.ts";
import { findCells } from "./arrange/find-cells.ts";
import type { FoundCells } from "./arrange/found-cells.ts";
import { Slices } from "./slices.ts";
import type { RowSpace } from "./table/row-space.ts";
import { RowTable } from "./table/row-table.ts";
import { kindOf } from "./value-kind.ts";

type Row = readonly Cell[];

/** All rows, in the order in which they came. */
export const AS_THEY_CAME: ArrangementView = { filters: [], sort: [] };
/** Rows that are read together where many are gone through. */
const BATCH = 1_000;

/**
 * The rows of one statement that are kept here, and how they are shown.
 *
 * Rows are numbered as they are shown: filtered and sorted where that was asked for. A new arrangement takes the place of the old
 * one when it is complete; asking for another one meanwhile drops it.
 */
export class ResultRows {
  readonly columns: readonly Column[];
  readonly kind: ResultView["kind"];
  more: MoreRows = "none";
  loading: ResultView["loading"] = null;
  readonly #table: RowTable;
  #arrangement = AS_THEY_CAME;
  #order: Uint32Array | null = null;
  #arranging: AbortController | null = null;
  #version = 0;
  #found: FoundCells | null = null;
  #finding: AbortController | null = null;
  #holds = 0;
  #isUnwanted = false;

  constructor(columns: readonly Column[], space: RowSpace, kind: ResultView["kind"] = "rows") {
    this.columns = columns;
    this.kind = kind;
    this.#table = new RowTable(columns.length, space);
  }

  get rowCount(): number {
    return this.#table.rowCount;
  }

  get shownCount(): number {
    return this.#order?.length ?? this.#table.rowCount;
  }

  get version(): number {
    return this.#version;
  }

  get arrangement(): ArrangementView {
    return this.#arrangement;
  }

  get isArranging(): boolean {
    return this.#arranging !== null;
  }

  /** Whether as much is kept as the settings allow. */
  get isFull(): boolean {
    return this.more === "limit" || this.more === "size";
  }

  /** Adds rows at the end; says what stood in the way of keeping all of them, or null. */
  async append(rows: readonly Row[], maxRows: number): Promise<MoreRows | null> {
    const room = Math.max(0, maxRows - this.rowCount);
    const fitting = rows.length > room ? rows.slice(0, room) : rows;
    if ((await this.#table.append(fitting)) < fitting.length) return "size";
    this.#found = null;
    return fitting.length < rows.length ? "limit" : null;
  }

  /** Shows other rows, or the same in another order; resolves when they do, or when another arrangement was asked for. */
  async arrange(arrangement: ArrangementView): Promise<void> {
    if (isPlain(arrangement) && isPlain(this.#arrangement)) return;
    this.#arrangement = arrangement;
    this.#arranging?.abort();
    const arranging = new AbortController();
    this.#arranging = arranging;
    try {
      const order = await arrange(
        { table: this.#table, columns: this.columns },
        arrangement,
        new Slices(arranging.signal),
      );
      this.#order = order;
      this.#version++;
      this.#found = null;
    } catch (error) {
      if (!arranging.signal.aborted) throw error;
    } finally {
      if (this.#arranging === arranging) this.#arranging = null;
    }
  }

  /** Arranges anew after rows were added. */
  async rearrange(): Promise<void> {
    if (!isPlain(this.#arrangement)) await this.arrange(this.#arrangement);
  }

  /** Rows as they show, `columns` of each. */
  rows(start: number, count: number, columns: readonly number[] = this.#allColumns): Promise<Row[]> {
    const end = Math.min(start + count, this.shownCount);
    return start >= end
      ? Promise.resolve([])
      : this.#table.cells(numbersOf(this.#order, start, end), columns);
  }

  async cell(row: number, column: number): Promise<Cell> {
    const [found] = await this.rows(row, 1, [column]);
    return found?.[0] ?? null;
  }

  /** Whole rows by their numbers. */
  pick(rows: readonly number[]): Promise<Row[]> {
    const order = this.#order;
    return this.#table.cells(order === null ? rows : rows.map((row) => order[row] ?? 0), this.#allColumns);
  }

  /** Keeps the rows, whatever takes their place, until the function that it gives is called. */
  hold(): () => void {
    this.#holds++;
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      this.#holds--;
      if (this.#holds === 0 && this.#isUnwanted) void this.#forget();
    };
  }

  /** Every row that is kept, in the order in which they came. */
  async *stored(slices: Slices): AsyncGenerator<Row[], void, undefined> {
    for await (const { page } of this.#table.pages()) {
      const columns = this.columns.map((_, column) => page.values(column, 0, page.rowCount));
      yield Array.from({ length: page.rowCount }, (_, row) => columns.map((values) => values[row] ?? null));
      await slices.breathe();
    }
  }

  /**
   * The rows of a range as they show, or all of them, batch by batch; in the order in which they show now, whatever is asked for
   * meanwhile.
   */
  async *read(range: CellRange | null, slices: Slices): AsyncGenerator<Row[], void, undefined> {
    const columns = range === null ? this.#allColumns : columnsOf(range);
    const order = this.#order;
    const end = Math.min((range?.lastRow ?? this.shownCount) + 1, this.shownCount);
    for (let start = range?.firstRow ?? 0; start < end; start += BATCH) {
      yield await this.#table.cells(numbersOf(order, start, Math.min(start + BATCH, end)), columns);
      await slices.breathe();
    }
  }

  async summarise(range: CellRange, slices: Slices): Promise<SummaryView> {
    const columns = columnsOf(range);
    const kinds = columns.map((column) => kindOf(this.columns[column]?.typeName ?? "text"));
    const aggregate = new Aggregate(columns.length);
    for await (const rows of this.read(range, slices)) {
      kinds.forEach((kind, index) => {
        aggregate.add(
          rows.map((row) => row[index] ?? null),
          kind,
        );
      });
    }
    return aggregate.view();
  }

  /** The cells that hold a text; looked for once as long as the same rows show. Null where another search began meanwhile. */
  async find(needle: string): Promise<FoundCells | null> {
    if (this.#found?.needle === needle) return this.#found;
    this.#finding?.abort();
    const finding = new AbortController();
    this.#finding = finding;
    try {
      const found = await findCells(
        { table: this.#table, order: this.#order },
        needle,
        new Slices(finding.signal),
      );
      this.#found = found;
      return found;
    } catch (error) {
      if (!finding.signal.aborted) throw error;
      return null;
    }
  }

  /** Forgets the rows, once nobody holds them any more. */
  async dispose(): Promise<void> {
    this.#isUnwanted = true;
    if (this.#holds === 0) await this.#forget();
  }

  async #forget(): Promise<void> {
    this.#arranging?.abort();
    this.#finding?.abort();
    await this.#table.dispose();
  }

  get #allColumns(): number[] {
    return this.columns.map((_, index) => index);
  }
}

function isPlain({ filters, sort }: ArrangementView): boolean {
  return filters.length === 0 && sort.length === 0;
}

/** The numbers in the table of rows by their places. */
function numbersOf(order: Uint32Array | null, start: number, end: number): Uint32Array {
  if (order !== null) return order.subarray(start, end);
  return Uint32Array.from({ length: end - start }, (_, index) => start + index);
}

function columnsOf({ firstColumn, lastColumn }: CellRange): number[] {
  return Array.from({ length: lastColumn - firstColumn + 1 }, (_, index) => firstColumn + index);
}
