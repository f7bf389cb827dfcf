import { ConfigError } from "../errors.ts";
import { findKeyword, type Keyword } from "./keywords.ts";
import { type ParsedValues, suggest } from "./parsed-values.ts";

/** One value of a config object; numbers and booleans stand for their text, `true` for `1`. */
export type ConfigValue = string | number | boolean | undefined;

/**
 * Connection parameters by the keyword that libpq gives them.
 *
 * An empty or undefined value counts as absent, so that the next source may give it.
 */
export type ConfigObject = { readonly [K in Exclude<Keyword, "password">]?: ConfigValue } & {
  readonly password?: string | undefined;
  /** The driver's word for `dbname`. */
  readonly database?: string | undefined;
  /** A connection string of either form, for whatever the object itself leaves open. */
  readonly connectionString?: string | undefined;
};

/** Where a value stood that a config object gave. */
export const configObjectSource = "the config object";

/** What a config object says by itself, without its `connectionString`. */
export function parseConfigObject(config: ConfigObject): ParsedValues {
  const values: ParsedValues = new Map();
  for (const [name, given] of Object.entries(config)) {
    if (name === "connectionString") continue;
    const keyword = keywordOf(name);
    const value = textOf(name, given);
    if (value === "") continue;
    if (values.has(keyword)) {
      throw new ConfigError(`${configObjectSource} has both database and dbname; keep one`, {
        source: configObjectSource,
      });
    }
    values.set(keyword, value);
  }
  return values;
}

function keywordOf(name: string): Keyword {
  const rule = findKeyword(name === "database" ? "dbname" : name);
  if (rule !== null) return rule.keyword;
  throw new ConfigError(`${configObjectSource} has an unknown key "${name}"; ${suggest(name)}`, {
    source: configObjectSource,
  });
}

function textOf(name: string, value: unknown): string {
  if (value === undefined) return "";
  if (typeof value === "boolean") return value ? "1" : "0";
  if (typeof value === "number" && Number.isFinite(value)) return String(value);
  if (typeof value === "string" && !value.includes("\0")) return value;
  throw new ConfigError(`${name} in ${configObjectSource} must be text without NUL, a number or a boolean`, {
    source: configObjectSource,
  });
}
