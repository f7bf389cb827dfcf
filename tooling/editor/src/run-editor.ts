import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { join } from "node:path";
import { EditorError } from "./editor-error.ts";
import { guardGroup, killGroup } from "./guard.ts";
import type { EditorKit } from "./kit.ts";

export interface RunEditorOptions {
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

interface Place {
  readonly home: string;
  readonly logFile: string;
}

/** Runs the server's command line to its end, such as `--install-extension`. */
export async function runEditorCommand(
  kit: EditorKit,
  place: Place,
  options: RunEditorOptions,
): Promise<void> {
  const child = spawn(kit.node, commandLine(kit, place, options.args), {
    env: environmentOf(kit, place, options.env),
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  const { pid } = child;
  const release = pid === undefined ? () => {} : guardGroup(pid);
  const end = (): void => {
    if (pid !== undefined) killGroup(pid, "SIGKILL");
  };
  options.signal?.addEventListener("abort", end, { once: true });
  try {
    const { code, output } = await outputOf(child);
    options.signal?.throwIfAborted();
    if (code !== 0 || /Error while installing|Failed Installing/i.test(output)) {
      throw new EditorError("EDITOR_START", `${options.args.join(" ")} failed:\n${output}`);
    }
  } finally {
    options.signal?.removeEventListener("abort", end);
    release();
  }
}

function outputOf(child: ChildProcess): Promise<{ code: number | null; output: string }> {
  let output = "";
  const collect = (chunk: Buffer): void => {
    output += chunk.toString("utf8");
  };
  child.stdout?.on("data", collect);
  child.stderr?.on("data", collect);
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, output }));
  });
}

/** Starts the server in a process group of its own, which its extension host and terminals belong to. */
export function spawnEditor(kit: EditorKit, place: Place, { args, env }: RunEditorOptions): ChildProcess {
  const log = openSync(place.logFile, "a");
  const child = spawn(kit.node, commandLine(kit, place, args), {
    env: environmentOf(kit, place, env),
    stdio: ["ignore", log, log],
    detached: true,
  });
  closeSync(log);
  return child;
}

function commandLine(kit: EditorKit, { home }: Place, args: readonly string[]): string[] {
  const folders = ["--user-data-dir", join(home, "user"), "--extensions-dir", join(home, "ext")];
  return [kit.entry, ...folders, "--config", join(home, "config.yaml"), ...args];
}

/** Everything that the server leaves behind lands in its home; what an outer editor or npm set is not for it. */
function environmentOf(
  kit: EditorKit,
  { home }: Place,
  env: Readonly<Record<string, string>> = {},
): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(VSCODE_|ELECTRON_|npm_|VITEST)/.test(name) && name !== "NODE_OPTIONS" && name !== "PORT",
  );
  const scratch = join(home, "t");
  return {
    ...Object.fromEntries(kept),
    // Stops look-ups in a marketplace.
    EXTENSIONS_GALLERY: '{"serviceUrl":""}',
    HOME: home,
    TMPDIR: scratch,
    XDG_RUNTIME_DIR: scratch,
    NODE_COMPILE_CACHE: join(kit.folder, "compile-cache"),
    ...env,
  };
}
