import { element, ICONS, icon } from "../shared/dom.ts";
import { formatCount } from "../shared/format.ts";
import { l10n } from "../shared/l10n.ts";

export interface FindHost {
  find(needle: string, direction: "next" | "previous" | "here"): void;
  goToRow(row: number): void;
  closed(): void;
}

function button(label: string, path: string, onClick: () => void): HTMLButtonElement {
  const made = element("button", {
    className: "icon-button",
    title: label,
    attributes: { type: "button", "aria-label": label },
    onClick,
  });
  made.append(icon(path));
  return made;
}

/** Finds a text in the rows, and goes to a row by its number. */
export class FindBar {
  readonly root: HTMLElement;
  readonly #host: FindHost;
  readonly #input = element("input", {
    className: "needle",
    attributes: { "aria-label": l10n.t("Find in rows"), placeholder: l10n.t("Find"), spellcheck: "false" },
  });
  readonly #row = element("input", {
    className: "row-number",
    attributes: { "aria-label": l10n.t("Go to row"), placeholder: l10n.t("Row"), inputmode: "numeric" },
  });
  readonly #count = element("span", { className: "count", attributes: { role: "status" } });

  constructor(host: FindHost) {
    this.#host = host;
    this.root = element(
      "div",
      { className: "find", attributes: { role: "search" } },
      this.#input,
      this.#count,
      button(l10n.t("Previous match (Shift+Enter)"), ICONS.up, () => host.find(this.needle, "previous")),
      button(l10n.t("Next match (Enter)"), ICONS.down, () => host.find(this.needle, "next")),
      this.#row,
      button(l10n.t("Close (Escape)"), ICONS.close, () => this.close()),
    );
    this.root.hidden = true;
    this.#input.addEventListener("input", () => this.#changed());
    this.root.addEventListener("keydown", (event) => this.#key(event));
  }

  get needle(): string {
    return this.#input.value;
  }

  get isOpen(): boolean {
    return !this.root.hidden;
  }

  open(field: "needle" | "row"): void {
    this.root.hidden = false;
    const input = field === "needle" ? this.#input : this.#row;
    input.focus();
    input.select();
    if (field === "needle") this.#changed();
  }

  close(): void {
    if (this.root.hidden) return;
    this.root.hidden = true;
    this.#host.closed();
  }

  /** Says which match of how many is in front. */
  show({ index, count, isCut }: { index: number | null; count: number; isCut: boolean }): void {
    const all = `${formatCount(count)}${isCut ? "+" : ""}`;
    this.#count.textContent =
      index === null ? l10n.t("No match") : l10n.t("{0} of {1}", formatCount(index), all);
    this.root.classList.toggle("nothing", index === null);
  }

  #changed(): void {
    if (this.needle === "") {
      this.#count.textContent = "";
      this.root.classList.remove("nothing");
    }
    this.#host.find(this.needle, "here");
  }

  #key(event: KeyboardEvent): void {
    if (event.key === "Escape") this.close();
    else if (event.key === "Enter" && event.target === this.#row) {
      const row = Number(this.#row.value.replace(/[^\d]/g, ""));
      if (row > 0) this.#host.goToRow(row - 1);
    } else if (event.key === "Enter" && event.target === this.#input) {
      this.#host.find(this.needle, event.shiftKey ? "previous" : "next");
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }
}
