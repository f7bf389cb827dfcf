import type { Buffer } from "node:buffer";
import type { SessionContext } from "../session-context.ts";
import type { MessageWriter } from "../wire/message-writer.ts";

/** Null until the transaction writes; the cast is for drivers and people, to whom a 64-bit integer is text. */
const transactionIdQuery = "select pg_catalog.pg_current_xact_id_if_assigned()::pg_catalog.text";

/**
 * Asks which id the current transaction has, within an exchange; it is answered by one row and a completion.
 *
 * Kept prepared where statements are: to parse and plan it costs the server more than to run it. Returns a function to
 * call when the exchange has ended, with whether the question was answered.
 */
export function writeTransactionIdQuery(
  writer: MessageWriter,
  context: SessionContext,
): (wasAnswered: boolean) => void {
  const { statements, pooler } = context;
  if (!statements.isEnabled || pooler !== "none") {
    writer.parse("", transactionIdQuery);
    writer.bind("", "", []);
    writer.execute("", 0);
    return () => {};
  }
  const statement = statements.find(transactionIdQuery);
  statement.runs += 1;
  if (!statement.isSent) writer.parse(statement.name, transactionIdQuery);
  statement.isSent = true;
  writer.bind("", statement.name, []);
  writer.execute("", 0);
  return (wasAnswered) => {
    statement.runs -= 1;
    if (wasAnswered) statement.isParsed = true;
    else if (!statement.isParsed) statements.remove(statement);
  };
}

/** Reads that row, whose only cell begins at `start`. */
export function readTransactionId(buffer: Buffer, start: number): string | null {
  const length = buffer.readInt32BE(start);
  return length < 0 ? null : buffer.toString("latin1", start + 4, start + 4 + length);
}
