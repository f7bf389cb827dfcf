import { constants } from "node:os";

const SIGNALS = /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"]);

/**
 * One abort signal for Ctrl-C and its relatives. The second one ends the process at once.
 *
 * @returns {{ signal: AbortSignal, exitCode(): number }}
 */
export function listenForInterrupts() {
  const controller = new AbortController();
  let exitCode = 0;
  for (const name of SIGNALS) {
    process.on(name, () => {
      if (exitCode !== 0) process.exit(exitCode);
      exitCode = 128 + constants.signals[name];
      controller.abort(new Interrupted(name));
    });
  }
  return { signal: controller.signal, exitCode: () => exitCode };
}

/** What an abort signal carries after Ctrl-C. */
export class Interrupted extends Error {
  /** @param {NodeJS.Signals} name */
  constructor(name) {
    super(`interrupted by ${name}`);
    this.name = "Interrupted";
  }
}
