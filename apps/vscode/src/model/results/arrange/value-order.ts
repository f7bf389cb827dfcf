import { compareDecimals, parseDecimal } from "../decimal.ts";
import type { ValueKind } from "../value-kind.ts";
import { microsOf } from "./timestamp.ts";

/** Made with the first text that is ordered: that takes longer than to load all the rest of the extension. */
let collator: Intl.Collator | null = null;
const ORDERED_AS_NUMBERS: ReadonlySet<ValueKind> = new Set(["number", "time", "interval", "boolean"]);

/** Whether values of a kind are ordered by a number; others are ordered as text. */
export function isOrderedAsNumber(kind: ValueKind): boolean {
  return ORDERED_AS_NUMBERS.has(kind);
}

/** A number by which a value is ordered; NaN where it has none, so that it goes to the end. */
export function orderKey(text: string, kind: ValueKind): number {
  switch (kind) {
    case "boolean":
      return text === "true" ? 1 : 0;
    case "time":
      return microsOf(text);
    case "interval":
      return intervalMicros(text);
    default:
      return numberOf(text);
  }
}

/** PostgreSQL puts NaN after infinity; the tie between them is broken by the text. */
function numberOf(text: string): number {
  const value = Number(text);
  if (!Number.isNaN(value)) return value;
  return text === "NaN" ? Number.POSITIVE_INFINITY : Number(text.replace(/[^0-9.eE+-]/g, ""));
}

/** Orders two texts that have the same key: exactly, where a double was not enough. */
export function breakTie(a: string, b: string): number {
  const [left, right] = [parseDecimal(a), parseDecimal(b)];
  if (left !== null && right !== null) return compareDecimals(left, right);
  return Number(a === "NaN") - Number(b === "NaN");
}

/** Without numeric order, as a server's `order by` has none. */
export function textCollator(): Intl.Collator {
  collator ??= new Intl.Collator();
  return collator;
}

export function compareTexts(a: string, b: string): number {
  return textCollator().compare(a, b);
}

/** Orders two values of a kind that are not NULL. */
export function compareValues(a: string, b: string, kind: ValueKind): number {
  if (a === b) return 0;
  if (!isOrderedAsNumber(kind)) return compareTexts(a, b);
  const [left, right] = [orderKey(a, kind), orderKey(b, kind)];
  if (Number.isNaN(left) || Number.isNaN(right)) return compareTexts(a, b);
  if (left !== right) return left < right ? -1 : 1;
  return kind === "number" ? breakTie(a, b) : 0;
}

const INTERVAL_PART = /([+-]?\d+) (year|mon|day)s?/g;
const INTERVAL_TIME = /([+-]?)(\d+):(\d\d):(\d\d(?:\.\d+)?)$/;
const DAYS = { year: 360, mon: 30, day: 1 } as const;

/** An interval as the server compares them: a month is thirty days, a day is 24 hours. */
function intervalMicros(text: string): number {
  let days = 0;
  for (const [, count, unit] of text.matchAll(INTERVAL_PART)) {
    days += Number(count) * (unit === "year" || unit === "mon" ? DAYS[unit] : DAYS.day);
  }
  const [, sign, hours = "0", minutes = "0", seconds = "0"] = INTERVAL_TIME.exec(text) ?? [];
  const time = Number(hours) * 3_600 + Number(minutes) * 60 + Number(seconds);
  return (days * 86_400 + (sign === "-" ? -time : time)) * 1_000_000;
}
