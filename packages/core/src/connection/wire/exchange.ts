import type { Buffer } from "node:buffer";
import type { ServerError } from "../server-error.ts";
import type { MessageWriter } from "./message-writer.ts";

/**
 * One conversation with the server, from its first message to the ReadyForQuery that ends it.
 *
 * The wire calls exactly one of `ready` and `lost`, once, as the last call.
 */
export abstract class Exchange {
  /** Writes the first messages. */
  abstract write(writer: MessageWriter): void;

  /** A DataRow; its cells begin at `start`, behind the count. */
  row(_buffer: Buffer, _start: number): void {}
  parsed(): void {}
  described(_buffer: Buffer, _start: number, _end: number): void {}
  /** The statement gives no rows. */
  describedEmpty(): void {}
  /** A ParameterDescription; the type OIDs begin at `start`, behind the count. */
  parametersDescribed(_buffer: Buffer, _start: number, _count: number): void {}
  /** A CommandComplete; the tag lies between `start` and `end`. */
  completed(_buffer: Buffer, _start: number, _end: number): void {}
  /** The text held no statement. */
  empty(): void {}
  /** The row limit of an Execute was reached. */
  suspended(): void {}
  /** The server waits for the data of a COPY. */
  copyIn(): void {}
  /** The server begins to send the data of a COPY. */
  copyOut(): void {}
  /** A piece of a COPY; the bytes are the exchange's only until it returns. */
  copyData(_buffer: Buffer, _start: number, _end: number): void {}
  failed(_error: ServerError): void {}

  abstract ready(): void;
  /** The session is lost; `wasSent` is false where no byte of this exchange left the process. */
  abstract lost(cause: Error, wasSent: boolean): void;
}
