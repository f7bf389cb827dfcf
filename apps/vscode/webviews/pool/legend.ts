import { element } from "../shared/dom.ts";

/** What each colour of the areas stands for. */
export const AREA_LEGEND: readonly string[] = ["used", "idle", "connecting", "waiting"];
/** What each colour of the lanes stands for. */
export const LANE_LEGEND: readonly string[] = [
  "in use",
  "statement",
  "transaction",
  "cancelling",
  "connecting",
  "closing",
];

/** The names of colours, each with a sample. */
export function legend(names: readonly string[]): HTMLElement {
  return element(
    "ul",
    { className: "legend", attributes: { "aria-hidden": "true" } },
    ...names.map((text) =>
      element("li", {}, element("span", { className: `key ${text.replace(" ", "-")}` }), text),
    ),
  );
}
