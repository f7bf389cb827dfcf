import type { Buffer } from "node:buffer";
import pg from "pg";
import type { Notice, Notification } from "../notice.ts";
import type { Field } from "../query.ts";
import type { ServerError } from "../server-error.ts";

/** An error of the server, as the driver makes it, and whether the session ends with it. */
export interface ErrorResponse {
  readonly error: ServerError;
  /** FATAL or PANIC: no answer follows. */
  readonly isFatal: boolean;
}

/** Reads an ErrorResponse into the driver's own error class. */
export function readServerError(buffer: Buffer, start: number, end: number): ErrorResponse {
  const fields = readFields(buffer, start, end);
  // The driver counts the length without the message's code.
  const error = new pg.DatabaseError(fields.get("M") ?? "", end - start + 4, "error");
  error.severity = fields.get("S");
  error.code = fields.get("C");
  error.detail = fields.get("D");
  error.hint = fields.get("H");
  error.position = fields.get("P");
  error.internalPosition = fields.get("p");
  error.internalQuery = fields.get("q");
  error.where = fields.get("W");
  error.schema = fields.get("s");
  error.table = fields.get("t");
  error.column = fields.get("c");
  error.dataType = fields.get("d");
  error.constraint = fields.get("n");
  error.file = fields.get("F");
  error.line = fields.get("L");
  error.routine = fields.get("R");
  // V is S without translation; a server before 9.6, or a pooler, may not send it.
  const severity = fields.get("V") ?? fields.get("S");
  return { error, isFatal: severity === "FATAL" || severity === "PANIC" };
}

/** Reads a NoticeResponse. */
export function readNotice(buffer: Buffer, start: number, end: number): Notice {
  const fields = readFields(buffer, start, end);
  return {
    severity: fields.get("V") ?? fields.get("S") ?? "NOTICE",
    code: fields.get("C") ?? "00000",
    message: fields.get("M") ?? "",
    detail: fields.get("D") ?? null,
    hint: fields.get("H") ?? null,
    where: fields.get("W") ?? null,
    schema: fields.get("s") ?? null,
    table: fields.get("t") ?? null,
    column: fields.get("c") ?? null,
    constraint: fields.get("n") ?? null,
  };
}

/** Reads a NotificationResponse. */
export function readNotification(buffer: Buffer, start: number): Notification {
  const channelEnd = buffer.indexOf(0, start + 4);
  const payloadEnd = buffer.indexOf(0, channelEnd + 1);
  return {
    processId: buffer.readInt32BE(start),
    channel: buffer.toString("utf8", start + 4, channelEnd),
    payload: buffer.toString("utf8", channelEnd + 1, payloadEnd),
  };
}

/** Encodings in which the bytes of a text in UTF-8 arrive as they are. */
const harmlessEncodings: readonly string[] = ["UTF8", "SQL_ASCII"];

/** Reads off a ParameterStatus that text would be misread from here on, and stored as other text; null where it would not. */
export function readForeignEncoding(buffer: Buffer, start: number): string | null {
  const nameEnd = buffer.indexOf(0, start);
  if (buffer.toString("latin1", start, nameEnd) !== "client_encoding") return null;
  const encoding = buffer.toString("latin1", nameEnd + 1, buffer.indexOf(0, nameEnd + 1));
  return harmlessEncodings.includes(encoding) ? null : encoding;
}

/** Reads a RowDescription. */
export function readRowDescription(buffer: Buffer, start: number): readonly Field[] {
  const fields: Field[] = [];
  let at = start + 2;
  for (let left = buffer.readInt16BE(start); left > 0; left--) {
    const nameEnd = buffer.indexOf(0, at);
    const name = buffer.toString("utf8", at, nameEnd);
    at = nameEnd + 1;
    fields.push({
      name,
      tableId: buffer.readUInt32BE(at),
      columnId: buffer.readInt16BE(at + 4),
      dataTypeId: buffer.readUInt32BE(at + 6),
      dataTypeSize: buffer.readInt16BE(at + 10),
      dataTypeModifier: buffer.readInt32BE(at + 12),
    });
    at += 18;
  }
  return fields;
}

/** The fields of an error or a notice, by their code. */
function readFields(buffer: Buffer, start: number, end: number): Map<string, string> {
  const fields = new Map<string, string>();
  let at = start;
  while (at < end && buffer[at] !== 0) {
    const valueEnd = buffer.indexOf(0, at + 1);
    fields.set(buffer.toString("latin1", at, at + 1), buffer.toString("utf8", at + 1, valueEnd));
    at = valueEnd + 1;
  }
  return fields;
}
