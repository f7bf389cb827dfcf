import type { SummaryView } from "../../shared/protocol/results.ts";
import { formatCount } from "../shared/format.ts";
import { l10n } from "../shared/l10n.ts";

/** Digits in groups of three, none of them lost. */
function grouped(number: string): string {
  const [whole = "", fraction] = number.split(".");
  const text = /^-?\d+$/.test(whole) ? whole.replace(/\B(?=(\d{3})+$)/g, ",") : whole;
  return fraction === undefined ? text : `${text}.${fraction}`;
}

function short(text: string): string {
  return text.length > 40 ? `${text.slice(0, 39)}…` : text;
}

/** What a marked range comes to, part by part. */
export function summaryParts(summary: SummaryView): { label: string; value: string }[] {
  const { cells, nulls, distinct, isDistinctCut, sum, mean, least, most, isExact } = summary;
  const approximate = isExact ? "" : "≈";
  const isNumber = sum !== null;
  const parts = [{ label: l10n.t("cells"), value: formatCount(cells) }];
  if (nulls > 0) parts.push({ label: l10n.t("null"), value: formatCount(nulls) });
  if (distinct !== null)
    parts.push({ label: l10n.t("distinct"), value: `${formatCount(distinct)}${isDistinctCut ? "+" : ""}` });
  if (sum !== null) parts.push({ label: l10n.t("sum"), value: approximate + grouped(sum) });
  if (mean !== null) parts.push({ label: l10n.t("avg"), value: approximate + grouped(mean) });
  if (least !== null) parts.push({ label: l10n.t("min"), value: isNumber ? grouped(least) : short(least) });
  if (most !== null) parts.push({ label: l10n.t("max"), value: isNumber ? grouped(most) : short(most) });
  return parts;
}
