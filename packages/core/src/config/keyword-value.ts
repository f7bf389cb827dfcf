import { ConfigError } from "../errors.ts";
import { findKeyword } from "./keywords.ts";
import { type ParsedValues, connectionStringSource as source, storeValue } from "./parsed-values.ts";

/** A position in the text that moves forward. */
interface Reader {
  readonly text: string;
  position: number;
}

const blanks = " \t\n\v\f\r";

/**
 * Parses `host=db port=5432 password='it''s'`-like strings as libpq does: blanks around `=` are allowed, a value in single quotes may
 * hold blanks, and a backslash takes the next character as it is.
 *
 * @see {@link https://www.postgresql.org/docs/18/libpq-connect.html#LIBPQ-CONNSTRING-KEYWORD-VALUE}
 */
export function parseKeywordValue(text: string): ParsedValues {
  const values: ParsedValues = new Map();
  const reader: Reader = { text, position: 0 };
  let isAfterPassword = false;
  for (;;) {
    skipBlanks(reader);
    if (reader.position === text.length) return values;
    const keyword = readKeyword(reader, isAfterPassword);
    skipBlanks(reader);
    const value = text[reader.position] === "'" ? readQuoted(reader) : readBare(reader);
    storeValue(values, { keyword, value }, isAfterPassword);
    isAfterPassword = findKeyword(keyword)?.isSecret ?? false;
  }
}

function skipBlanks(reader: Reader): void {
  while (isBlank(reader)) reader.position += 1;
}

function isBlank(reader: Reader): boolean {
  return reader.position < reader.text.length && blanks.includes(reader.text.charAt(reader.position));
}

/** Reads a name and the `=` after it. */
function readKeyword(reader: Reader, isAfterPassword: boolean): string {
  const start = reader.position;
  while (reader.position < reader.text.length && reader.text[reader.position] !== "=" && !isBlank(reader)) {
    reader.position += 1;
  }
  const keyword = reader.text.slice(start, reader.position);
  skipBlanks(reader);
  if (reader.text[reader.position] !== "=") {
    const hint = isAfterPassword
      ? "; if this belongs to the password, put that in single quotes"
      : "; write keyword=value pairs or a postgresql:// URI";
    throw new ConfigError(`${source} lacks "=" after the word at position ${start + 1}${hint}`, { source });
  }
  reader.position += 1;
  return keyword;
}

function readBare(reader: Reader): string {
  let value = "";
  while (reader.position < reader.text.length && !isBlank(reader)) value += readCharacter(reader);
  return value;
}

function readQuoted(reader: Reader): string {
  const start = reader.position;
  let value = "";
  reader.position += 1;
  while (reader.text[reader.position] !== "'") {
    if (reader.position >= reader.text.length) {
      throw new ConfigError(
        `${source} has a quote at position ${start + 1} that is never closed; write a quote within a value as \\'`,
        { source },
      );
    }
    value += readCharacter(reader);
  }
  reader.position += 1;
  return value;
}

/** Reads one character, or the one that a backslash escapes; a backslash at the very end means nothing. */
function readCharacter(reader: Reader): string {
  if (reader.text[reader.position] === "\\") reader.position += 1;
  const character = reader.text.charAt(reader.position);
  reader.position += character.length;
  return character;
}
