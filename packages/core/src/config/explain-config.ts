import { checkOptions, optionRules } from "../option-rules.ts";
import { parseSettings } from "./connection-settings.ts";
import { type ContextOptions, createContext } from "./context.ts";
import { type Keyword, keywordRules } from "./keywords.ts";
import { findPassword, passwordFile } from "./passwords.ts";
import { type ConnectionConfig, resolveConfig } from "./resolve-config.ts";

/** One connection parameter, its value and where that came from. */
export interface ConfigEntry {
  readonly keyword: Keyword;
  /** `********` where it is a secret. */
  readonly value: string;
  /**
   * `the config object`, `the connection string`, `service file <path> [<service>]`, `environment variable <name>`,
   * `password file <path>`, or `default`.
   */
  readonly source: string;
}

/** What `explainConfig` accepts beyond the configuration. */
export interface ExplainOptions extends ContextOptions {
  /** The keywords that the configuration may set; others are refused. `null` = all. Default: null. */
  readonly allowedKeys?: readonly string[] | null | undefined;
}

const rules = optionRules<ExplainOptions>("explainConfig()", {
  allowedKeys: true,
  environment: true,
  homeDirectory: true,
});

const mask = "********";

/**
 * Tells what a configuration comes to: one entry per connection parameter that has a value, in libpq's order.
 *
 * Reads the service file and the password file, and opens nothing. Secrets are masked.
 *
 * @throws {ConfigError} the configuration is wrong, or an option is unknown.
 */
export function explainConfig(config: ConnectionConfig = "", options: ExplainOptions = {}): ConfigEntry[] {
  checkOptions(rules, options);
  const context = createContext(options);
  const values = new Map(resolveConfig(config, context, options.allowedKeys ?? null));
  const { hosts } = parseSettings(values);
  const isDefaultHost = !values.get("host")?.value && !values.get("hostaddr")?.value;
  if (isDefaultHost) {
    values.set("host", { value: hosts.map(({ host }) => host).join(","), source: "default" });
  }
  const password = findPassword(values, context, hosts);
  if (password !== null) values.set("password", password);
  const passfile = passwordFile(values, context);
  if (passfile !== null && !values.get("passfile")?.value) {
    values.set("passfile", { value: passfile, source: "default" });
  }
  return keywordRules.flatMap(({ keyword, isSecret }): ConfigEntry[] => {
    const entry = values.get(keyword);
    if (entry === undefined || entry.value === "") return [];
    return [{ keyword, value: isSecret ? mask : entry.value, source: entry.source }];
  });
}
