import type { Cell, ColumnView } from "../../../shared/protocol/results.ts";

const MIN_WIDTH = 56;
const MAX_FITTED_WIDTH = 380;
const PADDING = 20;
/** The header is set in the proportional font of the interface: its bold names are wider than digits, its types narrower. */
const NAME_SCALE = 1.12;
const TYPE_SCALE = 0.95;

/** Widths and offsets of a table's columns, in pixels. */
export class ColumnLayout {
  readonly #charWidth: number;
  #widths: number[] = [];
  #offsets: number[] = [0];

  constructor(charWidth: number) {
    this.#charWidth = charWidth;
  }

  get totalWidth(): number {
    return this.#offsets.at(-1) ?? 0;
  }

  get widths(): readonly number[] {
    return this.#widths;
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

  /** Fits every column to its header and to sample rows. */
  fitAll(columns: readonly ColumnView[], rows: readonly (readonly Cell[])[]): void {
    this.#widths = columns.map((column, index) => this.#fitted(column, index, rows));
    this.#measure();
  }

  fit(column: ColumnView, index: number, rows: readonly (readonly Cell[])[]): void {
    this.resize(index, this.#fitted(column, index, rows));
  }

  resize(index: number, width: number): void {
    this.#widths[index] = Math.max(MIN_WIDTH, Math.round(width));
    this.#measure();
  }

  /** The columns that show between two horizontal positions. */
  between(left: number, right: number): { first: number; last: number } {
    const first = Math.max(0, this.#offsets.findIndex((offset) => offset > left) - 1);
    let last = first;
    while (last < this.#widths.length - 1 && this.left(last + 1) < right) last++;
    return { first, last };
  }

  #fitted(column: ColumnView, index: number, rows: readonly (readonly Cell[])[]): number {
    let length = Math.max(column.name.length * NAME_SCALE, column.typeName.length * TYPE_SCALE);
    for (const row of rows) length = Math.max(length, Math.min(firstLineLength(row[index] ?? "NULL"), 80));
    const width = length * this.#charWidth + PADDING;
    return Math.round(Math.min(Math.max(width, MIN_WIDTH), MAX_FITTED_WIDTH));
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
