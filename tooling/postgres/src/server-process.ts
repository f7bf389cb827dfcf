import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, existsSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { guard, unguard } from "./guard.ts";
import { commandEnvironment, runCommand } from "./run-command.ts";
import { serverUser } from "./server-user.ts";
import { giveTo } from "./temporary-folder.ts";

export type StopMode = "fast" | "immediate" | "smart";

export interface ServerPlace {
  /** The folder of the server programs. */
  readonly programs: string;
  readonly dataDirectory: string;
  readonly logFile: string;
  readonly cwd: string;
}

const START_TIMEOUT_MILLIS = 60_000;
const STOP_TIMEOUT_MILLIS = 60_000;
const POLL_MILLIS = 5;

const SIGNALS: Readonly<Record<StopMode, NodeJS.Signals>> = {
  smart: "SIGTERM",
  fast: "SIGINT",
  immediate: "SIGQUIT",
};

/**
 * The process of one server, a child of this process and so reaped by it.
 *
 * It has a session of its own: a Ctrl-C in the terminal is for this process, which then decides.
 */
export class ServerProcess {
  readonly #place: ServerPlace;
  #child: ChildProcess | null = null;

  constructor(place: ServerPlace) {
    this.#place = place;
  }

  get isRunning(): boolean {
    return this.#child !== null && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Resolves with true when the server accepts connections, with false when it has ended; its log says why. */
  async start(): Promise<boolean> {
    const child = this.#spawn();
    this.#child = child;
    const hasEnded = new Promise<void>((resolve) => {
      child.once("exit", () => resolve());
      child.once("error", () => resolve());
    });
    const { pid } = child;
    if (pid === undefined) return false;
    // The server is known by its pid file once it has one; until then by its process.
    guard("child", pid);
    const isReady = await this.#untilReady(pid, hasEnded);
    if (isReady) guard("server", this.#place.dataDirectory);
    unguard("child", pid);
    if (!isReady) await this.#end(child, "immediate", hasEnded);
    child.unref();
    return isReady;
  }

  /** Resolves with true when the server has ended. */
  async stop(mode: StopMode): Promise<boolean> {
    const child = this.#child;
    if (child === null || !this.isRunning) return true;
    child.ref();
    const hasEnded = once(child, "exit");
    const isStopped = await this.#end(child, mode, hasEnded);
    child.unref();
    if (isStopped) unguard("server", this.#place.dataDirectory);
    return isStopped;
  }

  reload(): void {
    this.#child?.kill("SIGHUP");
  }

  #spawn(): ChildProcess {
    const { programs, dataDirectory, logFile, cwd } = this.#place;
    const log = openSync(logFile, "a", 0o600);
    giveTo(serverUser(), logFile);
    const child = spawn(join(programs, "postgres"), ["-D", dataDirectory], {
      ...serverUser(),
      cwd,
      detached: true,
      stdio: ["ignore", log, log],
      env: commandEnvironment(),
    });
    closeSync(log);
    return child;
  }

  async #end(child: ChildProcess, mode: StopMode, hasEnded: Promise<unknown>): Promise<boolean> {
    child.kill(SIGNALS[mode]);
    return Promise.race([hasEnded.then(() => true), limit(STOP_TIMEOUT_MILLIS).then(() => !this.isRunning)]);
  }

  /** The last line of the pid file tells, as it tells pg_ctl. */
  async #untilReady(pid: number, hasEnded: Promise<void>): Promise<boolean> {
    const deadline = Date.now() + START_TIMEOUT_MILLIS;
    const end = hasEnded.then(() => "ended");
    while (Date.now() < deadline) {
      const lines = this.#pidFile().split("\n");
      if (Number(lines[0]) === pid && /^(ready|standby)/.test(lines[7] ?? "")) return true;
      if ((await Promise.race([end, pause(POLL_MILLIS)])) === "ended") return false;
    }
    return false;
  }

  #pidFile(): string {
    const file = join(this.#place.dataDirectory, "postmaster.pid");
    return existsSync(file) ? readFileSync(file, "utf8") : "";
  }
}

/** The same through pg_ctl, which Windows needs: it drops the rights with which a server would refuse to run. */
export class ControlledServerProcess {
  readonly #place: ServerPlace;

  constructor(place: ServerPlace) {
    this.#place = place;
  }

  get isRunning(): boolean {
    return existsSync(join(this.#place.dataDirectory, "postmaster.pid"));
  }

  async start(): Promise<boolean> {
    guard("server", this.#place.dataDirectory);
    return this.#control("start", "-w", "-l", this.#place.logFile);
  }

  async stop(mode: StopMode): Promise<boolean> {
    if (!this.isRunning) return true;
    const isStopped = await this.#control("stop", "-w", "-m", mode);
    if (isStopped) unguard("server", this.#place.dataDirectory);
    return isStopped;
  }

  reload(): void {
    void this.#control("reload");
  }

  async #control(verb: string, ...flags: string[]): Promise<boolean> {
    const { programs, dataDirectory, cwd } = this.#place;
    const { exitCode } = await runCommand(
      join(programs, "pg_ctl"),
      ["-D", dataDirectory, "-s", "-t", "60", ...flags, verb],
      { user: serverUser(), cwd },
    );
    return exitCode === 0;
  }
}

function pause(millis: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, millis));
}

/** A pause that keeps nothing alive, for races that end sooner as a rule. */
function limit(millis: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, millis).unref());
}
