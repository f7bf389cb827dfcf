import { element } from "../shared/dom.ts";

function shortcut(keys: readonly string[], text: string): HTMLElement {
  const caps = keys.map((key) => element("kbd", { text: key }));
  return element("p", { className: "keys" }, ...caps, element("span", { text }));
}

/** What the view says before the first run. */
export function emptyPage(): HTMLElement {
  const command = navigator.userAgent.includes("Mac") ? "⌘" : "Ctrl";
  return element(
    "div",
    { className: "empty" },
    element("p", { text: "Results of SQL statements show here." }),
    shortcut([command, "Enter"], "runs the statement at the cursor"),
    shortcut([command, "Shift", "Enter"], "runs the file"),
  );
}
