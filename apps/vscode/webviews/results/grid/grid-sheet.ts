import { element } from "../../shared/dom.ts";
import { drawHeader } from "./header-view.ts";
import { type RowContext, RowView } from "./row-view.ts";
import type { CellPosition, Selection } from "./selection.ts";

export const ROW_HEIGHT = 24;
export const HEADER_HEIGHT = 40;

/** What shows: rows and columns by number, and the pixel of the table at the top. */
export interface VisiblePart {
  readonly rows: { readonly first: number; readonly last: number };
  readonly top: number;
  readonly columns: readonly number[];
}

/**
 * The elements of a grid: its header and the rows that show.
 *
 * The rows lie in a sheet that stays in view while the canvas scrolls behind it, so that their places are small numbers however long the
 * table is: a browser rounds places of many millions of pixels.
 */
export class GridSheet {
  readonly root: HTMLElement;
  readonly #body = element("div", { className: "rows", attributes: { role: "rowgroup" } });
  readonly #drawn = new Map<number, RowView>();
  readonly #spare: RowView[] = [];
  #header: HTMLElement | null = null;
  #columns: readonly number[] = [];
  #isStale = true;

  constructor() {
    this.root = element("div", { className: "canvas", attributes: { role: "presentation" } }, this.#body);
  }

  /** Fits the sheet to the whole table, so that the scroll bars tell its size. */
  resize({ width, height, viewHeight }: { width: number; height: number; viewHeight: number }): void {
    this.root.style.width = `${width}px`;
    this.root.style.height = `${HEADER_HEIGHT + height}px`;
    this.#body.style.height = `${Math.min(height, viewHeight)}px`;
  }

  /** Draws what shows and is not drawn yet; what shows no more gives its elements to what does. */
  draw(part: VisiblePart, context: RowContext): void {
    this.#drawHeader(part.columns, context);
    for (const [index, row] of this.#drawn) {
      if (index < part.rows.first || index > part.rows.last) {
        this.#drawn.delete(index);
        this.#spare.push(row);
      }
    }
    // In the order in which they stand in the document, so that most of them can stay where they are.
    this.#spare.sort((a, b) => a.index - b.index);
    const [firstKept] = [...this.#drawn.keys()].sort((a, b) => a - b);
    for (let index = part.rows.first; index <= part.rows.last; index++) {
      const row = this.#drawn.get(index) ?? this.#takeRow(index, context, firstKept);
      row.root.style.transform = `translateY(${Math.round(index * ROW_HEIGHT - part.top)}px)`;
    }
    for (const surplus of this.#spare.splice(0)) surplus.root.remove();
  }

  /** Fills rows anew whose values have come. */
  refill(start: number, count: number, context: RowContext): void {
    for (const [index, row] of this.#drawn)
      if (index >= start && index < start + count) row.fill(index, context);
  }

  /** Draws everything anew next time, as after a column has changed its width. */
  invalidate(): void {
    this.#isStale = true;
  }

  paint(selection: Selection): void {
    for (const row of this.#drawn.values()) row.paint(selection);
  }

  /** A cell's element; null while it is out of sight. */
  cellAt({ row, column }: CellPosition): HTMLElement | null {
    return this.#drawn.get(row)?.cellOf(column) ?? null;
  }

  headerAt(column: number): HTMLElement | null {
    return this.#header?.querySelector<HTMLElement>(`.header[data-column="${column}"]`) ?? null;
  }

  /** The header tells which columns are drawn: other columns mean that every row gets other cells. */
  #drawHeader(columns: readonly number[], context: RowContext): void {
    const isSame =
      columns.length === this.#columns.length && columns.every((column, at) => column === this.#columns[at]);
    if (isSame && !this.#isStale) return;
    this.#isStale = false;
    this.#columns = columns;
    const header = drawHeader(context, columns);
    if (this.#header === null) this.root.prepend(header);
    else this.#header.replaceWith(header);
    this.#header = header;
    for (const [index, row] of this.#drawn) {
      row.place(columns, context);
      row.fill(index, context);
    }
  }

  /** A screen reader reads rows as they stand in the document: before those that are kept, or after them. */
  #takeRow(index: number, context: RowContext, firstKept: number | undefined): RowView {
    const row = this.#spare.shift() ?? new RowView(this.#columns, context);
    const next = firstKept !== undefined && index < firstKept ? this.#drawn.get(firstKept) : undefined;
    const isInPlace = firstKept === undefined && row.root.isConnected;
    if (!isInPlace) this.#body.insertBefore(row.root, next?.root ?? null);
    row.fill(index, context);
    this.#drawn.set(index, row);
    return row;
  }
}

/** The element that scrolls a sheet, a grid to a screen reader. */
export function gridElement(label: string, columnCount: number, sheet: HTMLElement): HTMLElement {
  const attributes = {
    role: "grid",
    tabindex: "0",
    "aria-label": label,
    "aria-multiselectable": "true",
    "aria-readonly": "true",
    "aria-colcount": String(columnCount + 1),
    "data-vscode-context": '{"webviewSection":"grid","preventDefaultContextMenuItems":true}',
  };
  return element("div", { className: "scroller", attributes }, sheet);
}
