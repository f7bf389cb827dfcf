import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { build } from "esbuild";

const ROOT = resolve(import.meta.dirname, "../..");

/** Where dependencies of the built programs resolve: those of this package, or those of the other SDK line. */
const HOME = process.env.ROCKPOOL_SDK_HOME ?? ROOT;

/** Builds an entry of the package or a test's program to a file that plain Node can run. */
export async function buildProgram(entry: string, format: "esm" | "cjs" = "esm"): Promise<string> {
  const folder = join(HOME, "node_modules", ".rockpool-test");
  await mkdir(folder, { recursive: true });
  const extension = format === "esm" ? "mjs" : "cjs";
  const outfile = join(folder, `${process.pid}-${entry.replaceAll(/\W/g, "-")}.${extension}`);
  await build({
    entryPoints: [join(ROOT, entry)],
    outfile,
    bundle: true,
    platform: "node",
    target: "node20",
    format,
    packages: "external",
    logLevel: "error",
  });
  return outfile;
}

/** A program that runs. */
export interface RunningProgram {
  readonly child: ChildProcess;
  /** Resolves when the text has been printed. */
  printed(text: string): Promise<void>;
  /** Resolves when the process has ended. */
  ended(): Promise<ProgramEnd>;
}

/** How a program ended. */
export interface ProgramEnd {
  readonly code: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program with exactly these `OTEL_*` variables. */
export function runProgram(
  args: string[],
  variables: Record<string, string>,
  input: string | Buffer = "",
): RunningProgram {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith("OTEL_"));
  const child = spawn(process.execPath, args, {
    env: { ...Object.fromEntries(inherited), ...variables },
    stdio: ["pipe", "pipe", "pipe"],
  });
  child.stdin.end(input);
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  const closed = once(child, "close");
  return {
    child,
    printed: async (text) => {
      while (!stdout.includes(text) && child.exitCode === null)
        await Promise.race([once(child.stdout, "data"), closed]);
      if (!stdout.includes(text)) throw new Error(`the program ended before it printed ${text}: ${stderr}`);
    },
    ended: async () => {
      await closed;
      return { code: child.exitCode, signal: child.signalCode, stdout, stderr };
    },
  };
}
