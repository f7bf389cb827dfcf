import type { Cell, ColumnView } from "../../shared/protocol/results.ts";
import { element, ICONS, icon } from "../shared/dom.ts";
import { formatCount } from "../shared/format.ts";

/** A value as a person reads it: JSON is indented, anything else stays as it is. */
function readable(value: string, typeName: string): string {
  if (typeName !== "json" && typeName !== "jsonb") return value;
  try {
    return JSON.stringify(JSON.parse(value), null, 2);
  } catch {
    return value;
  }
}

/** The whole value of the active cell beside the grid; it follows the active cell while it is open. */
export class CellDetail {
  readonly root: HTMLElement;
  readonly #name = element("span", { className: "name" });
  readonly #type = element("span", { className: "type" });
  readonly #size = element("span", { className: "size" });
  readonly #value = element("pre", {
    className: "value",
    attributes: { tabindex: "0", "aria-label": "Value" },
  });

  constructor(onClose: () => void) {
    const close = element("button", {
      className: "icon-button",
      title: "Close (Escape)",
      attributes: { type: "button", "aria-label": "Close" },
      onClick: onClose,
    });
    close.append(icon(ICONS.close));
    const header = element("header", {}, this.#name, this.#type, this.#size, close);
    this.root = element(
      "aside",
      { className: "detail", attributes: { "aria-label": "Cell" } },
      header,
      this.#value,
    );
    this.root.hidden = true;
    this.root.addEventListener("keydown", (event) => {
      if (event.key === "Escape") onClose();
    });
  }

  get isOpen(): boolean {
    return !this.root.hidden;
  }

  close(): void {
    this.root.hidden = true;
  }

  show(column: ColumnView, cell: { value: Cell; isTruncated: boolean }, nullText: string): void {
    this.root.hidden = false;
    const { value, isTruncated } = cell;
    this.#name.textContent = column.name;
    this.#type.textContent = column.typeName;
    const length = value === null ? "" : `${formatCount(value.length)}${isTruncated ? "+" : ""} characters`;
    this.#size.textContent = length;
    this.#value.classList.toggle("null", value === null);
    this.#value.textContent = value === null ? nullText : readable(value, column.typeName);
  }
}
