import type { Readable } from "node:stream";

/**
 * Splits a stream of text into lines. A line longer than `maxLength` comes as null, so that a file that is something else cannot
 * fill the memory.
 *
 * @throws {Error} The stream's own error.
 */
export async function* linesOf(input: Readable, maxLength: number): AsyncGenerator<string | null> {
  let pending = "";
  let isTooLong = false;
  for await (const chunk of input.setEncoding("utf8")) {
    const [first = "", ...others] = String(chunk).split("\n");
    pending += first;
    isTooLong ||= pending.length > maxLength;
    if (isTooLong) pending = "";
    for (const next of others) {
      yield isTooLong ? null : pending;
      pending = next;
      isTooLong = false;
    }
  }
  if (isTooLong || pending !== "") yield isTooLong ? null : pending;
}
