import type { FilterView } from "../../shared/protocol/results.ts";
import { element } from "../shared/dom.ts";
import { l10n } from "../shared/l10n.ts";
import type { ColumnMenuOptions } from "./column-menu.ts";
import { isOperator, OPERATORS, takesValue } from "./filter-texts.ts";
import { Popup } from "./popup.ts";

/** Asks what a column's values must be, and filters by it; the value of the active cell is offered. */
export function openFilterForm({ grid, column, anchor, arrange }: ColumnMenuOptions): void {
  const view = grid.result.columns[column];
  if (view === undefined) return;
  const { filters, sort } = grid.result.arrangement;
  const operator = element("select", { attributes: { "aria-label": l10n.t("How") } });
  for (const [key, label] of Object.entries(OPERATORS)) {
    operator.append(element("option", { text: label, attributes: { value: key } }));
  }
  operator.value = view.alignment === "end" ? "equals" : "contains";
  const value = element("input", {
    attributes: { "aria-label": l10n.t("Value"), autofocus: "", spellcheck: "false" },
  });
  value.value = grid.activeValueOf(column) ?? "";
  operator.addEventListener("change", () => {
    value.hidden = isOperator(operator.value) && !takesValue(operator.value);
  });
  const form = element(
    "form",
    { className: "filter-form" },
    element("label", { text: view.name }),
    operator,
    value,
    element("button", { className: "primary", text: l10n.t("Filter"), attributes: { type: "submit" } }),
  );
  const attributes = { role: "dialog", "aria-label": l10n.t("Filter {0}", view.name) };
  const popup = new Popup(element("div", { attributes }, form), () => grid.focus());
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (!isOperator(operator.value)) return;
    const filter: FilterView = {
      column,
      operator: operator.value,
      value: takesValue(operator.value) ? value.value : "",
    };
    popup.close();
    grid.focus();
    arrange({ filters: [...filters, filter], sort });
  });
  popup.openAt(anchor);
  value.select();
}
