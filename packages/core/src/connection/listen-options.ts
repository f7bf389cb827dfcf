import { ConfigError } from "../errors.ts";
import { checkOptions } from "../option-rules.ts";
import { mustBeDuration } from "./duration.ts";
import type { ListenHubOptions } from "./listen.ts";
import { rulesOf } from "./verb-rules.ts";

/** The options of a hub with every default in place. */
export type ResolvedHubOptions = {
  readonly [Name in keyof ListenHubOptions]-?: Exclude<ListenHubOptions[Name], undefined>;
};

/** @throws {ConfigError} an option is unknown, or has a value that it cannot have. */
export function resolveHubOptions(options: ListenHubOptions): ResolvedHubOptions {
  checkOptions(rulesOf.listenHub, options);
  const {
    name = "listen",
    minDelayMillis = 100,
    maxDelayMillis = 10_000,
    connectTimeoutMillis = 10_000,
    heartbeatMillis = 30_000,
    heartbeatTimeoutMillis = 5_000,
  } = options;
  if (typeof name !== "string") throw new ConfigError(`name must be a text, not ${typeof name}`);
  mustBeDuration("connectTimeoutMillis", connectTimeoutMillis);
  mustBeDuration("heartbeatMillis", heartbeatMillis);
  const bounds = { minDelayMillis, maxDelayMillis, heartbeatTimeoutMillis };
  for (const [bound, millis] of Object.entries(bounds)) {
    mustBeDuration(bound, millis);
    if (millis === null) throw new ConfigError(`${bound} is a number of milliseconds and cannot be off`);
  }
  return { name, ...bounds, connectTimeoutMillis, heartbeatMillis };
}
