import type { ArrangementView, ResultView } from "../../shared/protocol/results.ts";
import { element, ICONS, icon, linkButton } from "../shared/dom.ts";
import { formatCount } from "../shared/format.ts";
import { filterText } from "./filter-texts.ts";

export interface ArrangementActions {
  arrange(arrangement: ArrangementView): void;
  loadAll(): void;
}

function chip(path: string, text: string, onRemove: () => void): HTMLElement {
  const remove = element("button", {
    className: "remove",
    title: "Remove",
    attributes: { type: "button", "aria-label": `Remove: ${text}` },
    onClick: onRemove,
  });
  remove.append(icon(ICONS.close));
  return element(
    "span",
    { className: "chip" },
    icon(path),
    element("span", { className: "text", text, title: text }),
    remove,
  );
}

/** How the rows are sorted and filtered, piece by piece to be taken away; says what that does not reach. */
export function drawArrangement(result: ResultView, actions: ArrangementActions): HTMLElement | null {
  const { filters, sort } = result.arrangement;
  if (filters.length === 0 && sort.length === 0) return null;
  const nameOf = (column: number) => result.columns[column]?.name ?? "";
  const chips = [
    ...filters.map((filter) =>
      chip(ICONS.filter, filterText(filter, result.columns[filter.column]), () =>
        actions.arrange({ sort, filters: filters.filter((each) => each !== filter) }),
      ),
    ),
    ...sort.map((each) =>
      chip(each.direction === "ascending" ? ICONS.up : ICONS.down, nameOf(each.column), () =>
        actions.arrange({ filters, sort: sort.filter((other) => other !== each) }),
      ),
    ),
  ];
  const clear = linkButton(
    "Clear",
    () => actions.arrange({ filters: [], sort: [] }),
    "Show all rows as they came",
  );
  return element(
    "div",
    { className: "arrangement", attributes: { role: "group", "aria-label": "Sorted and filtered" } },
    ...chips,
    clear,
    ...reach(result, actions),
  );
}

/** What is sorted and filtered here is what is loaded, not what the server has. */
function reach(
  { isArranging, more, rowCount, shownCount }: ResultView,
  actions: ArrangementActions,
): HTMLElement[] {
  if (isArranging) return [element("span", { className: "dim", text: "arranging…" })];
  const text = `${formatCount(shownCount)} of ${formatCount(rowCount)} loaded rows`;
  const counted = element("span", { className: "dim", text });
  if (more === "none") return [counted];
  const warning = element("span", {
    className: "reach",
    text: "the server has more rows, which are not looked at",
  });
  return more === "open" ? [counted, warning, linkButton("Load all", actions.loadAll)] : [counted, warning];
}
