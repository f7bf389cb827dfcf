import type { TypeParser } from "../query.ts";
import type { ParserLookup } from "./cell-reader.ts";
import { trial } from "./trial.ts";

const unknownType = 0xffffffff;
const date = 1082;
const dateArray = 1182;
const numericArray = 1231;
const textArray = 1009;

/**
 * The driver's parsers, save those that change what they read: a `date` would become a moment, another day in another time zone, and a
 * number of `numeric[]` would lose digits. Those arrive as text. A parser that the program has set in the driver's place is kept.
 */
export function safeParsers(driver: ParserLookup): ParserLookup {
  return (type) => {
    const parser = driver(type);
    if (type === date && isMoment(trial(parser, "2024-02-29"))) return driver(unknownType);
    if (type === dateArray && isMoment(firstOf(parser, "{2024-02-29}"))) return driver(textArray);
    if (type === numericArray && typeof firstOf(parser, "{1.10}") === "number") return driver(textArray);
    return parser;
  };
}

function isMoment(value: unknown): boolean {
  return value instanceof Date && value.getTime() === new Date(2024, 1, 29).getTime();
}

function firstOf(parser: TypeParser, text: string): unknown {
  const values = trial(parser, text);
  return Array.isArray(values) ? values[0] : undefined;
}
