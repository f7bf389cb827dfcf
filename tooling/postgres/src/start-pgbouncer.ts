import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { delimiter, join } from "node:path";
import { freePort } from "./free-port.ts";
import { guard, unguard } from "./guard.ts";
import { LaunchError } from "./launch-error.ts";
import type { PostgresServer, Settings } from "./postgres-server.ts";
import { serverUser } from "./server-user.ts";
import { giveTo, makeTemporaryFolder, removeTemporaryFolder } from "./temporary-folder.ts";

export interface StartPgBouncerOptions {
  /** When a server connection goes back to PgBouncer's pool. Default: `transaction`. */
  readonly poolMode?: "session" | "transaction" | "statement";
  /** Server connections per database and user. Default: 4. */
  readonly poolSize?: number;
  /** Passwords (or SCRAM verifiers) by user. Default: `postgres` without one. */
  readonly users?: Readonly<Record<string, string>>;
  /** How clients prove who they are (`auth_type`). Default: `trust`. */
  readonly authType?: "trust" | "scram-sha-256" | "md5";
  /** More lines of the section `[pgbouncer]`. */
  readonly settings?: Settings;
}

const START_TIMEOUT_MILLIS = 10_000;
const POLL_MILLIS = 10;

/** Whether PgBouncer is there to be started; tests behind it are skipped where it is not. */
export function isPgBouncerInstalled(): boolean {
  return findPgBouncer() !== null;
}

/**
 * Starts PgBouncer before a server, on a free port; it ends with this process.
 *
 * @throws {LaunchError} `PGBOUNCER_NOT_INSTALLED`, `PGBOUNCER_START_FAILED`.
 */
export async function startPgBouncer(
  server: PostgresServer,
  options: StartPgBouncerOptions = {},
): Promise<PgBouncer> {
  const program = findPgBouncer();
  if (program === null) {
    throw new LaunchError(
      "PGBOUNCER_NOT_INSTALLED",
      "PgBouncer is not installed: apt-get install pgbouncer, brew install pgbouncer, or set PGBOUNCER to its program",
    );
  }
  const folder = makeTemporaryFolder(serverUser());
  const port = await freePort();
  writeOwned(join(folder, "users.txt"), userList(options.users ?? { postgres: "" }));
  writeOwned(join(folder, "pgbouncer.ini"), configuration(server, { ...options, folder, port }));
  const child = spawn(program, [join(folder, "pgbouncer.ini")], {
    ...serverUser(),
    cwd: folder,
    detached: true,
    stdio: "ignore",
  });
  const bouncer = new PgBouncer({ server, folder, port, child });
  try {
    await bouncer.ready();
    return bouncer;
  } catch (error) {
    await bouncer.stop();
    throw error;
  }
}

interface PgBouncerParts {
  readonly server: PostgresServer;
  readonly folder: string;
  readonly port: number;
  readonly child: ChildProcess;
}

/** A running PgBouncer. */
export class PgBouncer {
  readonly host = "127.0.0.1";
  readonly port: number;
  readonly #server: PostgresServer;
  readonly #folder: string;
  readonly #child: ChildProcess;
  readonly #ended: Promise<void>;

  constructor({ server, folder, port, child }: PgBouncerParts) {
    this.port = port;
    this.#server = server;
    this.#folder = folder;
    this.#child = child;
    if (child.pid !== undefined) guard("child", child.pid);
    this.#ended = new Promise((resolve) => {
      child.once("exit", () => resolve());
      child.once("error", () => resolve());
    });
  }

  /** The server's database, through PgBouncer. */
  get url(): string {
    return `postgresql://${this.#server.user}@${this.host}:${this.port}/${this.#server.database}`;
  }

  /** PgBouncer's own console: `show pools`, `pause`, `resume`. It speaks the simple protocol only. */
  get adminUrl(): string {
    return `postgresql://${this.#server.user}@${this.host}:${this.port}/pgbouncer`;
  }

  /** Resolves when it accepts connections. */
  async ready(): Promise<void> {
    const deadline = Date.now() + START_TIMEOUT_MILLIS;
    while (!(await accepts(this.port))) {
      if (this.#child.exitCode !== null || this.#child.pid === undefined || Date.now() > deadline) {
        throw new LaunchError("PGBOUNCER_START_FAILED", `PgBouncer did not start\n${this.#log()}`);
      }
      await new Promise((resolve) => setTimeout(resolve, POLL_MILLIS));
    }
  }

  /** Ends it at once with all its connections; what SIGINT and SIGTERM mean differs between its versions. */
  async stop(): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.#ended;
    if (this.#child.pid !== undefined) unguard("child", this.#child.pid);
    await removeTemporaryFolder(this.#folder);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  #log(): string {
    const file = join(this.#folder, "pgbouncer.log");
    return existsSync(file)
      ? readFileSync(file, "utf8").trim().split("\n").slice(-8).join("\n")
      : "it wrote no log";
  }
}

function findPgBouncer(): string | null {
  const chosen = process.env.PGBOUNCER;
  const folders = [
    "/usr/sbin",
    "/opt/homebrew/bin",
    "/usr/local/bin",
    ...(process.env.PATH ?? "").split(delimiter),
  ];
  const candidates = [
    ...(chosen === undefined ? [] : [chosen]),
    ...folders.map((entry) => join(entry, "pgbouncer")),
  ];
  return candidates.find((candidate) => existsSync(candidate)) ?? null;
}

function writeOwned(path: string, content: string): void {
  writeFileSync(path, content, { mode: 0o600 });
  giveTo(serverUser(), path);
}

function userList(users: Readonly<Record<string, string>>): string {
  return Object.entries(users)
    .map(([user, password]) => `"${user}" "${password}"\n`)
    .join("");
}

function configuration(
  server: PostgresServer,
  options: StartPgBouncerOptions & { folder: string; port: number },
): string {
  const settings: Settings = {
    listen_addr: "127.0.0.1",
    listen_port: options.port,
    unix_socket_dir: "",
    auth_type: options.authType ?? "trust",
    auth_file: join(options.folder, "users.txt"),
    admin_users: server.user,
    pool_mode: options.poolMode ?? "transaction",
    default_pool_size: options.poolSize ?? 4,
    max_client_conn: 500,
    logfile: join(options.folder, "pgbouncer.log"),
    pidfile: join(options.folder, "pgbouncer.pid"),
    ...options.settings,
  };
  const lines = Object.entries(settings).map(([name, value]) => `${name} = ${value}`);
  return `[databases]\n* = host=${server.host} port=${server.port}\n[pgbouncer]\n${lines.join("\n")}\n`;
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: "127.0.0.1", port });
    socket.once("error", () => resolve(false));
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
  });
}
