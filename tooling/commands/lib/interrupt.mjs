import { constants } from "node:os";

const SIGNALS = /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"]);

const PARENT_POLL_MILLIS = 250;

/**
 * One abort signal for Ctrl-C and its relatives. The second one ends the process at once.
 *
 * @returns {{ signal: AbortSignal, exitCode(): number }}
 */
export function listenForInterrupts() {
  const controller = new AbortController();
  let exitCode = 0;
  const interrupt = (/** @type {(typeof SIGNALS)[number]} */ name) => {
    if (exitCode !== 0) process.exit(exitCode);
    exitCode = 128 + constants.signals[name];
    controller.abort(new Interrupted(name));
  };
  for (const name of SIGNALS) process.on(name, interrupt);
  if (process.env.npm_lifecycle_event !== undefined) {
    // A parent that heard the same signal is no second one.
    watchParent(() => exitCode === 0 && interrupt("SIGHUP"));
  }
  return { signal: controller.signal, exitCode: () => exitCode };
}

/**
 * npm passes a signal on to the shell between it and us, which dies of it without a word.
 *
 * @param {() => void} onGone
 */
function watchParent(onGone) {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    onGone();
  }, PARENT_POLL_MILLIS).unref();
}

/** What an abort signal carries after Ctrl-C. */
export class Interrupted extends Error {
  /** @param {NodeJS.Signals} name */
  constructor(name) {
    super(`interrupted by ${name}`);
    this.name = "Interrupted";
  }
}
