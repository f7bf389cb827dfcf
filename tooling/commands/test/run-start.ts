import { spawn, spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

type StdioPipe = ["ignore", "pipe", "pipe"];

const ROOT = join(import.meta.dirname, "..", "..", "..");
const START = join(import.meta.dirname, "..", "start.mjs");

/** What became of one `npm start`. */
export interface Run {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  /** The files and processes that it has left behind. */
  readonly left: readonly string[];
}

/** How a run is started; npm puts itself and a shell in between. */
const BY_NODE = [process.execPath, START];
const BY_NPM = ["npm", "start", "--"];

export interface Interruption {
  /** Whether the command runs below npm, which then gets the signal. */
  readonly isBelowNpm?: boolean;
  readonly signal: NodeJS.Signals;
  /** Interrupts as soon as the output so far matches. */
  readonly when: RegExp;
}

/** Runs the command with a temporary folder of its own, so that whatever it leaves can be told from others' files. */
export async function runStart(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
  temporaryFolder?: string,
  interruption?: Interruption,
): Promise<Run> {
  const folder = temporaryFolder ?? mkdtempSync(join(tmpdir(), "rps-"));
  // A server that root starts runs as another user, who must be able to enter.
  chmodSync(folder, 0o777);
  const mark = `ROCKPOOL_TEST_RUN=${folder}`;
  const env = { ...process.env, ROCKPOOL_TEST_RUN: folder, TMPDIR: folder, CI: "true", ...environment };
  const [program = "", ...first] = interruption?.isBelowNpm === true ? BY_NPM : BY_NODE;
  const stdio: StdioPipe = ["ignore", "pipe", "pipe"];
  const child = spawn(program, [...first, ...args], { cwd: ROOT, env, stdio, detached: true });
  const output = { stdout: "", stderr: "" };
  const collect = (name: "stdout" | "stderr") => (chunk: Buffer) => {
    output[name] += chunk.toString("utf8");
    if (interruption?.when.test(output.stdout + output.stderr) !== true || child.pid === undefined) return;
    child.stdout.removeAllListeners("data").resume();
    child.stderr.removeAllListeners("data").resume();
    process.kill(child.pid, interruption.signal);
  };
  child.stdout.on("data", collect("stdout"));
  child.stderr.on("data", collect("stderr"));
  const [exitCode, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, by) => resolve([code, by]));
  });
  const left = await leftovers(folder, mark);
  if (temporaryFolder === undefined) rmSync(folder, { recursive: true, force: true });
  return { exitCode, signal, ...output, left };
}

/** A watchdog may need a moment after its parent: what stays is what is left. */
async function leftovers(folder: string, mark: string): Promise<string[]> {
  for (let attempt = 1; ; attempt += 1) {
    const left = [...readdirSync(folder), ...processesWith(mark)];
    if (left.length === 0 || attempt === 400) return left;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** The command lines of the processes that have the variable in their environment. */
function processesWith(mark: string): string[] {
  if (process.platform !== "linux") return [];
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const isOurs = readFileSync(`/proc/${pid}/environ`, "utf8").includes(mark);
        const command = readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ").trim();
        return isOurs && command !== "" ? [`${pid}: ${command}`] : [];
      } catch {
        return [];
      }
    });
}

/** A small disk of its own, where this user may make one; null elsewhere. */
export async function freshTemporaryFolder({
  sizeMegabytes,
}: {
  sizeMegabytes: number;
}): Promise<(AsyncDisposable & { readonly folder: string }) | null> {
  const folder = mkdtempSync(join(tmpdir(), "rpd-"));
  const { status } = spawnSync("mount", [
    "-t",
    "tmpfs",
    "-o",
    `size=${sizeMegabytes}m,mode=1777`,
    "tmpfs",
    folder,
  ]);
  if (status !== 0) {
    rmSync(folder, { recursive: true });
    return null;
  }
  return {
    folder,
    [Symbol.asyncDispose]: async () => {
      spawnSync("umount", ["-l", folder]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
