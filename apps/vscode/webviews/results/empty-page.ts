import { element } from "../shared/dom.ts";
import { l10n } from "../shared/l10n.ts";

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
    element("p", { text: l10n.t("Results of SQL statements show here.") }),
    shortcut([command, "Enter"], l10n.t("runs the statement at the cursor")),
    shortcut([command, "Shift", "Enter"], l10n.t("runs the file")),
  );
}
