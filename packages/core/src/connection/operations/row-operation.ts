import type { Buffer } from "node:buffer";
import type { Field, QueryOptions, RowMode, TypeParsers } from "../query.ts";
import type { RowDecoder } from "../rows/row-decoder.ts";
import type { RowShape } from "../rows/row-shape.ts";
import type { SessionContext } from "../session-context.ts";
import { readCommandTag } from "./command-tag.ts";
import { Operation } from "./operation.ts";

const noFields: readonly Field[] = Object.freeze([]);

/** An operation that gathers rows. */
export abstract class RowOperation<R> extends Operation {
  protected shape: RowShape | null = null;
  protected rows: R[] = [];
  protected command = "";
  protected rowCount: number | null = null;
  readonly #mode: RowMode;
  readonly #types: TypeParsers | null;
  #decoder: RowDecoder<R> | null = null;

  constructor(context: SessionContext, isShared: boolean, options: QueryOptions | undefined) {
    super(context, isShared);
    this.#mode = options?.rowMode ?? "object";
    this.#types = options?.types ?? null;
  }

  get fields(): readonly Field[] {
    return this.shape?.fields ?? noFields;
  }

  /** Null where the server has not told, or there was no command. */
  protected get commandOrNull(): string | null {
    return this.command === "" ? null : this.command;
  }

  override row(buffer: Buffer, start: number): void {
    // The caller's own parsers may throw; the rest of the answer must still be read.
    if (this.failure !== null || this.shape === null) return;
    try {
      this.#decoder ??= this.shape.decoder<R>(this.#mode, this.#types);
      this.rows.push(this.#decoder.decode(buffer, start));
    } catch (error) {
      this.failure = { reason: error };
    }
  }

  override described(buffer: Buffer, start: number, end: number): void {
    this.shape = this.context.shapes.find(buffer, start, end);
    this.#decoder = null;
  }

  override completed(buffer: Buffer, start: number, end: number): void {
    const tag = readCommandTag(buffer, start, end);
    this.command = tag.command;
    this.rowCount = tag.rowCount;
  }

  override copyOut(): void {
    this.failure ??= { reason: new TypeError("this statement sends data: run it with copyTo()") };
  }

  /** Ends the data that the server now waits for. */
  protected refuseCopy(isExtended: boolean): void {
    const { wire } = this.context.channel;
    this.failure ??= { reason: new TypeError("this statement waits for data: run it with copyFrom()") };
    wire.writer.copyFail("no data");
    // In a COPY the server skips the Sync that is behind the Execute.
    if (isExtended) wire.writer.sync();
    wire.scheduleFlush();
  }
}
