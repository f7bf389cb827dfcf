import type { PostgresServer } from "./postgres-server.ts";
import { type StartPostgresOptions, startPostgres } from "./start-postgres.ts";

/** A database to use, and whether it came with a server that must be stopped. */
export interface ResolvedDatabase {
  readonly url: string;
  /** The server that was started for it; `null` where `DATABASE_URL` names one that runs already. */
  readonly server: PostgresServer | null;
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * Uses the server that `DATABASE_URL` names, where it is set, and else starts one; disposing stops only the latter.
 *
 * @throws {LaunchError} where none could be started.
 */
export async function resolveDatabase(options: StartPostgresOptions = {}): Promise<ResolvedDatabase> {
  const url = process.env.DATABASE_URL;
  if (url !== undefined && url !== "") return { url, server: null, [Symbol.asyncDispose]: async () => {} };
  const server = await startPostgres(options);
  return { url: server.url, server, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}
