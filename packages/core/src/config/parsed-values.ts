import { ConfigError } from "../errors.ts";
import { findKeyword, type Keyword, nearestKeyword } from "./keywords.ts";

/** What one source says, by keyword. */
export type ParsedValues = Map<Keyword, string>;

/** Where a value stood that a connection string gave. */
export const connectionStringSource = "the connection string";

/**
 * Stores one value of a connection string.
 *
 * @param isAfterPassword - the keyword follows a password, so it may be the rest of one that lacks quotes or escapes, and must not
 *   be quoted in an error.
 */
export function storeValue(
  values: ParsedValues,
  pair: { keyword: string; value: string },
  isAfterPassword: boolean,
): void {
  // Kept by libpq since its name changed in 7.x; `requiressl=0` is the default mode.
  if (pair.keyword === "requiressl") {
    values.set("sslmode", pair.value.startsWith("1") ? "require" : "prefer");
    return;
  }
  const rule = findKeyword(pair.keyword);
  if (rule === null) throw unknownParameter(pair.keyword, isAfterPassword);
  values.set(rule.keyword, pair.value);
}

function unknownParameter(keyword: string, isAfterPassword: boolean): ConfigError {
  const source = connectionStringSource;
  if (isAfterPassword || !/^\w{1,40}$/.test(keyword)) {
    return new ConfigError(
      `${source} has an unknown parameter${isAfterPassword ? " after the password; if it belongs to the password, quote or percent-encode that" : ""}`,
      { source },
    );
  }
  return new ConfigError(`${source} has an unknown parameter "${keyword}"; ${suggest(keyword)}`, { source });
}

/** What to do about an unknown name. */
export function suggest(name: string): string {
  const nearest = nearestKeyword(name);
  return nearest === null
    ? "remove it, or pass a server setting with options=-c name=value"
    : `did you mean ${nearest}?`;
}
