import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { afterAll, beforeAll, expect, test, vi } from "vitest";

let folder = "";
let program = "";

/** A program that starts an editor, says where it is and waits. */
const SOURCE = `
import { startEditor } from ${JSON.stringify(join(import.meta.dirname, "..", "src", "index.ts"))};
const server = await startEditor();
console.log(JSON.stringify({ home: server.home, origin: server.origin }));
if (process.argv[2] === "stop") await server.stop();
else setInterval(() => {}, 1000);
`;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "rockpool-end-"));
  writeFileSync(join(folder, "main.ts"), SOURCE);
  // Beside the sources, since it finds the kit from its own place.
  program = join(import.meta.dirname, "..", "dist", `end-test-${process.pid}.mjs`);
  await build({
    entryPoints: [join(folder, "main.ts")],
    outfile: program,
    bundle: true,
    platform: "node",
    format: "esm",
    packages: "external",
  });
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
  rmSync(program, { force: true });
});

interface Started {
  readonly child: ChildProcess;
  readonly home: string;
}

function start(...args: string[]): Promise<Started> {
  const child = spawn(process.execPath, [program, ...args], { stdio: ["ignore", "pipe", "inherit"] });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.stdout.once("data", (line: Buffer) =>
      resolve({ child, home: JSON.parse(line.toString("utf8")).home }),
    );
  });
}

/** Whether any process has the folder on its command line. */
function isUsed(home: string): boolean {
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return pids.some((pid) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(home);
    } catch {
      return false;
    }
  });
}

async function expectNothingLeft(home: string): Promise<void> {
  await vi.waitFor(() => {
    expect(isUsed(home)).toBe(false);
    expect(existsSync(home)).toBe(false);
  }, 20_000);
}

const onLinux = test.runIf(process.platform === "linux");

onLinux("a stopped editor leaves no process and no folder", { timeout: 300_000 }, async () => {
  const { child, home } = await start("stop");
  await new Promise((resolve) => child.once("exit", resolve));
  expect(child.exitCode).toBe(0);
  await expectNothingLeft(home);
});

onLinux.each(["SIGINT", "SIGTERM", "SIGKILL"] as const)(
  "an editor whose parent ends by %s leaves no process and no folder",
  { timeout: 300_000 },
  async (signal) => {
    const { child, home } = await start();
    expect(isUsed(home)).toBe(true);
    child.kill(signal);
    await expectNothingLeft(home);
  },
);
