import { compareDecimals, parseDecimal } from "../decimal.ts";
import type { ValueKind } from "../value-kind.ts";

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

const DATE_TIME =
  /^(?:(\d{4,})-(\d\d)-(\d\d))?[ T]?(?:(\d\d):(\d\d)(?::(\d\d(?:\.\d+)?))?)?(?:([+-])(\d\d)(?::?(\d\d))?(?::?(\d\d))?)?( BC)?$/;

/** A date, a time or both, in microseconds. */
function microsOf(text: string): number {
  if (text === "infinity") return Number.POSITIVE_INFINITY;
  if (text === "-infinity") return Number.NEGATIVE_INFINITY;
  const match = DATE_TIME.exec(text);
  if (match === null) return Number.NaN;
  const [
    ,
    year,
    month = "1",
    day = "1",
    hour = "0",
    minute = "0",
    second = "0",
    sign,
    oh = "0",
    om = "0",
    os = "0",
    bc,
  ] = match;
  const date = new Date(0);
  if (year !== undefined)
    date.setUTCFullYear(bc ? 1 - Number(year) : Number(year), Number(month) - 1, Number(day));
  const offset = (Number(oh) * 3_600 + Number(om) * 60 + Number(os)) * (sign === "-" ? -1 : 1);
  const seconds = Number(hour) * 3_600 + Number(minute) * 60 + Number(second) - offset;
  return date.getTime() * 1_000 + Math.round(seconds * 1_000_000);
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
