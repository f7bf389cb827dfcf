import { CommandFailure, lastLines } from "./failure.mjs";
import { killGroup, spawnGroup } from "./process-group.mjs";

const HEARTBEAT_MILLIS = 20_000;
const KILL_AFTER_MILLIS = 5_000;

/**
 * @typedef {object} StepOptions
 * @property {string} cwd
 * @property {(line: string) => void} progress
 * @property {AbortSignal} signal - ends the step and everything that it started
 * @property {NodeJS.ProcessEnv} [env]
 * @property {number} [timeoutMillis] - no limit where absent
 *
 * @typedef {{ code: number, output: string, seconds: number, timedOut: boolean }} StepResult
 */

/**
 * Runs a program to its end and keeps its output for the case that it fails.
 *
 * @param {string} name - what the user reads
 * @param {readonly string[]} commandLine
 * @param {StepOptions} options
 * @returns {Promise<StepResult>}
 */
export async function runStep(name, commandLine, options) {
  options.signal.throwIfAborted();
  const [command = "", ...args] = commandLine;
  const started = performance.now();
  const seconds = () => (performance.now() - started) / 1000;
  const heartbeat = setInterval(
    () => options.progress(`  … ${name}, ${Math.round(seconds())} s`),
    HEARTBEAT_MILLIS,
  );
  try {
    const ended = await runToEnd(command, args, options);
    options.signal.throwIfAborted();
    return { ...ended, seconds: seconds() };
  } finally {
    clearInterval(heartbeat);
  }
}

/**
 * As `runStep`, and a failure where the program fails.
 *
 * @param {string} name
 * @param {readonly string[]} commandLine
 * @param {StepOptions} options
 */
export async function mustRun(name, commandLine, options) {
  options.progress(`› ${name}`);
  const result = await runStep(name, commandLine, options);
  if (result.code !== 0) {
    throw new CommandFailure(`${name}: exit code ${result.code} (${commandLine.join(" ")})`, {
      output: lastLines(result.output, 120),
      ...(/ENOSPC|No space left on device/.test(result.output) && {
        remedy: "The disk is full: free some space.",
      }),
    });
  }
  options.progress(`✓ ${name} (${result.seconds.toFixed(1)} s)`);
  return result;
}

/**
 * @param {string} command
 * @param {readonly string[]} args
 * @param {StepOptions} options
 * @returns {Promise<{ code: number, output: string, timedOut: boolean }>}
 */
function runToEnd(command, args, { cwd, env = process.env, signal, timeoutMillis }) {
  return new Promise((resolve, reject) => {
    const child = spawnGroup(command, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    let timedOut = false;
    const collect = (/** @type {Buffer} */ chunk) => {
      output = (output + chunk.toString("utf8")).slice(-400_000);
    };
    child.stdout?.on("data", collect);
    child.stderr?.on("data", collect);
    const end = () => {
      if (child.pid === undefined) return;
      const { pid } = child;
      killGroup(pid, "SIGTERM");
      setTimeout(() => killGroup(pid, "SIGKILL"), KILL_AFTER_MILLIS).unref();
    };
    const expire = () => {
      timedOut = true;
      end();
    };
    const timer = timeoutMillis === undefined ? undefined : setTimeout(expire, timeoutMillis);
    signal.addEventListener("abort", end, { once: true });
    const settle = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
    };
    child.once("error", (error) => {
      settle();
      reject(new CommandFailure(`${command} cannot be started: ${error.message}`));
    });
    child.once("close", (code) => {
      settle();
      resolve({ code: code ?? 1, output, timedOut });
    });
  });
}
