import type { Cell, ColumnView } from "../../shared/protocol/results.ts";
import { element, ICONS, icon } from "../shared/dom.ts";
import { formatCount } from "../shared/format.ts";
import { l10n } from "../shared/l10n.ts";
import { drawRecord } from "./record-view.ts";
import { drawValue, hasLayout, type ValueLook } from "./value-view.ts";

interface Shown {
  readonly column: ColumnView;
  readonly value: Cell;
  readonly isTruncated: boolean;
  readonly nullText: string;
}

interface ShownRecord {
  readonly columns: readonly ColumnView[];
  readonly values: readonly Cell[];
  readonly row: number;
  readonly column: number;
  readonly nullText: string;
}

/** What the detail is about: the value of the active cell, or all of its row. */
export type DetailKind = "cell" | "record";

/** The whole value of the active cell beside the grid, or its row; it follows the active cell while it is open. */
export class CellDetail {
  readonly root: HTMLElement;
  readonly #name = element("span", { className: "name" });
  readonly #type = element("span", { className: "type" });
  readonly #size = element("span", { className: "size" });
  readonly #value = element("div", {
    className: "value",
    attributes: { tabindex: "0", role: "region", "aria-label": l10n.t("Value") },
  });
  readonly #formatted: HTMLButtonElement;
  readonly #looks: readonly HTMLButtonElement[];
  #kind: DetailKind = "cell";
  #look: ValueLook = { isFormatted: true, wraps: true, showsBlanks: false };
  #shown: Shown | null = null;

  /** @param host.changeKind - called when the detail is to be about something else, which is then to be shown. */
  constructor(host: { close(): void; changeKind(): void }) {
    const close = element("button", {
      className: "icon-button",
      title: l10n.t("Close (Escape)"),
      attributes: { type: "button", "aria-label": l10n.t("Close") },
      onClick: () => host.close(),
    });
    close.append(icon(ICONS.close));
    this.#formatted = this.#toggle(l10n.t("Formatted"), "isFormatted");
    this.#looks = [
      this.#formatted,
      this.#toggle(l10n.t("Wrap"), "wraps"),
      this.#toggle(l10n.t("Blanks"), "showsBlanks"),
    ];
    const record = this.#recordToggle(() => host.changeKind());
    const tools = element("div", { className: "tools" }, record, ...this.#looks, this.#size);
    const header = element("header", {}, this.#name, this.#type, close);
    this.root = element(
      "aside",
      { className: "detail", attributes: { "aria-label": l10n.t("Cell") } },
      header,
      tools,
      this.#value,
    );
    this.root.hidden = true;
    this.root.addEventListener("keydown", (event) => {
      if (event.key === "Escape") host.close();
    });
  }

  get isOpen(): boolean {
    return !this.root.hidden;
  }

  get kind(): DetailKind {
    return this.#kind;
  }

  close(): void {
    this.root.hidden = true;
    this.#shown = null;
  }

  show(shown: Shown): void {
    this.root.hidden = false;
    this.#shown = shown;
    const { column, value, isTruncated } = shown;
    this.#name.textContent = column.name;
    this.#type.textContent = column.typeName;
    this.#size.textContent = sizeOf(value, isTruncated);
    for (const look of this.#looks) look.hidden = false;
    this.#formatted.hidden = !hasLayout(column.typeName);
    this.#draw();
  }

  showRecord({ columns, values, row, column, nullText }: ShownRecord): void {
    this.root.hidden = false;
    this.#shown = null;
    this.#name.textContent = l10n.t("Row {0}", formatCount(row + 1));
    this.#type.textContent = "";
    this.#size.textContent = l10n.t("{0} columns", formatCount(columns.length));
    for (const look of this.#looks) look.hidden = true;
    this.#value.classList.remove("null");
    this.#value.replaceChildren(drawRecord({ columns, values, column, nullText }));
    this.#value.querySelector(".active")?.scrollIntoView({ block: "nearest" });
  }

  /** The switch between the value and the row. */
  #recordToggle(onChange: () => void): HTMLButtonElement {
    const made: HTMLButtonElement = element("button", {
      className: "toggle",
      text: l10n.t("Row"),
      title: l10n.t("Show the whole row, a column a line"),
      attributes: { type: "button", "aria-pressed": "false" },
      onClick: () => {
        this.#kind = this.#kind === "cell" ? "record" : "cell";
        made.setAttribute("aria-pressed", String(this.#kind === "record"));
        onChange();
      },
    });
    return made;
  }

  /** A switch of the look, pressed while it is on. */
  #toggle(label: string, key: keyof ValueLook): HTMLButtonElement {
    const made: HTMLButtonElement = element("button", {
      className: "toggle",
      text: label,
      attributes: { type: "button", "aria-pressed": String(this.#look[key]) },
      onClick: () => {
        this.#look = { ...this.#look, [key]: !this.#look[key] };
        made.setAttribute("aria-pressed", String(this.#look[key]));
        this.#draw();
      },
    });
    return made;
  }

  #draw(): void {
    if (this.#shown === null) return;
    const { column, value, nullText } = this.#shown;
    this.#value.classList.toggle("null", value === null);
    if (value === null) this.#value.replaceChildren(element("pre", { className: "plain", text: nullText }));
    else this.#value.replaceChildren(drawValue(value, column.typeName, this.#look));
    this.#value.scrollTop = 0;
  }
}

function sizeOf(value: Cell, isTruncated: boolean): string {
  if (value === null) return "";
  if (value === "") return l10n.t("empty string");
  return l10n.t("{0} characters", `${formatCount(value.length)}${isTruncated ? "+" : ""}`);
}
