/** A failure that the user can act on: printed without a stack. */
export class CommandFailure extends Error {
  /**
   * @param {string} fact
   * @param {{ remedy?: string, exitCode?: number, output?: string }} [details]
   */
  constructor(fact, { remedy, exitCode = 1, output = "" } = {}) {
    super(remedy === undefined ? fact : `${fact}\n${remedy}`);
    this.name = "CommandFailure";
    this.exitCode = exitCode;
    this.output = output;
  }
}

/**
 * What a user reads of a failure.
 *
 * @param {unknown} failure
 * @returns {string}
 */
export function describeFailure(failure) {
  if (!(failure instanceof CommandFailure)) {
    return failure instanceof Error ? (failure.stack ?? failure.message) : String(failure);
  }
  const output = failure.output === "" ? "" : `${lastLines(failure.output, 120)}\n`;
  return `${output}error: ${failure.message}`;
}

/**
 * Prints a failure and gives the exit code that belongs to it.
 *
 * @param {unknown} failure
 * @param {(text: string) => void} write
 * @returns {number}
 */
export function reportFailure(failure, write) {
  write(`${describeFailure(failure)}\n`);
  return failure instanceof CommandFailure ? failure.exitCode : 1;
}

/**
 * @param {string} text
 * @param {number} count
 */
export function lastLines(text, count) {
  return text.trimEnd().split("\n").slice(-count).join("\n");
}
