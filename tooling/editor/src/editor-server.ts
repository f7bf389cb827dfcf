import type { ChildProcess } from "node:child_process";
import { readFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { EditorError } from "./editor-error.ts";
import { guardGroup, killGroup } from "./guard.ts";
import type { EditorKit } from "./kit.ts";

const START_TIMEOUT_MILLIS = 60_000;
const STOP_TIMEOUT_MILLIS = 5_000;
const POLL_MILLIS = 40;
const WORKSPACE_FILE = ".code-workspace";

export interface EditorServerParts {
  readonly kit: EditorKit;
  readonly home: string;
  readonly port: number;
  readonly folder: string | undefined;
  readonly release: () => void;
}

export interface WorkbenchUrlOptions {
  /** A file to open. */
  readonly file?: string;
  /** The folder of an unpacked extension to run in development mode. */
  readonly extension?: string;
  /** A module to run inside the extension host, which exports `run()`. */
  readonly tests?: string;
  /** Environment variables for the extension host of this page alone. */
  readonly hostEnv?: Readonly<Record<string, string>>;
}

/**
 * A running workbench server.
 *
 * Disposing ends the whole process group (extension hosts, terminals) and removes the temporary folder.
 */
export class EditorServer {
  readonly port: number;
  /** The folder that the workbench opens, or that of the `.code-workspace` file that it opens. */
  readonly folder: string;
  readonly #workspace: string | null;
  /** The temporary folder with everything that the server writes. */
  readonly home: string;
  readonly logFile: string;
  readonly #release: () => void;
  #child: ChildProcess | null = null;
  #releaseGroup = (): void => {};
  #exited: Promise<void> = Promise.resolve();

  constructor({ home, port, folder, release }: EditorServerParts) {
    this.home = home;
    this.port = port;
    const opened = resolve(folder ?? join(home, "workspace"));
    this.#workspace = opened.endsWith(WORKSPACE_FILE) ? opened : null;
    this.folder = this.#workspace === null ? opened : dirname(opened);
    this.logFile = join(home, "server.log");
    this.#release = release;
  }

  /** Where the server listens, without a folder. */
  get origin(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** The address of the workbench on what it opens. */
  url(options: WorkbenchUrlOptions = {}): string {
    const { file, extension, tests, hostEnv } = options;
    const payload: [string, string][] = [
      ["skipWelcome", "true"],
      ["skipReleaseNotes", "true"],
    ];
    if (file !== undefined) payload.push(["openFile", this.#remote(file)]);
    if (extension !== undefined) payload.push(["extensionDevelopmentPath", this.#remote(extension)]);
    if (tests !== undefined) payload.push(["extensionTestsPath", this.#remote(tests)]);
    if (hostEnv !== undefined) payload.push(["extensionEnvironment", JSON.stringify(hostEnv)]);
    const place = this.#workspace === null ? { folder: this.folder } : { workspace: this.#workspace };
    const query = new URLSearchParams({ ...place, payload: JSON.stringify(payload) });
    return `${this.origin}/?${query}`;
  }

  #remote(path: string): string {
    return `vscode-remote://127.0.0.1:${this.port}${encodeURI(resolve(path))}`;
  }

  /** The last lines that the server wrote. */
  log(): string {
    try {
      return readFileSync(this.logFile, "utf8").slice(-6_000);
    } catch {
      return "";
    }
  }

  /** Makes the child this server's process. */
  attach(child: ChildProcess): void {
    this.#child = child;
    this.#exited = new Promise((settle) => {
      child.once("exit", () => settle());
      child.once("error", () => settle());
    });
    if (child.pid !== undefined) this.#releaseGroup = guardGroup(child.pid);
  }

  async waitUntilHealthy(signal?: AbortSignal): Promise<void> {
    const deadline = Date.now() + START_TIMEOUT_MILLIS;
    while (!(await this.#isHealthy())) {
      signal?.throwIfAborted();
      if (!this.#isRunning() || Date.now() > deadline) {
        throw new EditorError("EDITOR_START", `The editor did not start. Its log:\n${this.log()}`);
      }
      await sleep(POLL_MILLIS);
    }
  }

  async #isHealthy(): Promise<boolean> {
    try {
      const response = await fetch(`${this.origin}/healthz`);
      await response.body?.cancel();
      return response.ok;
    } catch {
      return false;
    }
  }

  #isRunning(): boolean {
    return this.#child !== null && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Ends the server and whatever it started, and removes its folder. */
  async stop(): Promise<void> {
    const pid = this.#child?.pid;
    if (pid !== undefined && this.#isRunning()) {
      this.#child?.kill("SIGTERM");
      const timer = setTimeout(() => killGroup(pid, "SIGKILL"), STOP_TIMEOUT_MILLIS);
      await this.#exited;
      clearTimeout(timer);
    }
    if (pid !== undefined) killGroup(pid, "SIGKILL");
    await rm(this.home, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
    this.#releaseGroup();
    this.#release();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }
}
