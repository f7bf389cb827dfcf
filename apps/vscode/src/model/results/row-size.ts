import type { Cell } from "../../../shared/protocol/results.ts";

/** What a value costs beyond its text: a pointer, and the head of a string. */
const BYTES_OF_CELL = 24;

/** About how much memory a row takes, in bytes. */
export function sizeOfRow(row: readonly Cell[]): number {
  let size = 0;
  for (const cell of row) size += BYTES_OF_CELL + (cell === null ? 0 : Buffer.byteLength(cell));
  return size;
}
