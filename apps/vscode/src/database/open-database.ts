import {
  type ConnectionFactory,
  createConnectionFactory,
  createPool,
  explainConfig,
  type OpenConnection,
} from "@rockpool/core";
import type { Database, ExplainedSetting, OpenDatabaseRequest } from "../model/database.ts";
import { LaneTracer } from "./lane-tracer.ts";
import { PoolDatabase, type ServerFacts } from "./pool-database.ts";
import { ServerWatch } from "./server-watch.ts";

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

function environmentFor(isReadOnly: boolean): Environment {
  const { PGAPPNAME = APPLICATION_NAME, PGOPTIONS = "" } = process.env;
  return {
    ...process.env,
    PGAPPNAME,
    ...(isReadOnly ? { PGOPTIONS: `${PGOPTIONS} ${READ_ONLY}`.trim() } : {}),
  };
}

/**
 * Opens a profile's pool, and proves by one connection that it can work.
 *
 * @throws whatever the connect threw; then nothing is left open.
 */
export async function openDatabase(request: OpenDatabaseRequest): Promise<Database> {
  const factory = createConnectionFactory(request.connection, {
    environment: environmentFor(request.isReadOnly),
    allowedKeys: request.isUntrusted ? UNTRUSTED_KEYS : null,
    ...(request.password === null ? {} : { password: request.password }),
  });
  const facts = await prove(factory, request);
  const tracer = new LaneTracer(request.spans);
  const pool = createPool(factory, {
    name: request.name,
    max: request.max,
    idleTimeoutMillis: request.idleTimeoutMillis,
    acquireTimeoutMillis: request.acquireTimeoutMillis,
    // What an editor did to its session must not be found by the next one.
    reset: "clean",
    telemetry: { tracerProvider: tracer, lifecycleSpans: true },
  });
  const watch = new ServerWatch(factory);
  return new PoolDatabase(request.name, pool, { target: factory.target, facts, tracer, watch });
}

async function prove(factory: ConnectionFactory, request: OpenDatabaseRequest): Promise<ServerFacts> {
  const connection = await factory.connect({ signal: request.signal });
  try {
    return await readFacts(connection, request);
  } finally {
    await connection.close();
  }
}

async function readFacts(
  connection: OpenConnection,
  { signal, isReadOnly }: OpenDatabaseRequest,
): Promise<ServerFacts> {
  const settings = await connection.query<{ version: string; read_only: string }>(
    "select current_setting('server_version') as version, current_setting('default_transaction_read_only') as read_only",
    [],
    { signal },
  );
  const [row] = settings.rows;
  if (isReadOnly && row?.read_only !== "on") {
    throw new Error(
      "the session is not read-only, because the connection string sets options of its own; " +
        `add "${READ_ONLY}" to them`,
    );
  }
  const types = await connection.query<{ oid: number; name: string }>(
    "select oid::int8::text as oid, format_type(oid, null) as name from pg_type where oid >= 16384 limit 20000",
    [],
    { signal },
  );
  const catalog = new Map(types.rows.map(({ oid, name }) => [Number(oid), name]));
  return { version: row?.version ?? "", catalog };
}

/** Every connection setting that has a value and where it came from; opens nothing. */
export function explainSettings(profile: { connection: string; isUntrusted: boolean }): ExplainedSetting[] {
  const allowedKeys = profile.isUntrusted ? UNTRUSTED_KEYS : null;
  const entries = explainConfig(profile.connection, { environment: environmentFor(false), allowedKeys });
  return entries.map(({ keyword, value, source }) => {
    const isOurs = source === "environment variable PGAPPNAME" && process.env.PGAPPNAME === undefined;
    return { keyword, value, source: isOurs ? "the extension" : source };
  });
}
