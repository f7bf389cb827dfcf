import {
  type ConfigEntry,
  type Connection,
  type ConnectionFactory,
  createConnectionFactory,
  explainConfig,
} from "@rockpool/core";
import type { ConnectRequest } from "../model/database.ts";

/** What a connection string from a workspace may set: where to go and as whom, but no file of this machine. */
const UNTRUSTED_KEYS: readonly string[] = [
  "host",
  "hostaddr",
  "port",
  "dbname",
  "user",
  "password",
  "sslmode",
  "connect_timeout",
  "target_session_attrs",
  "load_balance_hosts",
  "channel_binding",
  "application_name",
];

const APPLICATION_NAME = "Rockpool for VS Code";
const READ_ONLY = "-c default_transaction_read_only=on";

type Environment = Readonly<Record<string, string | undefined>>;

/** What is needed to know where a profile's connections go. */
export type ProfileConnection = Pick<ConnectRequest, "connection" | "isUntrusted">;

/** The environment of the extension, except for what a string of a workspace must not send to a server of its choice. */
function environmentFor({ isUntrusted }: ProfileConnection): Environment {
  const { PGAPPNAME = APPLICATION_NAME, PGPASSWORD, ...others } = process.env;
  return { ...others, PGAPPNAME, ...(isUntrusted || PGPASSWORD === undefined ? {} : { PGPASSWORD }) };
}

/** Every setting that a profile's connections have. */
export function profileSettings(profile: ProfileConnection): readonly ConfigEntry[] {
  return explainConfig(profile.connection, {
    environment: environmentFor(profile),
    allowedKeys: profile.isUntrusted ? UNTRUSTED_KEYS : null,
  });
}

/** Whether the application name of a profile is the extension's own. */
export function isOwnApplicationName({ source }: ConfigEntry): boolean {
  return source === "environment variable PGAPPNAME" && process.env.PGAPPNAME === undefined;
}

/**
 * Opens connections as a profile says; each one of a read-only profile proves to be so before it is used.
 *
 * @throws {ConfigError} the connection string is wrong, or sets what a workspace may not set.
 */
export function profileFactory(request: ConnectRequest): ConnectionFactory {
  const { connection, isUntrusted, isReadOnly, password } = request;
  // Asked first, since it refuses what is not allowed to the string; the options below are the extension's own.
  const options = profileSettings(request).find(({ keyword }) => keyword === "options");
  const allowedKeys = isUntrusted ? [...UNTRUSTED_KEYS, "options"] : null;
  const config = isReadOnly
    ? { connectionString: connection, options: `${options?.value ?? ""} ${READ_ONLY}`.trim() }
    : connection;
  return createConnectionFactory(config, {
    environment: environmentFor(request),
    allowedKeys,
    ...(password === null ? {} : { password }),
    ...(isReadOnly ? { configure: proveReadOnly } : {}),
  });
}

/** A pooler in between may drop the options that make a session read-only, without a word. */
async function proveReadOnly(connection: Connection): Promise<void> {
  const { rows } = await connection.query<{ value: string }>(
    "select current_setting('default_transaction_read_only') as value",
  );
  if (rows[0]?.value === "on") return;
  throw new Error(
    "the session is not read-only although the profile is: something between here and the server drops start-up options; " +
      "connect past it, or use a role that may only read",
  );
}
