// Runs the comparisons with other pools: `npm run bench`. What follows goes to the bench itself.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { CommandFailure, reportFailure } from "./lib/failure.mjs";
import { Interrupted, listenForInterrupts } from "./lib/interrupt.mjs";
import { requireNode } from "./lib/node-version.mjs";
import { mustRun } from "./lib/step.mjs";
import { install, pnpmCommand, quietEnvironment } from "./lib/workspace.mjs";

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
const MAIN = join(ROOT, "tooling", "bench", "dist", "main.js");

const interrupts = listenForInterrupts();
const options = {
  cwd: ROOT,
  env: quietEnvironment(),
  signal: interrupts.signal,
  progress: (/** @type {string} */ line) => console.error(line),
};

/** @returns {Promise<number>} the bench's exit code */
function runBench() {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [MAIN, ...process.argv.slice(2)], { stdio: "inherit" });
    interrupts.signal.addEventListener("abort", () => child.kill("SIGTERM"), { once: true });
    child.once("error", reject);
    child.once("exit", (code) => resolve(code ?? 1));
  });
}

try {
  requireNode(process.versions.node);
  await install(ROOT, options);
  await mustRun(
    "build",
    [...pnpmCommand(ROOT), "exec", "turbo", "run", "build", "--filter=@rockpool/bench..."],
    options,
  );
  if (!existsSync(MAIN)) throw new CommandFailure(`the build left no ${MAIN}`);
  process.exitCode = await runBench();
} catch (error) {
  process.exitCode =
    error instanceof Interrupted
      ? interrupts.exitCode()
      : reportFailure(error, (text) => process.stderr.write(text));
}
