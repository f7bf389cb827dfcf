import type { ArrangementView, Cell, ColumnView } from "../../../shared/protocol/results.ts";
import { element } from "../../shared/dom.ts";
import { formatCount } from "../../shared/format.ts";
import { l10n } from "../../shared/l10n.ts";
import { singleLine } from "./cell-text.ts";
import type { ColumnLayout } from "./column-layout.ts";
import type { Selection } from "./selection.ts";

/** What the rows of one grid have in common. */
export interface RowContext {
  readonly columns: readonly ColumnView[];
  readonly layout: ColumnLayout;
  readonly gutterWidth: number;
  readonly nullText: string;
  readonly blanks: "plain" | "marked";
  /** A text to be seen wherever it is, in upper case; null for none. */
  readonly needle: string | null;
  readonly arrangement: ArrangementView;
  readonly isDifference: boolean;
  valueAt(row: number, column: number): Cell | undefined;
}

/** Puts a cell of a column into its place. */
export function placeCell(cell: HTMLElement, column: number, { layout, gutterWidth }: RowContext): void {
  cell.dataset.column = String(column);
  cell.setAttribute("aria-colindex", String(column + 2));
  cell.style.left = `${gutterWidth + layout.left(column)}px`;
  cell.style.width = `${layout.width(column)}px`;
}

/** The elements of one row that shows; when it scrolls out of sight they serve another row. */
export class RowView {
  readonly root: HTMLElement;
  index = -1;
  readonly #frozen: HTMLElement;
  readonly #gutter: HTMLElement;
  #columns: readonly number[] = [];
  #cells: HTMLElement[] = [];

  constructor(columns: readonly number[], context: RowContext) {
    this.#gutter = element("div", {
      className: "gutter",
      attributes: { role: "rowheader", "aria-colindex": "1" },
    });
    this.#frozen = element(
      "div",
      { className: "frozen", attributes: { role: "presentation" } },
      this.#gutter,
    );
    this.root = element("div", { className: "row", attributes: { role: "row" } }, this.#frozen);
    this.place(columns, context);
  }

  /** Makes a cell for each column that is drawn, the frozen ones beside the row's number. */
  place(columns: readonly number[], context: RowContext): void {
    const { layout, gutterWidth } = context;
    this.#columns = columns;
    this.#gutter.style.width = `${gutterWidth}px`;
    this.#frozen.style.width = `${gutterWidth + layout.frozenWidth}px`;
    while (this.#cells.length < columns.length) {
      this.#cells.push(
        element("div", { className: "cell", attributes: { role: "gridcell", tabindex: "-1" } }),
      );
    }
    for (const surplus of this.#cells.splice(columns.length)) surplus.remove();
    columns.forEach((column, at) => {
      const cell = this.#cells[at];
      if (cell === undefined) return;
      placeCell(cell, column, context);
      const parent = column < layout.frozen ? this.#frozen : this.root;
      if (cell.parentElement !== parent) parent.append(cell);
    });
    this.index = -1;
  }

  /** Shows a row of the table. */
  fill(index: number, context: RowContext): void {
    this.index = index;
    const difference = context.isDifference ? (context.valueAt(index, 0) ?? "") : "";
    const changed = difference === "" ? [] : (context.valueAt(index, 1) ?? "").split(", ");
    this.root.className = `row ${index % 2 === 1 ? "odd" : ""} ${difference}`.trimEnd();
    this.root.dataset.row = String(index);
    this.root.setAttribute("aria-rowindex", String(index + 2));
    this.#gutter.textContent = formatCount(index + 1);
    this.#columns.forEach((column, at) => {
      const cell = this.#cells[at];
      const view = context.columns[column];
      if (cell === undefined || view === undefined) return;
      const own = `${view.alignment === "end" ? " end" : ""}${changed.includes(view.name) ? " changed" : ""}`;
      fillCell(cell, { value: context.valueAt(index, column), own }, context);
    });
  }

  /** Shows which cells are marked; the active one alone has tabindex 0. */
  paint(selection: Selection): void {
    const { active, isSingle } = selection;
    this.#columns.forEach((column, at) => {
      const cell = this.#cells[at];
      if (cell === undefined) return;
      const isActive = this.index === active.row && column === active.column;
      const isMarked = !isSingle && selection.holds(this.index, column);
      const isSelected = String(isActive || isMarked);
      cell.classList.toggle("active", isActive);
      cell.classList.toggle("marked", isMarked);
      if (cell.getAttribute("aria-selected") !== isSelected) cell.setAttribute("aria-selected", isSelected);
      const tabIndex = isActive ? 0 : -1;
      if (cell.tabIndex !== tabIndex) cell.tabIndex = tabIndex;
    });
  }

  cellOf(column: number): HTMLElement | null {
    return this.#cells[this.#columns.indexOf(column)] ?? null;
  }
}

/** Shows a value; what is as it was is not touched, since a cell is filled at each turn of a wheel. */
function fillCell(
  cell: HTMLElement,
  { value, own }: { value: Cell | undefined; own: string },
  context: RowContext,
): void {
  const label = value === null ? l10n.t("null") : value === "" ? l10n.t("empty string") : null;
  if (label !== null) cell.setAttribute("aria-label", label);
  else if (cell.hasAttribute("aria-label")) cell.removeAttribute("aria-label");
  const { className, text } = lookOf(value, context);
  if (cell.className !== className + own) cell.className = className + own;
  const node = cell.firstChild;
  if (node === null) cell.textContent = text;
  else if (node.nodeValue !== text) node.nodeValue = text;
}

function lookOf(
  value: Cell | undefined,
  { nullText, blanks, needle }: RowContext,
): { className: string; text: string } {
  if (value === undefined) return { className: "cell pending", text: "" };
  if (value === null) return { className: "cell null", text: nullText };
  if (value === "" && blanks === "marked") return { className: "cell blank", text: l10n.t("empty") };
  const isMatch = needle !== null && value.toUpperCase().includes(needle);
  return { className: isMatch ? "cell match" : "cell", text: singleLine(value, blanks) };
}
