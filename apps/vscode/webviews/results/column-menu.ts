import type { ArrangementView, ResultView, SortView } from "../../shared/protocol/results.ts";
import { element, ICONS, icon } from "../shared/dom.ts";
import { l10n } from "../shared/l10n.ts";
import { openFilterForm } from "./filter-form.ts";
import type { Grid } from "./grid/grid.ts";
import { Popup } from "./popup.ts";

interface Item {
  readonly label: string;
  readonly icon?: string;
  readonly isChecked?: boolean;
  readonly run: () => void;
}

export interface ColumnMenuOptions {
  readonly grid: Grid;
  readonly column: number;
  readonly anchor: HTMLElement;
  readonly arrange: (arrangement: ArrangementView) => void;
}

/** The order by one column alone, or by one more. */
function sortedBy(sort: readonly SortView[], wanted: SortView, mode: "only" | "also"): SortView[] {
  const others = mode === "only" ? [] : sort.filter(({ column }) => column !== wanted.column);
  return [...others, wanted];
}

function sortItems(result: ResultView, { column, arrange }: ColumnMenuOptions): Item[] {
  const { sort, filters } = result.arrangement;
  const own = sort.find((each) => each.column === column)?.direction;
  const by = (direction: SortView["direction"], mode: "only" | "also") => () =>
    arrange({ filters, sort: sortedBy(sort, { column, direction }, mode) });
  const items: Item[] = [
    {
      label: l10n.t("Sort ascending"),
      icon: ICONS.up,
      isChecked: own === "ascending",
      run: by("ascending", "only"),
    },
    {
      label: l10n.t("Sort descending"),
      icon: ICONS.down,
      isChecked: own === "descending",
      run: by("descending", "only"),
    },
  ];
  if (sort.some((each) => each.column !== column)) {
    items.push({ label: l10n.t("Then ascending by this"), run: by("ascending", "also") });
    items.push({ label: l10n.t("Then descending by this"), run: by("descending", "also") });
  }
  const rest = sort.filter((each) => each.column !== column);
  if (own !== undefined)
    items.push({ label: l10n.t("Do not sort by this"), run: () => arrange({ filters, sort: rest }) });
  return items;
}

function filterItems(result: ResultView, options: ColumnMenuOptions): Item[] {
  const { filters, sort } = result.arrangement;
  const others = filters.filter(({ column }) => column !== options.column);
  const items: Item[] = [
    { label: l10n.t("Filter…"), icon: ICONS.filter, run: () => openFilterForm(options) },
  ];
  if (others.length < filters.length) {
    items.push({
      label: l10n.t("Clear filters of this"),
      run: () => options.arrange({ filters: others, sort }),
    });
  }
  return items;
}

function layoutItems({ grid, column }: ColumnMenuOptions): Item[] {
  const { frozen } = grid.layout;
  const isLastFrozen = frozen === column + 1;
  const items: Item[] = [{ label: l10n.t("Fit width"), run: () => grid.fitColumn(column) }];
  if (!isLastFrozen) items.push({ label: l10n.t("Freeze up to this"), run: () => grid.freeze(column + 1) });
  if (frozen > 0) items.push({ label: l10n.t("Unfreeze columns"), run: () => grid.freeze(0) });
  return items;
}

/** The menu of a column: order, filter, width, what stays in view. */
export function openColumnMenu(options: ColumnMenuOptions): void {
  const { grid, anchor } = options;
  const groups = [sortItems(grid.result, options), filterItems(grid.result, options), layoutItems(options)];
  const root = element("div", {
    className: "menu",
    attributes: { role: "menu", "aria-label": l10n.t("Column") },
  });
  const popup = new Popup(root, () => grid.focus());
  groups.forEach((items, index) => {
    if (index > 0) root.append(element("div", { className: "separator", attributes: { role: "separator" } }));
    for (const item of items) {
      const run = () => {
        popup.close();
        grid.focus();
        item.run();
      };
      root.append(menuItem(item, run));
    }
  });
  root.addEventListener("keydown", (event) => moveInMenu(root, event));
  popup.openAt(anchor);
}

function menuItem({ label, icon: path, isChecked }: Item, run: () => void): HTMLElement {
  const isChoice = isChecked !== undefined;
  const item = element("button", {
    className: "menu-item",
    attributes: {
      type: "button",
      role: isChoice ? "menuitemradio" : "menuitem",
      tabindex: "-1",
      ...(isChoice ? { "aria-checked": String(isChecked) } : {}),
    },
    onClick: run,
  });
  item.append(
    path === undefined ? element("span", { className: "icon" }) : icon(path),
    element("span", { text: label }),
  );
  return item;
}

function moveInMenu(root: HTMLElement, event: KeyboardEvent): void {
  const items = [...root.querySelectorAll<HTMLElement>(".menu-item")];
  const at = items.findIndex((item) => item.matches(":focus"));
  const moves: Readonly<Record<string, number>> = {
    ArrowDown: (at + 1) % items.length,
    ArrowUp: (at - 1 + items.length) % items.length,
    Home: 0,
    End: items.length - 1,
  };
  const target = moves[event.key];
  if (event.key === "Tab") event.preventDefault();
  if (target === undefined) return;
  event.preventDefault();
  items[target]?.focus();
}
