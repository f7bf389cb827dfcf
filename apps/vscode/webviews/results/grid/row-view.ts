import type { Cell, ColumnView } from "../../../shared/protocol/results.ts";
import { element } from "../../shared/dom.ts";
import { formatCount } from "../../shared/format.ts";
import type { ColumnLayout } from "./column-layout.ts";

/** What the rows of one grid have in common. */
export interface RowContext {
  readonly columns: readonly ColumnView[];
  readonly layout: ColumnLayout;
  readonly gutterWidth: number;
  readonly nullText: string;
}

/** Values are shown on one line: a line break becomes a mark, and what follows it a hint that there is more. */
function singleLine(text: string): string {
  return text.replace(/\r\n|[\r\n]/g, "⏎").replaceAll("\t", "⇥");
}

function fillCell(cell: HTMLElement, value: Cell | undefined, context: RowContext): void {
  if (value === undefined) {
    cell.classList.add("pending");
    return;
  }
  if (value === null) {
    cell.classList.add("null");
    cell.textContent = context.nullText;
    cell.setAttribute("aria-label", "null");
    return;
  }
  cell.textContent = value.length > 0 ? singleLine(value) : "";
}

/** Draws a row with the columns that show; its cells say which they are in `data-column`. */
export function drawRow(
  context: RowContext,
  index: number,
  { row, first, last }: { row: readonly Cell[] | null; first: number; last: number },
): HTMLElement {
  const { layout, gutterWidth, columns } = context;
  const gutter = element("div", {
    className: "gutter",
    text: formatCount(index + 1),
    attributes: { role: "rowheader", "aria-colindex": "1" },
  });
  gutter.style.width = `${gutterWidth}px`;
  const made = element("div", {
    className: index % 2 === 1 ? "row odd" : "row",
    attributes: { role: "row", "aria-rowindex": String(index + 2), "data-row": String(index) },
  });
  made.append(gutter);
  for (let column = first; column <= last; column++) {
    const isEnd = columns[column]?.alignment === "end";
    const cell = element("div", {
      className: isEnd ? "cell end" : "cell",
      attributes: { role: "gridcell", "aria-colindex": String(column + 2), "data-column": String(column) },
    });
    cell.tabIndex = -1;
    cell.style.left = `${gutterWidth + layout.left(column)}px`;
    cell.style.width = `${layout.width(column)}px`;
    fillCell(cell, row === null ? undefined : (row[column] ?? null), context);
    made.append(cell);
  }
  return made;
}

/** Draws the header with the columns that show; each has a handle at its end. */
export function drawHeader(
  context: RowContext,
  { first, last }: { first: number; last: number },
): HTMLElement {
  const { layout, gutterWidth, columns } = context;
  const corner = element("div", {
    className: "gutter corner",
    title: "Select all",
    attributes: { role: "columnheader", "aria-colindex": "1", "aria-label": "Row number" },
  });
  corner.style.width = `${gutterWidth}px`;
  const made = element(
    "div",
    { className: "head", attributes: { role: "row", "aria-rowindex": "1" } },
    corner,
  );
  for (let column = first; column <= last; column++) {
    const view = columns[column];
    if (view === undefined) continue;
    const cell = element(
      "div",
      {
        className: view.alignment === "end" ? "header end" : "header",
        title: `${view.name}  ${view.typeName}`,
        attributes: {
          role: "columnheader",
          "aria-colindex": String(column + 2),
          "data-column": String(column),
        },
      },
      element("span", { className: "name", text: view.name }),
      element("span", { className: "type", text: view.typeName }),
      element("span", { className: "handle", attributes: { "data-handle": String(column) } }),
    );
    cell.style.left = `${gutterWidth + layout.left(column)}px`;
    cell.style.width = `${layout.width(column)}px`;
    made.append(cell);
  }
  return made;
}
