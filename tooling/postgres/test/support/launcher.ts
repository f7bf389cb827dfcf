import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const packageFolder = fileURLToPath(new URL("../..", import.meta.url));

/** A temporary folder that the server's user can enter and write to as well. */
export function openFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "rockpool-test-"));
  chmodSync(folder, 0o777);
  return folder;
}

/** Bundles the package so that a plain Node process can run it, one folder below the package like its own source. */
export async function bundleLauncher(): Promise<string> {
  const outfile = join(packageFolder, ".test-results", `launcher-${process.pid}.mjs`);
  await build({
    entryPoints: [join(packageFolder, "src/index.ts")],
    outfile,
    bundle: true,
    packages: "external",
    platform: "node",
    format: "esm",
    logLevel: "error",
  });
  return outfile;
}

export interface Script {
  readonly child: ChildProcess;
  /** Resolves with the next line that the script prints. */
  line(): Promise<string>;
  /** Resolves with the exit code and everything printed to the error output. */
  ended: Promise<{ code: number | null; errors: string }>;
}

/** Runs a script in a process of its own; `launcher` in it is the package. */
export function runScript(
  bundle: string,
  body: string,
  options: { uid?: number; gid?: number; env?: Record<string, string> } = {},
): Script {
  const source = `const launcher = await import(${JSON.stringify(bundle)});\n${body}`;
  const { env, ...user } = options;
  const child = spawn(process.execPath, ["--input-type=module", "-e", source], {
    ...user,
    cwd: "/",
    // A group of its own, as a shell gives to a command, so that a Ctrl-C can be sent to all of it.
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...env },
  });
  let errors = "";
  child.stderr.on("data", (chunk) => {
    errors += chunk;
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    child,
    async line() {
      const next = await lines.next();
      if (next.done === true) throw new Error(`the script ended early: ${errors}`);
      return next.value;
    },
    ended: once(child, "close").then(([code]) => ({ code, errors })),
  };
}
