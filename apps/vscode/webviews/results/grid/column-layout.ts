import type { Cell, ColumnView } from "../../../shared/protocol/results.ts";

const MIN_WIDTH = 56;
const MAX_WIDTH = 2_000;
const MAX_FITTED_WIDTH = 380;
/** A column that stands alone, such as a plan, has all the room that there is. */
const MAX_LONE_WIDTH = 1_400;
const PADDING = 20;
/** Beside a column's name there is room for its marks and the button of its menu. */
const HEADER_PADDING = 44;
/** The header is set in the proportional font of the interface: its bold names are wider than digits, its types narrower. */
const NAME_SCALE = 1.12;
const TYPE_SCALE = 0.95;

/** Widths and offsets of a table's columns, in pixels; the first of them can be frozen. */
export class ColumnLayout {
  readonly #charWidth: number;
  #widths: number[] = [];
  #offsets: number[] = [0];
  #frozen = 0;

  constructor(charWidth: number) {
    this.#charWidth = charWidth;
  }

  get totalWidth(): number {
    return this.#offsets.at(-1) ?? 0;
  }

  get widths(): readonly number[] {
    return this.#widths;
  }

  /** How many columns stay in view at the start. */
  get frozen(): number {
    return this.#frozen;
  }

  set frozen(count: number) {
    this.#frozen = Math.max(0, Math.min(count, this.#widths.length));
  }

  get frozenWidth(): number {
    return this.left(this.#frozen);
  }

  left(column: number): number {
    return this.#offsets[column] ?? 0;
  }

  width(column: number): number {
    return this.#widths[column] ?? MIN_WIDTH;
  }

  /** Takes widths that were stored before. */
  restore(widths: readonly number[]): void {
    this.#widths = [...widths];
    this.#measure();
  }

  /** Fits every column to its header and to sample values. */
  fitAll(columns: readonly ColumnView[], sample: (column: number) => readonly Cell[]): void {
    const limit = columns.length === 1 ? MAX_LONE_WIDTH : MAX_FITTED_WIDTH;
    this.#widths = columns.map((column, index) => this.#fitted(column, sample(index), limit));
    this.#measure();
  }

  fit(column: ColumnView, index: number, sample: readonly Cell[]): void {
    this.resize(index, this.#fitted(column, sample, MAX_LONE_WIDTH));
  }

  resize(index: number, width: number): void {
    this.#widths[index] = Math.min(MAX_WIDTH, Math.max(MIN_WIDTH, Math.round(width)));
    this.#measure();
  }

  /** The columns to draw: the frozen ones, and those that show beside them at a scroll position. */
  drawn(scrollLeft: number, viewWidth: number): number[] {
    const first = Math.max(this.#frozen, this.#columnAt(scrollLeft + this.frozenWidth));
    const last = Math.min(this.#widths.length - 1, this.#columnAt(scrollLeft + Math.max(0, viewWidth - 1)));
    const columns = Array.from({ length: this.#frozen }, (_, column) => column);
    for (let column = first; column <= last; column++) columns.push(column);
    return columns;
  }

  /** The column at a pixel of the table. */
  #columnAt(pixel: number): number {
    let [low, high] = [0, Math.max(0, this.#widths.length - 1)];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.left(middle) <= pixel) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  #fitted(column: ColumnView, sample: readonly Cell[], limit: number): number {
    const name = column.name.length * NAME_SCALE * this.#charWidth + HEADER_PADDING;
    let length = column.typeName.length * TYPE_SCALE;
    for (const value of sample) length = Math.max(length, firstLineLength(value ?? "NULL"));
    const width = Math.max(name, length * this.#charWidth + PADDING);
    return Math.round(Math.min(Math.max(width, MIN_WIDTH), limit));
  }

  #measure(): void {
    this.#offsets = [0];
    for (const width of this.#widths) this.#offsets.push((this.#offsets.at(-1) ?? 0) + width);
  }
}

function firstLineLength(text: string): number {
  const end = text.indexOf("\n");
  return end < 0 ? text.length : end + 1;
}
