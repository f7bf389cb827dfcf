import { element } from "../shared/dom.ts";
import { formatCount } from "../shared/format.ts";
import { l10n } from "../shared/l10n.ts";

/** A longer document shows so many levels at first; a shorter one shows all. */
const OPEN_DEPTH = 2;
const SHORT_LENGTH = 5_000;
/** Members of one object or array that are drawn. */
const MAX_MEMBERS = 1_000;

/** A number as it was written, since JavaScript's own would lose digits. */
class NumberText {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** What newer engines tell a reviver beside the value; TypeScript's library does not know it yet. */
interface Source {
  readonly source?: string;
}

function parse(text: string): unknown {
  const revive = (_key: string, value: unknown, context?: Source): unknown =>
    typeof value === "number" ? new NumberText(context?.source ?? String(value)) : value;
  return JSON.parse(text, revive);
}

/** JSON as a tree that folds; null where the text is none. */
export function drawJson(text: string): HTMLElement | null {
  try {
    return element(
      "div",
      { className: "json" },
      drawNode(parse(text), null, text.length < SHORT_LENGTH ? Number.POSITIVE_INFINITY : OPEN_DEPTH),
    );
  } catch {
    return null;
  }
}

function drawNode(value: unknown, key: string | null, openLevels: number): HTMLElement {
  const label = key === null ? [] : [element("span", { className: "key", text: key }), ": "];
  if (typeof value !== "object" || value === null || value instanceof NumberText) {
    return element("div", { className: "leaf" }, ...label, scalar(value));
  }
  const isArray = Array.isArray(value);
  const members = Object.entries(value);
  const [open, close] = isArray ? ["[", "]"] : ["{", "}"];
  if (members.length === 0) return element("div", { className: "leaf" }, ...label, `${open}${close}`);
  const size = isArray ? l10n.t("{0} items", members.length) : l10n.t("{0} keys", members.length);
  const summary = element(
    "summary",
    {},
    ...label,
    open,
    element("span", { className: "dim size", text: ` ${size} ` }),
    element("span", { className: "folded", text: close }),
  );
  const body = element("div", { className: "members" });
  const node = element("details", {}, summary, body, element("div", { className: "leaf", text: close }));
  fillOnce(node, body, { members, isArray, openLevels });
  node.open = openLevels > 0;
  return node;
}

/** Members are drawn when they are first shown. */
function fillOnce(
  node: HTMLDetailsElement,
  body: HTMLElement,
  {
    members,
    isArray,
    openLevels,
  }: { members: readonly [string, unknown][]; isArray: boolean; openLevels: number },
): void {
  const fill = () => {
    if (body.childElementCount > 0) return;
    for (const [key, value] of members.slice(0, MAX_MEMBERS))
      body.append(drawNode(value, isArray ? null : key, openLevels - 1));
    const hidden = members.length - MAX_MEMBERS;
    if (hidden > 0)
      body.append(element("div", { className: "dim leaf", text: l10n.t("… {0} more", formatCount(hidden)) }));
  };
  node.addEventListener("toggle", fill);
  if (openLevels > 0) fill();
}

function scalar(value: unknown): HTMLElement {
  if (value instanceof NumberText) return element("span", { className: "number", text: value.text });
  if (typeof value === "string") return element("span", { className: "string", text: JSON.stringify(value) });
  return element("span", { className: "keyword", text: String(value) });
}
