import { element, ICONS, icon } from "../shared/dom.ts";
import { l10n } from "../shared/l10n.ts";

/** What can be done with the result in front. */
export interface ToolActions {
  find(): void;
  blanks(): void;
  pin(): void;
  compare(): void;
  copyAs(): void;
  export(): void;
  openInEditor(): void;
  split(): void;
}

function tool(label: string, path: string, onClick: () => void): HTMLButtonElement {
  const made = element("button", {
    className: "icon-button",
    title: label,
    attributes: { type: "button", "aria-label": label },
    onClick,
  });
  made.append(icon(path));
  return made;
}

/** The buttons beside the tabs. They are made once, so that a press is never lost to a redraw. */
export class ResultTools {
  readonly root: HTMLElement;
  readonly #forRows: readonly HTMLElement[];
  readonly #pin: HTMLButtonElement;
  readonly #blanks: HTMLButtonElement;
  readonly #split: HTMLButtonElement;

  constructor(actions: ToolActions) {
    this.#pin = tool(l10n.t("Pin: keep this result when the next run begins"), ICONS.pin, () =>
      actions.pin(),
    );
    this.#blanks = tool(l10n.t("Show blank space"), ICONS.blanks, () => actions.blanks());
    this.#split = tool(l10n.t("Show two results side by side"), ICONS.split, () => actions.split());
    this.#forRows = [
      tool(l10n.t("Find (Ctrl+F)"), ICONS.find, () => actions.find()),
      this.#blanks,
      this.#pin,
      tool(l10n.t("Compare with another result…"), ICONS.compare, () => actions.compare()),
      tool(l10n.t("Copy as…"), ICONS.copy, () => actions.copyAs()),
      tool(l10n.t("Export to a file…"), ICONS.export, () => actions.export()),
      tool(l10n.t("Open in a tab of the editor"), ICONS.tab, () => actions.openInEditor()),
    ];
    // In a narrow pane these make room for the tabs; the menu of the grid has them too.
    for (const each of [1, 3, 4, 6]) this.#forRows[each]?.classList.add("extra");
    this.root = element(
      "div",
      { className: "tools", attributes: { role: "toolbar", "aria-label": l10n.t("Result") } },
      ...this.#forRows,
      this.#split,
    );
  }

  update(state: {
    hasRows: boolean;
    isPinned: boolean;
    showsBlanks: boolean;
    split: "one" | "first" | "second";
  }): void {
    for (const each of this.#forRows) each.hidden = !state.hasRows;
    this.#pin.setAttribute("aria-pressed", String(state.isPinned));
    this.#blanks.setAttribute("aria-pressed", String(state.showsBlanks));
    const label = state.split === "one" ? l10n.t("Show two results side by side") : l10n.t("Close this side");
    this.#split.title = label;
    this.#split.setAttribute("aria-label", label);
    this.#split.replaceChildren(icon(state.split === "one" ? ICONS.split : ICONS.close));
  }
}
