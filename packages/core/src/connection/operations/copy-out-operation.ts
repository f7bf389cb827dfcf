import { Buffer } from "node:buffer";
import type { SessionContext } from "../session-context.ts";
import type { MessageWriter } from "../wire/message-writer.ts";
import { readCommandTag } from "./command-tag.ts";
import { type Interruption, Operation } from "./operation.ts";

/** Above this the socket is not read until the reader has caught up. */
const highWaterMark = 256 * 1024;

/** Ends a COPY whose reader has enough; that is no failure. */
export const readerLeft: Error = new Error("the reader of the COPY left");

/** COPY TO STDOUT: keeps what the server sends until it is taken. */
export class CopyOutOperation extends Operation {
  readonly #text: string;
  #rowCount: number | null = null;
  #command: string | null = null;
  #parts: Buffer[] = [];
  #size = 0;
  #isPaused = false;
  #hasBegun = false;
  /** The outcome, once it is there. */
  #outcome: { readonly failure: Interruption | null } | null = null;
  #wake: (() => void) | null = null;

  constructor(context: SessionContext, text: string) {
    super(context, false);
    this.#text = text;
    if (context.observer === null) return;
    this.observe({ kind: "copy", text, isParameterised: false, isPrepared: false, batchSize: 1 });
  }

  get rowCount(): number | null {
    return this.#rowCount;
  }

  override get holdsConnection(): boolean {
    return !this.hasEnded;
  }

  override get awaitsCaller(): boolean {
    return this.#isPaused;
  }

  /** The bytes that have come since the last call; null at the end. */
  async take(): Promise<Uint8Array | null> {
    while (this.#size === 0 || this.interruption !== null) {
      if (this.#outcome?.failure != null) throw this.#outcome.failure.reason;
      if (this.#outcome !== null) return null;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    const bytes = this.#parts.length === 1 ? this.#parts[0] : undefined;
    const all = bytes ?? Buffer.concat(this.#parts, this.#size);
    this.#parts = [];
    this.#size = 0;
    this.#flow();
    return all;
  }

  override write(writer: MessageWriter): void {
    writer.query(this.#text + (this.observation?.comment ?? ""));
  }

  override copyOut(): void {
    this.#hasBegun = true;
  }

  override copyData(buffer: Buffer, start: number, end: number): void {
    if (this.interruption !== null) return;
    this.#parts.push(buffer.subarray(start, end));
    this.#size += end - start;
    this.#wakeReader();
    if (this.#size < highWaterMark || this.#isPaused) return;
    this.#isPaused = true;
    this.context.channel.wire.pause();
  }

  override copyIn(): void {
    const { wire } = this.context.channel;
    this.failure ??= { reason: new TypeError("this statement waits for data: run it with copyFrom()") };
    wire.writer.copyFail("no data");
    wire.scheduleFlush();
  }

  override completed(buffer: Buffer, start: number, end: number): void {
    const tag = readCommandTag(buffer, start, end);
    this.#command = tag.command;
    this.#rowCount = tag.rowCount;
    if (!this.#hasBegun) {
      this.failure ??= {
        reason: new TypeError("copyTo() takes COPY … TO STDOUT; this statement sent no data"),
      };
    }
  }

  override interrupt(interruption: Interruption): boolean {
    super.interrupt(interruption);
    this.#parts = [];
    this.#size = 0;
    this.#flow();
    return false;
  }

  protected override settle(failure: Interruption | null): void {
    this.#flow();
    const isLeft = failure?.reason === readerLeft;
    if (isLeft) this.observed(null, { rowCount: null, command: null });
    else this.observed(failure, { rowCount: this.#rowCount, command: this.#command });
    this.#outcome = { failure };
    this.#wakeReader();
  }

  #flow(): void {
    if (!this.#isPaused) return;
    this.#isPaused = false;
    this.context.channel.wire.resume();
  }

  #wakeReader(): void {
    const wake = this.#wake;
    this.#wake = null;
    wake?.();
  }
}
