import type { Buffer } from "node:buffer";

/** The tag of a completed command, such as `INSERT 0 3`, without its counts, and the count that matters. */
export interface CommandTag {
  readonly command: string;
  /** Rows returned or affected; null where the command has no count. */
  readonly rowCount: number | null;
}

const zero = 0x30;
const nine = 0x39;
const space = 0x20;

/** Reads the tag that lies between `start` and `end`. */
export function readCommandTag(buffer: Buffer, start: number, end: number): CommandTag {
  let at = end - 1;
  let count = 0;
  for (let digit = 1; at > start && isDigit(buffer[at]); at--, digit *= 10) {
    count += ((buffer[at] ?? zero) - zero) * digit;
  }
  if (at === end - 1 || buffer[at] !== space)
    return { command: commandOf(buffer, start, end), rowCount: null };
  // INSERT has an OID, always 0, before its count.
  const wordEnd = buffer[at - 1] === zero && buffer[at - 2] === space ? at - 2 : at;
  return { command: commandOf(buffer, start, wordEnd), rowCount: count };
}

function commandOf(buffer: Buffer, start: number, end: number): string {
  // Most tags are this one; the server has no other of its length that begins with S and ends with T.
  if (end - start === 6 && buffer[start] === 0x53 && buffer[end - 1] === 0x54) return "SELECT";
  return buffer.toString("latin1", start, end);
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= zero && byte <= nine;
}
