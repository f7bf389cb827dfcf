import type { Buffer } from "node:buffer";
import type { TypeParser } from "../query.ts";
import { isDateParser, readTimestamp } from "./timestamp.ts";
import { trial } from "./trial.ts";

/** How a cell becomes a value. `parser` is what the driver, the connection or the query says for its type. */
export type CellReader =
  | { readonly kind: "text" }
  | { readonly kind: "ascii" }
  | { readonly kind: "integer" }
  | { readonly kind: "boolean" }
  | { readonly kind: "timestamp"; readonly parser: TypeParser }
  | { readonly kind: "parsed"; readonly isAscii: boolean; readonly parser: TypeParser };

/** Gives the parser of a type. */
export type ParserLookup = (dataTypeId: number) => TypeParser;

/** Types whose text form is ASCII whatever the value: bool, bytea, numbers, dates and times, intervals, uuid. */
const asciiTypes: ReadonlySet<number> = new Set([
  16, 17, 20, 21, 23, 26, 700, 701, 1082, 1083, 1114, 1184, 1186, 1266, 1700, 2950,
]);
const booleanType = 16;
const integerTypes: readonly number[] = [21, 23, 26];
/** date, timestamp, timestamptz */
const dateTypes: readonly number[] = [1082, 1114, 1184];
/** An OID that no type has: what the driver does with it is what it does with every type that it does not know. */
const unknownType = 0xffffffff;

/**
 * Chooses the cheapest reader that gives what `parserOf` would give.
 *
 * The driver's parsers are told by what they make of a few texts; one of the connection or the query sees the texts of the server alone.
 */
export function readerOf(
  dataTypeId: number,
  parserOf: ParserLookup,
  driverParserOf: ParserLookup,
): CellReader {
  const parser = parserOf(dataTypeId);
  const isAscii = asciiTypes.has(dataTypeId);
  if (parser === driverParserOf(unknownType)) return { kind: isAscii ? "ascii" : "text" };
  if (parser !== driverParserOf(dataTypeId)) return { kind: "parsed", isAscii, parser };
  if (integerTypes.includes(dataTypeId) && isIntegerParser(parser, driverParserOf))
    return { kind: "integer" };
  if (dataTypeId === booleanType && isBooleanParser(parser)) return { kind: "boolean" };
  if (dateTypes.includes(dataTypeId) && isDateParser(parser)) return { kind: "timestamp", parser };
  return { kind: "parsed", isAscii, parser };
}

function isBooleanParser(parser: TypeParser): boolean {
  return trial(parser, "t") === true && trial(parser, "f") === false;
}

/** The driver has one parser for all integers of up to four bytes; another one there is the program's own. */
function isIntegerParser(parser: TypeParser, driverParserOf: ParserLookup): boolean {
  return (
    integerTypes.every((type) => driverParserOf(type) === parser) &&
    trial(parser, "0") === 0 &&
    trial(parser, "4294967295") === 4294967295 &&
    trial(parser, "-2147483648") === -2147483648
  );
}

/** Reads decimal digits. */
export function readInteger(buffer: Buffer, start: number, length: number): number {
  const end = start + length;
  const isNegative = buffer[start] === 0x2d;
  let value = 0;
  for (let at = isNegative ? start + 1 : start; at < end; at++)
    value = value * 10 + ((buffer[at] ?? 0) - 0x30);
  return isNegative ? -value : value;
}

/** Reads one cell that is not null. */
export function readCell(reader: CellReader, buffer: Buffer, start: number, length: number): unknown {
  switch (reader.kind) {
    case "text":
      return buffer.toString("utf8", start, start + length);
    case "ascii":
      return buffer.toString("latin1", start, start + length);
    case "integer":
      return readInteger(buffer, start, length);
    case "boolean":
      return buffer[start] === 0x74;
    case "timestamp":
      return readTimestamp(buffer, start, length, reader.parser);
    case "parsed":
      return reader.parser(buffer.toString(reader.isAscii ? "latin1" : "utf8", start, start + length));
  }
}
