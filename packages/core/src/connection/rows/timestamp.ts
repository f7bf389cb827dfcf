import type { Buffer } from "node:buffer";
import type { TypeParser } from "../query.ts";
import { trial } from "./trial.ts";

const dash = 0x2d;
const plus = 0x2b;
const colon = 0x3a;
const space = 0x20;
const dot = 0x2e;

/**
 * Tells whether a parser does with dates and timestamps what the driver's own does, by what it says of those that a program's
 * own would treat differently: a local date, infinity, years before Christ.
 */
export function isDateParser(parser: TypeParser): boolean {
  return (
    saysDate(trial(parser, "2024-02-29 23:59:59.999999+02"), Date.UTC(2024, 1, 29, 21, 59, 59, 999)) &&
    saysDate(trial(parser, "2024-02-29 23:59:59"), new Date(2024, 1, 29, 23, 59, 59).getTime()) &&
    saysDate(trial(parser, "2024-02-29"), new Date(2024, 1, 29).getTime()) &&
    saysDate(trial(parser, "0044-03-15 00:00:00+00 BC"), Date.UTC(-43, 2, 15)) &&
    trial(parser, "infinity") === Number.POSITIVE_INFINITY &&
    trial(parser, "-infinity") === Number.NEGATIVE_INFINITY
  );
}

function saysDate(value: unknown, time: number): boolean {
  return value instanceof Date && Object.getPrototypeOf(value) === Date.prototype && value.getTime() === time;
}

/**
 * Reads a date or timestamp in ISO form, `2024-02-29 23:59:59.999999+02`, without a regular expression. Whatever looks
 * different (infinity, years before 100 or beyond 9999, other styles) is left to the parser.
 */
export function readTimestamp(buffer: Buffer, start: number, length: number, parser: TypeParser): unknown {
  const end = start + length;
  const year = digits(buffer, start, 2) * 100 + digits(buffer, start + 2, 2);
  const month = digits(buffer, start + 5, 2) - 1;
  const day = digits(buffer, start + 8, 2);
  const hasDate = length >= 10 && buffer[start + 4] === dash && buffer[start + 7] === dash;
  if (!hasDate || !(year >= 100) || Number.isNaN(month + day)) return leaveTo(parser, buffer, start, end);
  if (length === 10) return new Date(year, month, day);
  const hasTime =
    length >= 19 &&
    buffer[start + 10] === space &&
    buffer[start + 13] === colon &&
    buffer[start + 16] === colon;
  const hour = digits(buffer, start + 11, 2);
  const minute = digits(buffer, start + 14, 2);
  const second = digits(buffer, start + 17, 2);
  if (!hasTime || Number.isNaN(hour + minute + second)) return leaveTo(parser, buffer, start, end);
  const zone = fractionEnd(buffer, start + 19, end);
  const millis = fraction(buffer, start + 19, zone);
  if (zone === end) return new Date(year, month, day, hour, minute, second, millis);
  const offset = zoneOffset(buffer, zone, end);
  if (Number.isNaN(offset)) return leaveTo(parser, buffer, start, end);
  return new Date(Date.UTC(year, month, day, hour, minute, second, millis) - offset);
}

function leaveTo(parser: TypeParser, buffer: Buffer, start: number, end: number): unknown {
  return parser(buffer.toString("latin1", start, end));
}

/** Decimal digits; NaN where there is another character. */
function digits(buffer: Buffer, start: number, count: number): number {
  let value = 0;
  for (let at = start; at < start + count; at++) {
    const digit = (buffer[at] ?? 0) - 0x30;
    if (digit < 0 || digit > 9) return Number.NaN;
    value = value * 10 + digit;
  }
  return value;
}

function fractionEnd(buffer: Buffer, start: number, end: number): number {
  if (start >= end || buffer[start] !== dot) return start;
  let at = start + 1;
  while (at < end && !Number.isNaN(digits(buffer, at, 1))) at += 1;
  return at;
}

/** Milliseconds; the order of the operations is the driver's, so that the last digit is too. */
function fraction(buffer: Buffer, start: number, end: number): number {
  const count = end - start - 1;
  return count < 1 ? 0 : 1_000 * (digits(buffer, start + 1, count) / 10 ** count);
}

/** Milliseconds of `+02`, `-03:30` or `+00:53:28`; NaN where it is something else. */
function zoneOffset(buffer: Buffer, start: number, end: number): number {
  const sign = buffer[start] === plus ? 1 : buffer[start] === dash ? -1 : Number.NaN;
  let seconds = digits(buffer, start + 1, 2) * 3_600;
  let at = start + 3;
  for (let unit = 60; at < end && unit >= 1; unit /= 60, at += 3) {
    if (buffer[at] !== colon || at + 3 > end) return Number.NaN;
    seconds += digits(buffer, at + 1, 2) * unit;
  }
  return at === end ? sign * seconds * 1_000 : Number.NaN;
}
