import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Binaries } from "./binaries.ts";
import { diagnoseLaunch } from "./launch-error.ts";
import { runCommand } from "./run-command.ts";
import { ControlledServerProcess, ServerProcess, type StopMode } from "./server-process.ts";
import { serverUser } from "./server-user.ts";
import { giveTo, removeTemporaryFolder } from "./temporary-folder.ts";
import type { ClientCertificate, ServerTls } from "./tls.ts";

export type { StopMode } from "./server-process.ts";

/** The value of a server setting; booleans become `on` and `off`. */
export type SettingValue = string | number | boolean;

/** Server settings by name. */
export type Settings = Readonly<Record<string, SettingValue>>;

export interface PostgresServerOptions {
  readonly binaries: Binaries;
  readonly folder: string;
  readonly dataDirectory: string;
  readonly port: number;
  readonly tls: ServerTls | null;
}

const RELOAD_TIMEOUT_MILLIS = 2_000;
const POLL_MILLIS = 5;

/**
 * A real PostgreSQL server on 127.0.0.1 that ends with the process that started it, however that ends.
 *
 * Disposing stops it and removes its temporary folder; a data directory that the caller chose stays.
 */
export class PostgresServer {
  readonly host = "127.0.0.1";
  readonly user = "postgres";
  readonly database = "postgres";
  readonly port: number;
  readonly dataDirectory: string;
  /** The major version. */
  readonly version: number;
  /** The certificate authority that signed the server's certificate, with `tls`. */
  readonly caFile: string | null;
  /** Where the Unix socket is. */
  readonly socketDirectory: string;
  readonly binaries: Binaries;
  readonly tls: ServerTls | null;
  readonly #folder: string;
  readonly #process: ServerProcess | ControlledServerProcess;
  #settings: Settings = {};

  constructor({ binaries, folder, dataDirectory, port, tls }: PostgresServerOptions) {
    this.port = port;
    this.dataDirectory = dataDirectory;
    this.version = binaries.major;
    this.caFile = tls?.caFile ?? null;
    this.socketDirectory = folder;
    this.binaries = binaries;
    this.tls = tls;
    this.#folder = folder;
    const place = { programs: binaries.directory, dataDirectory, logFile: this.#logFile, cwd: folder };
    this.#process =
      process.platform === "win32" ? new ControlledServerProcess(place) : new ServerProcess(place);
  }

  /** The address of the database `postgres` as its superuser, without a password. */
  get url(): string {
    return `postgresql://${this.user}@${this.host}:${this.port}/${this.database}`;
  }

  /** Starts the server; resolves when it accepts connections. */
  async start(): Promise<void> {
    if (this.#process.isRunning) return;
    const logged = this.#log().length;
    if (await this.#process.start()) return;
    const what = `starting PostgreSQL ${this.version} on port ${this.port}`;
    throw diagnoseLaunch(what, this.#log().slice(logged), this);
  }

  /** Stops the server if it runs; `fast` ends its sessions, `immediate` is a crash, `smart` waits for the clients. */
  async stop(mode: StopMode = "fast"): Promise<void> {
    if (await this.#process.stop(mode)) return;
    throw diagnoseLaunch("stopping PostgreSQL", this.#log(), this);
  }

  async restart(mode: StopMode = "fast"): Promise<void> {
    await this.stop(mode);
    await this.start();
  }

  /** Makes the server read its configuration again; connections opened after it resolves see the new one. */
  async reload(): Promise<void> {
    const logged = this.#log().length;
    this.#process.reload();
    await this.#waitForLog(/received SIGHUP/, logged);
  }

  /** Turns a standby into a primary; resolves when it accepts writes. */
  async promote(): Promise<void> {
    const { exitCode, output } = await runCommand(
      join(this.binaries.directory, "pg_ctl"),
      ["-D", this.dataDirectory, "-s", "-w", "-t", "60", "promote"],
      { user: serverUser(), cwd: this.#folder },
    );
    if (exitCode !== 0) throw diagnoseLaunch("promoting PostgreSQL", output, this);
  }

  /** Replaces the rules of who may connect (`pg_hba.conf`), at once if the server runs. */
  async setHba(text: string): Promise<void> {
    this.writeFile("pg_hba.conf", `${text}\n`);
    if (this.#process.isRunning) await this.reload();
  }

  /** What {@link configure} wrote last. */
  get settings(): Settings {
    return this.#settings;
  }

  /** Writes the settings that {@link start}, or {@link reload} where the setting allows, takes up. */
  configure(settings: Settings): void {
    this.#settings = settings;
    const lines = Object.entries(settings).map(([name, value]) => `${name} = '${literal(value)}'`);
    this.writeFile("rockpool.conf", `${lines.join("\n")}\n`);
  }

  /** Writes a file into the data directory as the server's user, readable by that user alone. */
  writeFile(name: string, content: string): void {
    const path = join(this.dataDirectory, name);
    writeFileSync(path, content, { mode: 0o600 });
    giveTo(serverUser(), path);
  }

  /** Issues a certificate by which a client can prove to be `user` (hba method `cert`); needs `tls`. */
  issueClientCertificate(user: string): Promise<ClientCertificate> {
    if (this.tls === null) throw new Error("the server was started without tls: pass { tls: true }");
    return this.tls.issueClientCertificate(user);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop().catch(() => this.stop("immediate"));
    await removeTemporaryFolder(this.#folder);
  }

  get #logFile(): string {
    return join(this.#folder, "server.log");
  }

  #log(): string {
    return existsSync(this.#logFile) ? readFileSync(this.#logFile, "utf8") : "";
  }

  /** A server that logs elsewhere by its settings never shows the line here, hence the limit. */
  async #waitForLog(pattern: RegExp, from: number): Promise<void> {
    const deadline = Date.now() + RELOAD_TIMEOUT_MILLIS;
    while (!pattern.test(this.#log().slice(from)) && Date.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, POLL_MILLIS));
    }
  }
}

/** The process of the server that uses a data directory, by the server's own test; `null` where none does. */
export function runningPid(dataDirectory: string): number | null {
  const file = join(dataDirectory, "postmaster.pid");
  if (!existsSync(file)) return null;
  const pid = Number.parseInt(readFileSync(file, "utf8"), 10);
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EPERM")) return null;
  }
  return pid;
}

function literal(value: SettingValue): string {
  const text = typeof value === "boolean" ? (value ? "on" : "off") : String(value);
  return text.replaceAll("'", "''");
}
