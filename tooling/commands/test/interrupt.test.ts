import { spawn } from "node:child_process";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import { runStart } from "./run-start.ts";

const LIMIT_MILLIS = 120_000;
const flags = ["--no-editor", "--rate", "100"];

/** Moments of a start by what it has said last, and the exit code of an end there. */
const MOMENTS: readonly (readonly [string, RegExp, number])[] = [
  ["the install", /› install the workspace/, 130],
  ["the build", /› build/, 130],
  ["the making of the data directory", /making a PostgreSQL/, 130],
  ["the start of the server", /starting PostgreSQL/, 130],
  ["the filling of the database", /filling the sample/, 130],
  ["the run", /live pool/, 0],
];

test.each(MOMENTS)(
  "Ctrl-C during %s leaves no process and no file",
  { timeout: LIMIT_MILLIS },
  async (_name, when, code) => {
    const run = await runStart(flags, {}, undefined, { signal: "SIGINT", when });
    expect(run.left).toEqual([]);
    expect(run).toMatchObject({ exitCode: code, signal: null });
  },
);

test("a terminated start ends as one that was interrupted", { timeout: LIMIT_MILLIS }, async () => {
  const run = await runStart(flags, {}, undefined, { signal: "SIGTERM", when: /making a PostgreSQL/ });
  expect(run.left).toEqual([]);
  expect(run.exitCode).toBe(143);
});

test("a start whose npm is terminated ends too, although no signal reaches it", {
  timeout: LIMIT_MILLIS,
}, async () => {
  const interruption = { signal: "SIGTERM", when: /live pool/, isBelowNpm: true } as const;
  const run = await runStart(flags, {}, undefined, interruption);
  expect(run.left).toEqual([]);
});

test("a terminal that closes is heard once, although the shell below npm dies of it at once", async () => {
  const module = pathToFileURL(join(import.meta.dirname, "..", "lib", "interrupt.mjs")).href;
  const program = `const { listenForInterrupts } = await import("${module}");
    const { signal } = listenForInterrupts();
    const parent = process.ppid;
    const alive = setInterval(() => {}, 1_000);
    signal.addEventListener("abort", () => {
      const look = setInterval(() => {
        if (process.ppid === parent) return;
        clearInterval(look);
        // As long as it takes to notice that the parent is gone.
        setTimeout(() => { console.log("ended in order"); clearInterval(alive); }, 600);
      }, 20);
    });
    console.log("ready");`;
  const shell = `"${process.execPath}" --input-type=module --eval '${program}'; true`;
  const child = spawn("sh", ["-c", shell], {
    env: { ...process.env, npm_lifecycle_event: "start" },
    stdio: ["ignore", "pipe", "inherit"],
    detached: true,
  });
  child.stdout.once("data", () => child.pid !== undefined && process.kill(-child.pid, "SIGHUP"));
  expect(await text(child.stdout)).toBe("ready\nended in order\n");
});
