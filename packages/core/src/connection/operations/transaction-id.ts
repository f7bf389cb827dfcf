import type { Buffer } from "node:buffer";
import type { MessageWriter } from "../wire/message-writer.ts";

/** Null until the transaction writes; the cast is for drivers and people, to whom a 64-bit integer is text. */
const transactionIdQuery = "select pg_catalog.pg_current_xact_id_if_assigned()::pg_catalog.text";

/** Asks which id the current transaction has, within an exchange; it is answered by one row and a completion. */
export function writeTransactionIdQuery(writer: MessageWriter): void {
  writer.parse("", transactionIdQuery);
  writer.bind("", "", []);
  writer.execute("", 0);
}

/** Reads that row, whose only cell begins at `start`. */
export function readTransactionId(buffer: Buffer, start: number): string | null {
  const length = buffer.readInt32BE(start);
  return length < 0 ? null : buffer.toString("latin1", start + 4, start + 4 + length);
}
