// Installs, builds and starts the whole of Rockpool: `npm start`. Needs Node.js and npm, nothing else.
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { CommandFailure, reportFailure } from "./lib/failure.mjs";
import { Interrupted, listenForInterrupts } from "./lib/interrupt.mjs";
import { requireNode } from "./lib/node-version.mjs";
import { makeScratch, removeScratch } from "./lib/scratch.mjs";
import { parseStartOptions, START_HELP } from "./lib/start-options.mjs";
import { mustRun } from "./lib/step.mjs";
import { install, pnpmCommand, quietEnvironment } from "./lib/workspace.mjs";

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
const LAUNCH = join(ROOT, "apps", "playground", "dist", "launch");
const EXTENSION = join(ROOT, "apps", "vscode");

/** @typedef {ReturnType<typeof parseStartOptions>} StartOptions */

/**
 * @param {StartOptions} options
 * @param {import("./lib/step.mjs").StepOptions} step
 */
async function build({ editor }, step) {
  await install(ROOT, step);
  const filters = ["--filter=@rockpool/playground...", ...(editor ? ["--filter=rockpool..."] : [])];
  await mustRun("build", [...pnpmCommand(ROOT), "exec", "turbo", "run", "build", ...filters], step);
  if (editor)
    await mustRun("package the extension", [...pnpmCommand(ROOT), "run", "package"], {
      ...step,
      cwd: EXTENSION,
    });
}

/**
 * @param {StartOptions} options
 * @param {(line: string) => void} progress
 * @param {AbortSignal} signal
 */
async function launchBuilt(options, progress, signal) {
  // So that a suspected leak names the line that a person has written.
  process.setSourceMapsEnabled(true);
  const { launch } = await import(pathToFileURL(join(LAUNCH, "launch.js")).href);
  const { explainFailure } = await import(pathToFileURL(join(LAUNCH, "explain-failure.js")).href);
  const vsix = options.editor ? join(EXTENSION, "dist", "rockpool.vsix") : null;
  try {
    return await launch({ ...options, vsix }, { result: process.stdout, progress }, signal);
  } catch (error) {
    const words = explainFailure(error);
    throw words === null ? error : new CommandFailure(words);
  }
}

/** @param {ReturnType<typeof listenForInterrupts>} interrupts */
async function start(interrupts) {
  requireNode(process.versions.node);
  const options = parseStartOptions(process.argv.slice(2), process.env);
  if (options.help) return void process.stdout.write(START_HELP);
  const progress = (/** @type {string} */ line) => (options.json ? console.error(line) : console.log(line));
  const scratch = makeScratch();
  const env = { ...quietEnvironment(), TMPDIR: scratch };
  await build(options, { cwd: ROOT, env, signal: interrupts.signal, progress });
  removeScratch(scratch);
  const hasRun = await launchBuilt(options, progress, interrupts.signal);
  // Ctrl-C is how a running playground is meant to end.
  if (!hasRun) process.exitCode = interrupts.exitCode();
}

const interrupts = listenForInterrupts();
try {
  await start(interrupts);
} catch (error) {
  process.exitCode =
    error instanceof Interrupted
      ? interrupts.exitCode()
      : reportFailure(error, (text) => process.stderr.write(text));
}
