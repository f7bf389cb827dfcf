// Installs, builds, lints, typechecks and runs every test: `npm test`. Needs Node.js and npm, nothing else.
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describeFailure, lastLines } from "./lib/failure.mjs";
import { Interrupted, listenForInterrupts } from "./lib/interrupt.mjs";
import { requireNode } from "./lib/node-version.mjs";
import { makeScratch } from "./lib/scratch.mjs";
import { runStep } from "./lib/step.mjs";
import { ensureSystemPackages } from "./lib/system-packages.mjs";
import { addFailure, addTally, closingLine, deleteReports, emptyTally, tallyOf } from "./lib/test-report.mjs";
import { install, pnpmCommand, quietEnvironment, workspacePackages } from "./lib/workspace.mjs";

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
const PACKAGE_LIMIT_MILLIS = 1_200_000;

const interrupts = listenForInterrupts();
const tally = emptyTally();
const options = {
  cwd: ROOT,
  env: { ...quietEnvironment(), TMPDIR: makeScratch() },
  signal: interrupts.signal,
  progress: (/** @type {string} */ line) => console.log(line),
};

/**
 * A check that is no test: its failure counts as one.
 *
 * @param {string} name
 * @param {readonly string[]} commandLine
 * @returns {Promise<boolean>} whether it passed
 */
async function check(name, commandLine) {
  options.progress(`› ${name}`);
  const result = await runStep(name, commandLine, options);
  const passed = result.code === 0;
  options.progress(`${passed ? "✓" : "✗"} ${name} (${result.seconds.toFixed(1)} s)`);
  if (!passed) addFailure(tally, `${name}: exit code ${result.code}\n${lastLines(result.output, 80)}`);
  return passed;
}

async function checkSystem() {
  const { chromium } = await ensureSystemPackages(options);
  if (chromium) return;
  const line =
    "no Chromium here, so the editor's tests cannot run: install chromium-headless-shell or set CHROMIUM_PATH";
  if (process.env.CI) addFailure(tally, line);
  else options.progress(`! ${line}`);
}

/** @param {import("./lib/workspace.mjs").WorkspacePackage} subject */
async function testPackage(subject) {
  options.progress(`› test ${subject.name}`);
  deleteReports(subject.folder);
  const run = await runStep(`test ${subject.name}`, [...pnpmCommand(ROOT), "run", "test"], {
    ...options,
    env: quietEnvironment(),
    cwd: subject.folder,
    timeoutMillis: PACKAGE_LIMIT_MILLIS,
  });
  const part = tallyOf(subject, run);
  addTally(tally, part);
  options.progress(
    `${part.failed === 0 ? "✓" : "✗"} test ${subject.name}: ${closingLine(part)} (${run.seconds.toFixed(1)} s)`,
  );
}

async function runEverything() {
  requireNode(process.versions.node);
  await install(ROOT, options);
  await checkSystem();
  const pnpm = pnpmCommand(ROOT);
  const isBuilt = await check("build", [...pnpm, "exec", "turbo", "run", "build"]);
  await check("lint", [...pnpm, "run", "lint"]);
  if (!isBuilt) return;
  await check("typecheck", [...pnpm, "exec", "turbo", "run", "typecheck"]);
  for (const subject of workspacePackages(ROOT)) {
    if (subject.scripts.test !== undefined) await testPackage(subject);
  }
  if (tally.passed + tally.failed === 0) addFailure(tally, "no test ran");
}

try {
  await runEverything();
} catch (error) {
  if (error instanceof Interrupted) process.exit(interrupts.exitCode());
  addFailure(tally, describeFailure(error));
}
for (const failure of tally.failures) console.log(`\n✗ ${failure}`);
console.log(`\n${closingLine(tally)}`);
process.exitCode = tally.failed === 0 ? 0 : 1;
