import { startPostgres } from "@rockpool/postgres";
import type { LaunchOptions } from "./launch-options.ts";

/** The database of a launch. */
export interface LaunchDatabase extends AsyncDisposable {
  readonly url: string;
  /** Whether the launch has started its server, and ends it. */
  readonly isOwn: boolean;
}

/**
 * The user's database, or a server of our own with an empty one.
 *
 * @throws {LaunchError} no server could be started.
 */
export async function openDatabase(
  { databaseUrl }: Pick<LaunchOptions, "databaseUrl">,
  onProgress: (line: string) => void,
): Promise<LaunchDatabase> {
  if (databaseUrl !== null) return { url: databaseUrl, isOwn: false, [Symbol.asyncDispose]: async () => {} };
  const server = await startPostgres({ onProgress });
  return { url: server.url, isOwn: true, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}
