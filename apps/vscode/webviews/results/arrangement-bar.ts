import type { ArrangementView, ResultView } from "../../shared/protocol/results.ts";
import { element, ICONS, icon, linkButton } from "../shared/dom.ts";
import { formatCount } from "../shared/format.ts";
import { l10n } from "../shared/l10n.ts";
import { filterText } from "./filter-texts.ts";

export interface ArrangementActions {
  arrange(arrangement: ArrangementView): void;
  loadAll(): void;
}

function chip(path: string, text: string, onRemove: () => void): HTMLElement {
  const remove = element("button", {
    className: "remove",
    title: l10n.t("Remove"),
    attributes: { type: "button", "aria-label": l10n.t("Remove: {0}", text) },
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
    l10n.t("Clear"),
    () => actions.arrange({ filters: [], sort: [] }),
    l10n.t("Show all rows as they came"),
  );
  return element(
    "div",
    { className: "arrangement", attributes: { role: "group", "aria-label": l10n.t("Sorted and filtered") } },
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
  if (isArranging) return [element("span", { className: "dim", text: l10n.t("arranging…") })];
  const text = l10n.t("{0} of {1} loaded rows", formatCount(shownCount), formatCount(rowCount));
  const counted = element("span", { className: "dim", text });
  if (more === "none") return [counted];
  const warning = element("span", {
    className: "reach",
    text: l10n.t("the server has more rows, which are not looked at"),
  });
  return more === "open"
    ? [counted, warning, linkButton(l10n.t("Load all"), actions.loadAll)]
    : [counted, warning];
}
