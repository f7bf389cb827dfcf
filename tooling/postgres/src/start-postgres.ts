import { join, resolve } from "node:path";
import { type Binaries, findBinaries, MAJORS, type PostgresMajor } from "./binaries.ts";
import { prepareDataDirectory } from "./data-directory.ts";
import { freePort, isFree } from "./free-port.ts";
import { diagnoseLaunch, LaunchError } from "./launch-error.ts";
import { PostgresServer, runningPid, type Settings } from "./postgres-server.ts";
import { serverUser } from "./server-user.ts";
import { makeTemporaryFolder, removeTemporaryFolder } from "./temporary-folder.ts";
import type { ServerTls } from "./tls.ts";

export interface StartPostgresOptions {
  /** Server settings, over the launcher's own (which give up durability for speed). */
  readonly settings?: Settings;
  /** The major version. Default: `ROCKPOOL_POSTGRES_VERSION`, else 18, or what is installed where npm has no binaries. */
  readonly version?: PostgresMajor;
  /** Default: a free one. */
  readonly port?: number;
  /** The text of `pg_hba.conf`. Default: everybody on this machine, without a password. */
  readonly hba?: string;
  /** A directory to keep; it is made and filled where it is missing or empty. Default: a temporary one. */
  readonly dataDirectory?: string;
  /** Whether the server speaks TLS, with a certificate for `localhost` and `127.0.0.1` signed by `caFile`. Default: false. */
  readonly tls?: boolean;
  /** Called with a line for a person at each step that can take long. */
  readonly onProgress?: (line: string) => void;
}

// Durability costs seconds and buys nothing for a database that lives as long as a test.
const DEFAULT_SETTINGS: Settings = {
  listen_addresses: "127.0.0.1",
  fsync: false,
  synchronous_commit: false,
  full_page_writes: false,
  max_connections: 100,
  wal_level: "replica",
  max_wal_senders: 5,
  hot_standby: true,
};

const PORT_ATTEMPTS = 5;

/**
 * Starts a real PostgreSQL server on 127.0.0.1 and resolves when it accepts connections.
 *
 * It runs as the caller, or as `postgres` or `nobody` where the caller is root, and ends with this process.
 *
 * @throws {LaunchError} with a code and a remedy: no binary for the platform, port in use, disk full, data directory
 * in use, not permitted, bad setting.
 */
export async function startPostgres(options: StartPostgresOptions = {}): Promise<PostgresServer> {
  const { onProgress = () => {} } = options;
  const folder = makeTemporaryFolder(serverUser());
  try {
    const binaries = await findBinaries(options.version ?? versionFromEnvironment(), onProgress);
    const dataDirectory = resolve(options.dataDirectory ?? join(folder, "data"));
    refuseUsedDirectory(dataDirectory);
    const isTemporary = options.dataDirectory === undefined;
    await prepareDataDirectory({ binaries, folder, dataDirectory, isTemporary, onProgress });
    return await startOnPort({ ...options, binaries, folder, dataDirectory });
  } catch (error) {
    await removeTemporaryFolder(folder);
    throw error;
  }
}

/** By this variable a whole test suite runs on another major version. */
function versionFromEnvironment(): PostgresMajor | null {
  const text = process.env.ROCKPOOL_POSTGRES_VERSION;
  if (text === undefined || text === "") return null;
  const version = MAJORS.find((major) => String(major) === text);
  if (version !== undefined) return version;
  throw new LaunchError(
    "POSTGRES_NO_BINARY",
    `ROCKPOOL_POSTGRES_VERSION is ${text}: use one of ${MAJORS.join(", ")}`,
  );
}

interface Place {
  readonly binaries: Binaries;
  readonly folder: string;
  readonly dataDirectory: string;
}

/** Before anything is written there. */
function refuseUsedDirectory(dataDirectory: string): void {
  if (runningPid(dataDirectory) === null) return;
  throw diagnoseLaunch("starting PostgreSQL", 'lock file "postmaster.pid" already exists', {
    dataDirectory,
    port: 0,
  });
}

async function startOnPort(options: StartPostgresOptions & Place): Promise<PostgresServer> {
  for (let attempt = 1; ; attempt += 1) {
    const port = options.port ?? (await freePort());
    try {
      return await startOnce(options, port);
    } catch (error) {
      const isTaken = error instanceof LaunchError && error.code === "POSTGRES_PORT_IN_USE";
      // Between finding a port and listening on it, somebody else may take it.
      if (!isTaken || options.port !== undefined || attempt === PORT_ATTEMPTS) throw error;
    }
  }
}

async function startOnce(options: StartPostgresOptions & Place, port: number): Promise<PostgresServer> {
  const tls = options.tls === true ? await issueServerTls(options.folder) : null;
  const server = new PostgresServer({ ...options, port, tls });
  server.configure({
    ...DEFAULT_SETTINGS,
    port,
    unix_socket_directories: process.platform === "win32" ? "" : server.socketDirectory,
    ...tls?.settings,
    ...options.settings,
  });
  for (const [name, content] of Object.entries(tls?.files ?? {})) server.writeFile(name, content);
  if (options.hba !== undefined) await server.setHba(options.hba);
  await refuseTakenPort(server);
  options.onProgress?.(`starting PostgreSQL ${server.version} on port ${port}`);
  await server.start();
  return server;
}

/** PostgreSQL tells a taken port only in its log, which the caller's settings may lead elsewhere. */
async function refuseTakenPort(server: PostgresServer): Promise<void> {
  if (await isFree(server.port)) return;
  throw diagnoseLaunch(`starting PostgreSQL on port ${server.port}`, "Address already in use", server);
}

/** Few callers want TLS, and what makes the certificates takes a while to load. */
async function issueServerTls(folder: string): Promise<ServerTls> {
  const { makeServerTls } = await import("./tls.ts");
  return makeServerTls(folder);
}
