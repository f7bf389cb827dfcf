import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { CommandFailure } from "../lib/failure.mjs";
import { mustRun, runStep } from "../lib/step.mjs";

let folder = "";
let abort = new AbortController();
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "rockpool-step-"));
  abort = new AbortController();
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const options = () => ({ cwd: folder, signal: abort.signal, progress: () => {} });
const node = (source: string): string[] => [process.execPath, "-e", source];

/** A child that starts a grandchild, and both would run for ever. */
const FAMILY = `
  const { spawn } = require("node:child_process");
  const grandchild = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "ignore" });
  require("node:fs").writeFileSync("pids", process.pid + " " + grandchild.pid);
  setInterval(() => {}, 1000);
`;

function isRunning(pid: number): boolean {
  try {
    // A process that ended but whose parent has not asked for its exit code is a zombie: it is not running.
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}

test("a step gives its program's exit code and everything it wrote", async () => {
  const result = await runStep(
    "write",
    node('console.log("out"); console.error("err"); process.exit(3)'),
    options(),
  );
  expect(result.code).toBe(3);
  expect(result.output).toContain("out");
  expect(result.output).toContain("err");
});

test("a program that fails ends the command with its output and its exit code in words", async () => {
  const failure = await mustRun("build", node('console.error("TS2322"); process.exit(2)'), options()).catch(
    (e) => e,
  );
  expect(failure).toBeInstanceOf(CommandFailure);
  expect(failure.message).toMatch(/^build: exit code 2/);
  expect(failure.output).toContain("TS2322");
});

test("a full disk is named as the reason", async () => {
  const failing = mustRun(
    "install",
    node('console.error("ENOSPC: no space left on device"); process.exit(1)'),
    options(),
  );
  await expect(failing).rejects.toThrow("The disk is full");
});

test("a program that does not exist is a failure with its name", async () => {
  await expect(runStep("odd", ["rockpool-no-such-program"], options())).rejects.toThrow(
    "rockpool-no-such-program",
  );
});

test.runIf(process.platform === "linux")(
  "an interrupted step leaves neither child nor grandchild",
  async () => {
    const running = runStep("family", node(FAMILY), options());
    const pids = await vi.waitFor(
      () => readFileSync(join(folder, "pids"), "utf8").split(" ").map(Number),
      10_000,
    );
    expect(pids.map(isRunning)).toEqual([true, true]);
    abort.abort(new Error("Ctrl-C"));
    await expect(running).rejects.toThrow("Ctrl-C");
    await vi.waitFor(() => expect(pids.map(isRunning)).toEqual([false, false]), 10_000);
  },
);

test("a step that takes too long is ended and says so", async () => {
  const result = await runStep("hang", node("setInterval(() => {}, 1000)"), {
    ...options(),
    timeoutMillis: 200,
  });
  expect(result.timedOut).toBe(true);
  expect(result.code).not.toBe(0);
});
