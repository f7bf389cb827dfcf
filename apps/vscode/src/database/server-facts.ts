import { isServerError, type OpenConnection } from "@rockpool/core";
import type { ServerFacts } from "../model/database.ts";

/** What the first connection tells about the server. */
export async function readFacts(connection: OpenConnection, signal: AbortSignal): Promise<ServerFacts> {
  const startedAt = performance.now();
  const settings = await connection.query<{ version: string; recovering: boolean }>(
    "select current_setting('server_version') as version, pg_is_in_recovery() as recovering",
    [],
    { signal },
  );
  const latencyMillis = performance.now() - startedAt;
  const [row] = settings.rows;
  return {
    version: row?.version ?? "",
    isStandby: row?.recovering === true,
    latencyMillis,
    encryption: await readEncryption(connection, signal),
  };
}

/** The TLS version of the connection, as the server sees it; null where it is not encrypted or nobody says. */
async function readEncryption(connection: OpenConnection, signal: AbortSignal): Promise<string | null> {
  try {
    const { rows } = await connection.query<{ version: string | null }>(
      "select version from pg_stat_ssl where pid = pg_backend_pid() and ssl",
      [],
      { signal },
    );
    return rows[0]?.version ?? null;
  } catch (error) {
    // Servers that only speak PostgreSQL's protocol may lack the view.
    if (isServerError(error)) return null;
    throw error;
  }
}

/** The names of the database's own types by OID. */
export async function readTypeNames(
  connection: OpenConnection,
  signal: AbortSignal,
): Promise<ReadonlyMap<number, string>> {
  const types = await connection.query<{ oid: number; name: string }>(
    "select oid::int8::text as oid, format_type(oid, null) as name from pg_type where oid >= 16384 limit 20000",
    [],
    { signal },
  );
  return new Map(types.rows.map(({ oid, name }) => [Number(oid), name]));
}
