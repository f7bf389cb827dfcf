import { element } from "../shared/dom.ts";
import { markBlanks } from "./grid/cell-text.ts";
import { hexDump } from "./hex-dump.ts";
import { drawJson } from "./json-tree.ts";

/** How a value is laid out. */
export interface ValueLook {
  readonly isFormatted: boolean;
  readonly wraps: boolean;
  readonly showsBlanks: boolean;
}

/** Whether a type has a layout of its own, beside its plain text. */
export function hasLayout(typeName: string): boolean {
  return /^jsonb?$|^bytea$|\[\]$/.test(typeName);
}

/** A value as a person reads it: JSON as a tree, bytes as a hex dump, an array line by line, anything else as it is. */
export function drawValue(value: string, typeName: string, look: ValueLook): HTMLElement {
  if (look.isFormatted) {
    const drawn = formatted(value, typeName);
    if (drawn !== null) return drawn;
  }
  const text = look.showsBlanks ? markBlanks(value) : value;
  return element("pre", { className: look.wraps ? "plain wraps" : "plain", text });
}

function formatted(value: string, typeName: string): HTMLElement | null {
  if (typeName === "json" || typeName === "jsonb") return drawJson(value);
  if (typeName === "bytea") return element("pre", { className: "plain dump", text: hexDump(value) });
  if (typeName.endsWith("[]")) return drawArray(value);
  return null;
}

/** The elements of a one-dimensional array, one a line with its subscript. */
function drawArray(value: string): HTMLElement | null {
  const items = arrayItems(value);
  if (items === null) return null;
  const lines = items.map((item, index) =>
    element(
      "div",
      { className: "item" },
      element("span", { className: "dim", text: String(index + 1) }),
      element("span", item === null ? { className: "null", text: "NULL" } : { text: item }),
    ),
  );
  return element("div", { className: "array plain" }, ...lines);
}

/** The elements of an array's text, quotes taken away; null for nested arrays and for other texts. */
export function arrayItems(text: string): (string | null)[] | null {
  if (!text.startsWith("{") || !text.endsWith("}") || /^\{[^"]*\{/.test(text)) return null;
  const items: (string | null)[] = [];
  const pattern = /"((?:[^"\\]|\\.)*)"|([^,{}]+)/gs;
  for (const [, quoted, bare] of text.slice(1, -1).matchAll(pattern)) {
    if (quoted !== undefined) items.push(quoted.replace(/\\(.)/gs, "$1"));
    else items.push(bare === "NULL" ? null : (bare ?? ""));
  }
  return items;
}
