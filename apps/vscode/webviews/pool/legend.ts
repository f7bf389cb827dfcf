import { element } from "../shared/dom.ts";
import { l10n } from "../shared/l10n.ts";

/** A colour by its class, and what it stands for. */
type Entry = readonly [key: string, text: string];

/** Of the areas. */
export const AREA_LEGEND: readonly Entry[] = [
  ["used", l10n.t("used")],
  ["idle", l10n.t("idle")],
  ["connecting", l10n.t("connecting")],
  ["waiting", l10n.t("waiting")],
];
/** Of the lanes. */
export const LANE_LEGEND: readonly Entry[] = [
  ["used", l10n.t("in use")],
  ["statement", l10n.t("statement")],
  ["transaction", l10n.t("transaction")],
  ["cancelling", l10n.t("cancelling")],
  ["connecting", l10n.t("connecting")],
  ["closing", l10n.t("closing")],
  ["leak", l10n.t("leak")],
];

/** The names of colours, each with a sample. */
export function legend(entries: readonly Entry[]): HTMLElement {
  return element(
    "ul",
    { className: "legend", attributes: { "aria-hidden": "true" } },
    ...entries.map(([key, text]) => element("li", {}, element("span", { className: `key ${key}` }), text)),
  );
}
