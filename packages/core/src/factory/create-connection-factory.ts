import { parseSettings } from "../config/connection-settings.ts";
import { createContext } from "../config/context.ts";
import { type ConnectionConfig, mustBeConfig, resolveConfig } from "../config/resolve-config.ts";
import { startupParameters } from "../config/startup-parameters.ts";
import { ConfigError } from "../errors.ts";
import { checkOptions, optionRules } from "../option-rules.ts";
import { hostLabel } from "./addresses.ts";
import type { ConnectPlan } from "./connect-plan.ts";
import type {
  ConnectionFactory,
  ConnectionFactoryOptions,
  ConnectionTarget,
  ConnectOptions,
  FactoryConfig,
  PasswordProvider,
} from "./connection-factory.ts";
import { Credentials } from "./credentials.ts";
import { isLocal } from "./encryption.ts";
import { HostMemory } from "./host-memory.ts";
import { openConnection } from "./open-connection.ts";

/**
 * Makes a factory of connections to what `config` says, read as libpq reads it: config object, then connection string, service file,
 * environment, password file, defaults.
 *
 * Nothing is opened before `connect`. Service files are read now, password files and certificates at each connect.
 *
 * @param options.password - a password or a provider of passwords; goes before every other source.
 * @throws {ConfigError} the configuration is wrong; the message names the source and the remedy.
 * @example
 * const factory = createConnectionFactory("postgresql://app@db1,db2/orders?target_session_attrs=read-write", {
 *   configure: async (connection) => {
 *     await connection.query("set time zone 'UTC'");
 *   },
 * });
 * await using connection = await factory.connect();
 */
export function createConnectionFactory(
  config: FactoryConfig = "",
  options: ConnectionFactoryOptions = {},
): ConnectionFactory {
  checkFactoryOptions(options);
  const [rest, provider] = takeProvider(config, options.password);
  const plan = createPlan(rest, options);
  const target = targetOf(plan);
  if (options.requireTls === true) checkEncrypted(target, plan);
  const credentials = provider === null ? null : new Credentials(provider, target, options.now ?? Date.now);
  return {
    target,
    connect: async (connectOptions = {}) => {
      checkOptions(connectRules, connectOptions);
      return openConnection({ plan, target, credentials, options }, connectOptions);
    },
  };
}

const connectRules = optionRules<ConnectOptions>("connect()", {
  id: true,
  observer: true,
  onAttempt: true,
  rowFactory: true,
  signal: true,
  stream: true,
});

const optionNames = [
  "password",
  "beforeConnect",
  "configure",
  "types",
  "rowFactory",
  "pooler",
  "statementCacheSize",
  "stream",
  "requireTls",
  "environment",
  "homeDirectory",
  "allowedKeys",
  "now",
  "random",
] as const satisfies readonly (keyof ConnectionFactoryOptions)[];

/** The name of every option of a factory. */
export const factoryOptionKeys: ReadonlySet<string> = new Set(optionNames);

function checkFactoryOptions(options: ConnectionFactoryOptions): void {
  const unknown = Object.keys(options).find((name) => !factoryOptionKeys.has(name));
  if (unknown !== undefined) {
    throw new ConfigError(
      `${unknown} is not an option of a connection factory; the options are ${optionNames.join(", ")}`,
      { source: "the factory options" },
    );
  }
  for (const name of ["beforeConnect", "configure", "rowFactory", "stream"] as const) {
    if (options[name] === undefined || typeof options[name] === "function") continue;
    throw new ConfigError(`${name} must be a function, not ${typeof options[name]}`, {
      source: "the factory options",
    });
  }
  const { pooler = "none", statementCacheSize = 0 } = options;
  if (pooler !== "none" && pooler !== "transaction") {
    throw new ConfigError('pooler must be "none" or "transaction"', { source: "the factory options" });
  }
  if (!Number.isInteger(statementCacheSize) || statementCacheSize < 0) {
    throw new ConfigError("statementCacheSize must be a whole number from 0 on", {
      source: "the factory options",
    });
  }
}

/** Splits a provider off, so that what is left is text alone. */
function takeProvider(
  config: FactoryConfig,
  given: string | PasswordProvider | undefined,
): [ConnectionConfig, PasswordProvider | null] {
  mustBeConfig(config);
  if (typeof config === "string") return [config, typeof given === "function" ? given : null];
  const { password, ...rest } = config;
  const provider = given ?? password;
  if (typeof provider === "function") return [rest, provider];
  return [typeof password === "function" ? rest : { ...rest, password }, null];
}

function createPlan(config: ConnectionConfig, options: ConnectionFactoryOptions): ConnectPlan {
  const context = createContext(options);
  const values = new Map(resolveConfig(config, context, options.allowedKeys ?? null));
  if (typeof options.password === "string") {
    values.set("password", { value: options.password, source: "the factory options" });
  }
  return {
    values,
    context,
    settings: parseSettings(values),
    startup: startupParameters(values, context, options.pooler ?? "none"),
    requiresTls: options.requireTls ?? false,
    memory: new HostMemory(options.now ?? Date.now),
    random: () => options.random?.next() ?? Math.random(),
  };
}

function targetOf({ settings }: ConnectPlan): ConnectionTarget {
  return {
    hosts: settings.hosts.map((host) => ({ host: hostLabel(host), port: host.port })),
    database: settings.database,
    user: settings.user,
    sslmode: settings.tls.mode,
    targetSessionAttrs: settings.targetSessionAttrs,
  };
}

function checkEncrypted(target: ConnectionTarget, plan: ConnectPlan): void {
  const remote = target.hosts.find(({ host }) => !isLocal(host));
  if (target.sslmode !== "disable" || remote === undefined) return;
  const source = plan.values.get("sslmode")?.source ?? null;
  throw new ConfigError(
    `requireTls is set, but sslmode=disable from ${source} would send plain text to ${remote.host}; raise sslmode to verify-full`,
    { source },
  );
}
