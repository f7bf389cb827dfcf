import { ConfigError } from "../errors.ts";
import { parseConnectionUri } from "./connection-uri.ts";
import { parseKeywordValue } from "./keyword-value.ts";
import { type ParsedValues, connectionStringSource as source } from "./parsed-values.ts";

/** Parses a connection string of either form, exactly as libpq's `PQconninfoParse` does. */
export function parseConnectionString(text: string): ParsedValues {
  if (text.includes("\0")) {
    throw new ConfigError(`${source} holds a NUL character, which no value may`, { source });
  }
  return /^postgres(ql)?:\/\//.test(text) ? parseConnectionUri(text) : parseKeywordValue(text);
}
