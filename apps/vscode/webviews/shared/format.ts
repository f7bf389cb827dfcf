import { l10n } from "./l10n.ts";

const COUNT = new Intl.NumberFormat("en-US");

export function formatCount(count: number): string {
  return COUNT.format(count);
}

/** `1 row`, `2 rows`. */
export function rowsText(count: number): string {
  return count === 1 ? l10n.t("{0} row", formatCount(count)) : l10n.t("{0} rows", formatCount(count));
}

/** A duration for people: `0.4 ms`, `12 ms`, `3.1 s`, `2:05`. */
export function formatDuration(millis: number): string {
  if (millis < 10) return `${millis.toFixed(1)} ms`;
  if (millis < 1_000) return `${Math.round(millis)} ms`;
  if (millis < 60_000) return `${(millis / 1_000).toFixed(1)} s`;
  const seconds = Math.floor(millis / 1_000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
