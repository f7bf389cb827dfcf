import { copyFile, mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import pg from "pg";
import { freePort } from "./free-port.ts";
import { PostgresServer, type Settings } from "./postgres-server.ts";
import { serverUser } from "./server-user.ts";
import { giveTo, makeTemporaryFolder, removeTemporaryFolder } from "./temporary-folder.ts";

export interface StartReplicaOptions {
  /** The name under which the primary sees the replica (`application_name`). Default: `replica`. */
  readonly name?: string;
  /** Settings over those of the primary. */
  readonly settings?: Settings;
}

const READY_TIMEOUT_MILLIS = 30_000;
const POLL_MILLIS = 20;

// What a running server writes and a copy must not have.
const LEFT_OUT = new Set(["postmaster.pid", "postmaster.opts", "pg_wal", "pg_replslot", "pg_stat_tmp"]);

/**
 * Starts a streaming replica of a running server and resolves when it answers read-only queries.
 *
 * The copy is made with the server's own backup functions, since not every set of binaries has `pg_basebackup`.
 */
export async function startReplica(
  primary: PostgresServer,
  options: StartReplicaOptions = {},
): Promise<PostgresServer> {
  const folder = makeTemporaryFolder(serverUser());
  try {
    const port = await freePort();
    const dataDirectory = join(folder, "data");
    const replica = new PostgresServer({
      binaries: primary.binaries,
      folder,
      dataDirectory,
      port,
      tls: primary.tls,
    });
    await copyCluster(primary, replica);
    replica.configure({
      ...primary.settings,
      port,
      unix_socket_directories: process.platform === "win32" ? "" : replica.socketDirectory,
      primary_conninfo: conninfo(primary, options.name ?? "replica"),
      ...options.settings,
    });
    replica.writeFile("standby.signal", "");
    await replica.start();
    await waitUntilReadable(replica);
    return replica;
  } catch (error) {
    await removeTemporaryFolder(folder);
    throw error;
  }
}

function conninfo(primary: PostgresServer, name: string): string {
  return `host=${primary.host} port=${primary.port} user=${primary.user} application_name=${name}`;
}

/** The backup must begin and end in one session. */
async function copyCluster(primary: PostgresServer, replica: PostgresServer): Promise<void> {
  const isOld = primary.version < 15;
  const client = new pg.Client(primary.url);
  await client.connect();
  try {
    await client.query(
      isOld ? "select pg_start_backup('replica', true, false)" : "select pg_backup_start('replica', true)",
    );
    await copyFolder(primary.dataDirectory, replica.dataDirectory);
    for (const folder of [
      "pg_wal",
      "pg_wal/archive_status",
      "pg_wal/summaries",
      "pg_replslot",
      "pg_stat_tmp",
    ]) {
      await makeFolder(join(replica.dataDirectory, folder));
    }
    const { rows } = await client.query<{ labelfile: string }>(
      isOld
        ? "select labelfile from pg_stop_backup(false, false)"
        : "select labelfile from pg_backup_stop(false)",
    );
    replica.writeFile("backup_label", rows[0]?.labelfile ?? "");
  } finally {
    await client.end();
  }
}

async function copyFolder(from: string, to: string): Promise<void> {
  await makeFolder(to);
  for (const entry of await readdir(from, { withFileTypes: true })) {
    if (LEFT_OUT.has(entry.name)) continue;
    const source = join(from, entry.name);
    const target = join(to, entry.name);
    if (entry.isDirectory()) await copyFolder(source, target);
    else if (entry.isFile()) await copyOne(source, target);
  }
}

async function copyOne(source: string, target: string): Promise<void> {
  try {
    await copyFile(source, target);
  } catch (error) {
    // A running server removes files; replaying the log does the same to the copy.
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return;
    throw error;
  }
  giveTo(serverUser(), target);
}

async function makeFolder(path: string): Promise<void> {
  await mkdir(path, { recursive: true, mode: 0o700 });
  giveTo(serverUser(), path);
}

async function waitUntilReadable(replica: PostgresServer): Promise<void> {
  const deadline = Date.now() + READY_TIMEOUT_MILLIS;
  for (;;) {
    const client = new pg.Client(replica.url);
    client.on("error", () => {});
    try {
      await client.connect();
      await client.end();
      return;
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, POLL_MILLIS));
    }
  }
}
