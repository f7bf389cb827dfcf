import type { Cell } from "../../../shared/protocol/results.ts";
import { element } from "../../shared/dom.ts";
import { drawHeader, drawRow, type RowContext } from "./row-view.ts";
import type { CellPosition, Selection } from "./selection.ts";

export const ROW_HEIGHT = 24;
export const HEADER_HEIGHT = 40;

/** What shows: rows and columns by number, both ends inclusive, and where the first row goes. */
export interface VisiblePart {
  readonly first: number;
  readonly last: number;
  readonly top: number;
  readonly columns: { readonly first: number; readonly last: number };
}

/** The elements of a grid: its header and the rows that show, kept while they do. */
export class GridSheet {
  readonly root: HTMLElement;
  readonly #body = element("div", { className: "rows", attributes: { role: "rowgroup" } });
  readonly #drawn = new Map<number, HTMLElement>();
  #header: HTMLElement | null = null;
  #drawnColumns = "";

  constructor() {
    this.root = element("div", { className: "canvas" }, this.#body);
  }

  /** Fits the sheet to the whole table, so that the scroll bars tell its size. */
  resize(width: number, height: number): void {
    this.root.style.width = `${width}px`;
    this.root.style.height = `${HEADER_HEIGHT + height}px`;
  }

  /** Draws what shows and is not drawn yet, and drops what shows no more. */
  draw(part: VisiblePart, context: RowContext, rowAt: (index: number) => readonly Cell[] | null): void {
    this.#drawHeader(part.columns, context);
    for (const index of this.#drawn.keys()) if (index < part.first || index > part.last) this.#drop(index);
    for (let index = part.first; index <= part.last; index++) {
      const row = this.#drawn.get(index) ?? this.#drawRow(index, part, { context, row: rowAt(index) });
      row.style.transform = `translateY(${HEADER_HEIGHT + part.top + (index - part.first) * ROW_HEIGHT}px)`;
    }
  }

  /** Drops rows whose values have come, so that they are drawn anew. */
  dropRows(start: number, count: number): void {
    for (const index of this.#drawn.keys()) if (index >= start && index < start + count) this.#drop(index);
  }

  /** Drops everything, as after a column has changed its width. */
  clear(): void {
    this.#drawnColumns = "";
    this.#dropAll();
  }

  /** Shows which cells are marked; the active one alone has tabindex 0. */
  paint(selection: Selection): void {
    const { active, isSingle } = selection;
    for (const [row, drawn] of this.#drawn) {
      for (const cell of drawn.querySelectorAll<HTMLElement>(".cell")) {
        const column = Number(cell.dataset.column);
        const isActive = row === active.row && column === active.column;
        const isMarked = !isSingle && selection.holds(row, column);
        cell.classList.toggle("active", isActive);
        cell.classList.toggle("marked", isMarked);
        cell.setAttribute("aria-selected", String(isActive || isMarked));
        cell.tabIndex = isActive ? 0 : -1;
      }
    }
  }

  /** A cell's element; null while it is out of sight. */
  cellAt({ row, column }: CellPosition): HTMLElement | null {
    return this.#drawn.get(row)?.querySelector<HTMLElement>(`[data-column="${column}"]`) ?? null;
  }

  /** The header tells which columns are drawn: other columns mean that every row is drawn anew. */
  #drawHeader(columns: { first: number; last: number }, context: RowContext): void {
    const drawn = `${columns.first} ${columns.last} ${context.gutterWidth}`;
    if (drawn === this.#drawnColumns) return;
    this.#dropAll();
    this.#drawnColumns = drawn;
    const header = drawHeader(context, columns);
    this.#header?.remove();
    this.#header = header;
    this.root.prepend(header);
  }

  #drawRow(
    index: number,
    { columns }: VisiblePart,
    { context, row }: { context: RowContext; row: readonly Cell[] | null },
  ): HTMLElement {
    const made = drawRow(context, index, { row, ...columns });
    this.#drawn.set(index, made);
    this.#body.append(made);
    return made;
  }

  #drop(index: number): void {
    this.#drawn.get(index)?.remove();
    this.#drawn.delete(index);
  }

  #dropAll(): void {
    this.#body.replaceChildren();
    this.#drawn.clear();
  }
}
