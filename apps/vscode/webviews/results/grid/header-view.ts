import type { ColumnView } from "../../../shared/protocol/results.ts";
import { element, ICONS, icon } from "../../shared/dom.ts";
import { l10n } from "../../shared/l10n.ts";
import { placeCell, type RowContext } from "./row-view.ts";

/** Draws the header with the columns that show; each has a menu and a handle at its end. */
export function drawHeader(context: RowContext, columns: readonly number[]): HTMLElement {
  const { layout, gutterWidth } = context;
  const corner = element("div", {
    className: "gutter corner",
    text: "#",
    title: l10n.t("Select all"),
    attributes: { role: "columnheader", "aria-colindex": "1", "aria-label": l10n.t("Row number") },
  });
  corner.style.width = `${gutterWidth}px`;
  const frozen = element("div", { className: "frozen", attributes: { role: "presentation" } }, corner);
  frozen.style.width = `${gutterWidth + layout.frozenWidth}px`;
  const made = element(
    "div",
    { className: "head", attributes: { role: "row", "aria-rowindex": "1" } },
    frozen,
  );
  for (const column of columns) {
    const view = context.columns[column];
    if (view === undefined) continue;
    const parent = column < layout.frozen ? frozen : made;
    parent.append(headerCell(view, column, context));
  }
  frozen.classList.toggle("has-columns", layout.frozen > 0);
  return made;
}

function headerCell(view: ColumnView, column: number, context: RowContext): HTMLElement {
  const { sort, filters } = context.arrangement;
  const place = sort.findIndex((each) => each.column === column);
  const direction = sort[place]?.direction;
  const isFiltered = filters.some((filter) => filter.column === column);
  const marks = element(
    "span",
    { className: "marks", attributes: { "aria-hidden": "true" } },
    direction === undefined ? null : icon(direction === "ascending" ? ICONS.up : ICONS.down),
    sort.length > 1 && place >= 0 ? element("span", { className: "place", text: String(place + 1) }) : null,
    isFiltered ? icon(ICONS.filter) : null,
  );
  const menu = element("span", {
    className: "menu-button",
    title: l10n.t("Sort, filter, freeze…"),
    attributes: { "data-menu": String(column), "aria-hidden": "true" },
  });
  menu.append(icon(ICONS.chevron));
  const cell = element(
    "div",
    {
      className: view.alignment === "end" ? "header end" : "header",
      title: `${view.name}  ${view.typeName}`,
      attributes: {
        role: "columnheader",
        tabindex: "-1",
        "aria-sort": direction ?? "none",
        "aria-haspopup": "menu",
      },
    },
    element("span", { className: "name" }, element("span", { className: "text", text: view.name }), marks),
    element("span", { className: "type", text: view.typeName }),
    menu,
    element("span", { className: "handle", attributes: { "data-handle": String(column) } }),
  );
  placeCell(cell, column, context);
  return cell;
}
