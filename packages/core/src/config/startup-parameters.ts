import { ConfigError } from "../errors.ts";
import type { ConfigContext } from "./context.ts";
import type { ResolvedValues } from "./resolved-values.ts";

/** What stands between this process and the server. */
export type PoolerMode = "none" | "transaction";

/** Variables that libpq turns into settings of the session, beyond the connection parameters. */
const settingVariables = [
  ["PGDATESTYLE", "datestyle"],
  ["PGTZ", "timezone"],
  ["PGGEQO", "geqo"],
] as const;

/** What PgBouncer passes on from a startup message without being told to. */
const passedOn = ["user", "database", "application_name", "datestyle", "timezone"];

interface StartupParameter {
  readonly value: string;
  readonly source: string;
}

/**
 * The parameters of the startup message, apart from the encoding, which the driver adds.
 *
 * @throws {ConfigError} a pooler in transaction mode would refuse one of them.
 */
export function startupParameters(
  values: ResolvedValues,
  context: ConfigContext,
  pooler: PoolerMode,
): Record<string, string> {
  const parameters = collect(values, context);
  if (pooler === "transaction") {
    for (const [name, { source }] of parameters) {
      if (!passedOn.includes(name)) throw refusedByPooler(name, source);
    }
  }
  return Object.fromEntries([...parameters].map(([name, { value }]) => [name, value]));
}

function collect(values: ResolvedValues, context: ConfigContext): Map<string, StartupParameter> {
  const parameters = new Map<string, StartupParameter>();
  const set = (name: string, given: StartupParameter | undefined): void => {
    if (given !== undefined && given.value !== "") parameters.set(name, given);
  };
  set("user", values.get("user"));
  set("database", values.get("dbname"));
  set("replication", values.get("replication"));
  set("options", values.get("options"));
  set("application_name", values.get("application_name") ?? values.get("fallback_application_name"));
  for (const [variable, name] of settingVariables) {
    const value = context.environment[variable];
    if (value !== undefined && value.toLowerCase() !== "default") {
      set(name, { value, source: `environment variable ${variable}` });
    }
  }
  return parameters;
}

function refusedByPooler(name: string, source: string): ConfigError {
  return new ConfigError(
    `${name} from ${source} is a startup parameter that a pooler in transaction mode refuses; ` +
      'use SET LOCAL within each transaction, or list it in ignore_startup_parameters of PgBouncer and set pooler to "none"',
    { source },
  );
}
