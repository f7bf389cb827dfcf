import { ConfigError } from "../errors.ts";
import { type ConfigObject, configObjectSource, parseConfigObject } from "./config-object.ts";
import { parseConnectionString } from "./connection-string.ts";
import { type ConfigContext, operatingSystemUser } from "./context.ts";
import { findKeyword, type Keyword, keywordRules } from "./keywords.ts";
import { connectionStringSource, type ParsedValues, suggest } from "./parsed-values.ts";
import type { ResolvedValue, ResolvedValues } from "./resolved-values.ts";
import { findService } from "./service-file.ts";

/** A connection string of either form, or an object by keyword. */
export type ConnectionConfig = string | ConfigObject;

type Values = Map<Keyword, ResolvedValue>;

/**
 * Puts every source together as libpq does; the first that gives a value wins: config object, connection string, service
 * file, environment, default.
 *
 * @param allowedKeys - the keywords that `config` may set; null = all.
 */
export function resolveConfig(
  config: ConnectionConfig,
  context: ConfigContext,
  allowedKeys: readonly string[] | null = null,
): ResolvedValues {
  const values = explicitValues(config);
  if (allowedKeys !== null) checkAllowed(values, allowedKeys);
  addService(values, context);
  addEnvironment(values, context);
  addDefaults(values);
  return values;
}

function explicitValues(config: ConnectionConfig): Values {
  mustBeConfig(config);
  const values: Values = new Map();
  const text = typeof config === "string" ? config : config.connectionString;
  if (typeof config !== "string") add(values, parseConfigObject(config), configObjectSource);
  if (text !== undefined) add(values, parseConnectionString(text), connectionStringSource);
  return values;
}

/** @throws {ConfigError} it is none, such as the value of a variable that nobody has set. */
export function mustBeConfig(config: unknown): void {
  if (typeof config === "string") return;
  if (config instanceof URL) {
    // It would pass for an object that sets nothing. Its own text may differ from what was given: libpq reads that in another way.
    throw new ConfigError("a configuration is not a URL object; give the text that it was made of");
  }
  if (config instanceof Promise) {
    throw new ConfigError("a configuration is not a promise; await it first");
  }
  const isObject = typeof config === "object" && config !== null && !Array.isArray(config);
  const text = isObject && "connectionString" in config ? config.connectionString : undefined;
  if (isObject && (text === undefined || typeof text === "string")) return;
  throw new ConfigError(
    "a configuration is a connection string, or an object of connection parameters whose connectionString is a text; give one of them",
  );
}

function add(values: Values, parsed: ParsedValues, source: string): void {
  for (const [keyword, value] of parsed) {
    if (!values.has(keyword)) values.set(keyword, { value, source });
  }
}

function checkAllowed(values: Values, allowedKeys: readonly string[]): void {
  const unknown = allowedKeys.find((key) => findKeyword(key) === null);
  if (unknown !== undefined) {
    throw new ConfigError(
      `allowedKeys has "${unknown}", which is no connection parameter; ${suggest(unknown)}`,
    );
  }
  for (const [keyword, { source }] of values) {
    if (allowedKeys.includes(keyword)) continue;
    throw new ConfigError(
      `${source} sets ${keyword}, which is not among the allowed keys (${allowedKeys.join(", ")}); remove it or allow it`,
      { source },
    );
  }
}

function addService(values: Values, context: ConfigContext): void {
  const given = values.get("service") ?? fromEnvironment("PGSERVICE", context);
  if (given === null) return;
  const service = findService(given.value, context, given.source);
  add(values, service.values, `service file ${service.path} [${given.value}]`);
}

function fromEnvironment(variable: string, context: ConfigContext): ResolvedValue | null {
  const value = context.environment[variable];
  return value === undefined ? null : { value, source: `environment variable ${variable}` };
}

function addEnvironment(values: Values, context: ConfigContext): void {
  for (const { keyword, variable } of keywordRules) {
    if (variable === null || values.has(keyword)) continue;
    const found = fromEnvironment(variable, context);
    if (found !== null) values.set(keyword, found);
  }
  // Deprecated in favour of PGSSLMODE, which goes first.
  const requires = fromEnvironment("PGREQUIRESSL", context);
  if (requires?.value.startsWith("1") && !values.has("sslmode")) {
    values.set("sslmode", { ...requires, value: "require" });
  }
}

function addDefaults(values: Values): void {
  // The roots of the system vouch for every public site, so only the full check means anything with them.
  if (!values.has("sslmode") && values.get("sslrootcert")?.value === "system") {
    values.set("sslmode", { value: "verify-full", source: "default with sslrootcert=system" });
  }
  for (const { keyword, fallback } of keywordRules) {
    if (fallback !== null && !values.has(keyword))
      values.set(keyword, { value: fallback, source: "default" });
  }
  addNames(values);
}

/** Fills in the user from the operating system and the database from the user; here empty counts as absent. */
function addNames(values: Values): void {
  const user = values.get("user")?.value || operatingSystemUser();
  if (user === null) {
    throw new ConfigError("no user is given and the operating system names none; set user or PGUSER");
  }
  if (!values.get("user")?.value) values.set("user", { value: user, source: "default" });
  if (!values.get("dbname")?.value) values.set("dbname", { value: user, source: "default" });
}
