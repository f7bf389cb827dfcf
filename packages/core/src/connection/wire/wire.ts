import type { Buffer } from "node:buffer";
import type { Duplex } from "node:stream";
import type { Notice, Notification } from "../notice.ts";
import type { TransactionStatus } from "../session-state.ts";
import type { Exchange } from "./exchange.ts";
import { ExchangeQueue } from "./exchange-queue.ts";
import { FrameReader } from "./frame-reader.ts";
import { MessageWriter } from "./message-writer.ts";
import { readForeignEncoding, readNotice, readNotification, readServerError } from "./response-fields.ts";

/** Who hears of what belongs to no exchange. */
export interface WireOwner {
  notice(notice: Notice): void;
  notification(notification: Notification): void;
  /** The stream is gone, once. The exchanges have been told. */
  ended(cause: Error): void;
}

/**
 * The protocol on one stream: sends exchanges and hands each its answers, in order.
 *
 * Invariants:
 * - answers belong to the oldest exchange that has not ended;
 * - what is written in one turn of the event loop leaves in one write;
 * - after the end, nothing is written and every exchange is refused by `lost`.
 */
export class Wire<E extends Exchange = Exchange> {
  /** From the last ReadyForQuery. */
  status: TransactionStatus = "idle";
  readonly writer: MessageWriter = new MessageWriter();
  /** How often something was sent or came; it only grows. */
  traffic = 0;
  readonly #stream: Duplex;
  readonly #owner: WireOwner;
  readonly #exchanges: ExchangeQueue<E> = new ExchangeQueue();
  readonly #reader: FrameReader;
  readonly #flush = (): void => {
    this.flush();
  };
  /** How many of the newest exchanges have not left the process. */
  #unsent = 0;
  #isFlushScheduled = false;
  #hasEnded = false;
  #fatal: Error | null = null;

  constructor(stream: Duplex, owner: WireOwner) {
    this.#stream = stream;
    this.#owner = owner;
    this.#reader = new FrameReader((code, buffer, start, end) => this.#frame(code, buffer, start, end));
    // The driver's own reader ends here: its messages are ours from now on.
    stream.removeAllListeners("data");
    stream.on("data", (chunk: Buffer) => this.#read(chunk));
    stream.on("error", (error) => this.end(error));
    stream.on("end", () => stream.destroy());
    stream.once("close", () => this.end(new Error("the server closed the connection")));
  }

  /** How many exchanges have been submitted and have not ended. */
  get inFlight(): number {
    return this.#exchanges.size;
  }

  /** Those that have not ended, the oldest first. */
  get exchanges(): Iterable<E> {
    return this.#exchanges;
  }

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  submit(exchange: E): void {
    if (this.#hasEnded) {
      exchange.lost(this.#fatal ?? new Error("the connection has ended"), false);
      return;
    }
    this.#exchanges.push(exchange);
    this.#unsent += 1;
    exchange.write(this.writer);
    this.scheduleFlush();
  }

  /** Sends what was written to `writer` at the end of this turn. */
  scheduleFlush(): void {
    if (this.#isFlushScheduled) return;
    this.#isFlushScheduled = true;
    process.nextTick(this.#flush);
  }

  /** Sends what was written at once; false where the stream asks to wait for `drained`. */
  flush(): boolean {
    this.#isFlushScheduled = false;
    this.#unsent = 0;
    const bytes = this.writer.take();
    if (bytes === null || !this.#stream.writable) return true;
    this.traffic += 1;
    return this.#stream.write(bytes);
  }

  /** Sends bytes behind what was written, without a copy. */
  send(bytes: Uint8Array): boolean {
    this.flush();
    this.traffic += 1;
    return this.#stream.writable ? this.#stream.write(bytes) : true;
  }

  /** Calls back when the stream takes more, or has ended. */
  drained(callback: () => void): void {
    if (this.#hasEnded || !this.#stream.writableNeedDrain) {
      process.nextTick(callback);
      return;
    }
    const done = (): void => {
      this.#stream.off("drain", done);
      this.#stream.off("close", done);
      callback();
    };
    this.#stream.on("drain", done);
    this.#stream.on("close", done);
  }

  pause(): void {
    this.#stream.pause();
  }

  resume(): void {
    this.#stream.resume();
  }

  /** Says goodbye and ends the stream. */
  terminate(): void {
    this.writer.terminate();
    this.flush();
    this.#stream.end();
    this.#stream.resume();
  }

  destroy(): void {
    this.#stream.destroy();
  }

  /** Calls back when the stream has closed. */
  closed(callback: () => void): void {
    if (this.#stream.closed) callback();
    else this.#stream.once("close", callback);
  }

  /** Ends the wire: every exchange learns of the loss, then the owner. */
  end(reason: Error): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#reader.stop();
    const cause = this.#fatal ?? reason;
    this.#fatal = cause;
    const unsent = this.#unsent;
    for (let exchange = this.#exchanges.shift(); exchange !== null; exchange = this.#exchanges.shift()) {
      exchange.lost(cause, this.#exchanges.size >= unsent);
    }
    this.#stream.destroy();
    this.#owner.ended(cause);
  }

  #read(chunk: Buffer): void {
    this.traffic += 1;
    try {
      this.#reader.read(chunk);
    } catch (error) {
      this.end(error instanceof Error ? error : new Error(String(error)));
    }
  }

  #frame(code: number, buffer: Buffer, start: number, end: number): void {
    const exchange = this.#exchanges.head;
    if (exchange === null) {
      this.#unrelated(code, buffer, start, end);
      return;
    }
    switch (code) {
      case 0x44: // DataRow
        exchange.row(buffer, start + 2);
        return;
      case 0x43: // CommandComplete
        exchange.completed(buffer, start, end - 1);
        return;
      case 0x5a: // ReadyForQuery
        this.#ready(exchange, buffer[start]);
        return;
      case 0x31: // ParseComplete
        exchange.parsed();
        return;
      case 0x32: // BindComplete
        return;
      case 0x54: // RowDescription
        exchange.described(buffer, start, end);
        return;
      case 0x64: // CopyData
        exchange.copyData(buffer, start, end);
        return;
      default:
        this.#rare(exchange, code, buffer, start, end);
    }
  }

  #rare(exchange: Exchange, code: number, buffer: Buffer, start: number, end: number): void {
    switch (code) {
      case 0x45: // ErrorResponse
        this.#failed(exchange, buffer, start, end);
        return;
      case 0x74: // ParameterDescription
        exchange.parametersDescribed(buffer, start + 2, buffer.readUInt16BE(start));
        return;
      case 0x6e: // NoData
        exchange.describedEmpty();
        return;
      case 0x49: // EmptyQueryResponse
        exchange.empty();
        return;
      case 0x73: // PortalSuspended
        exchange.suspended();
        return;
      case 0x47: // CopyInResponse
        exchange.copyIn();
        return;
      case 0x48: // CopyOutResponse
        exchange.copyOut();
        return;
      default:
        this.#unrelated(code, buffer, start, end);
    }
  }

  /** What the server says of its own accord; the rest (CloseComplete, CopyDone …) needs no answer. */
  #unrelated(code: number, buffer: Buffer, start: number, end: number): void {
    if (code === 0x4e) this.#owner.notice(readNotice(buffer, start, end));
    else if (code === 0x41) this.#owner.notification(readNotification(buffer, start));
    else if (code === 0x45) this.end(readServerError(buffer, start, end).error);
    else if (code === 0x53) this.#parameterChanged(buffer, start);
  }

  #parameterChanged(buffer: Buffer, start: number): void {
    const encoding = readForeignEncoding(buffer, start);
    if (encoding === null) return;
    this.end(
      new Error(`client_encoding was set to ${encoding}, in which text cannot be read; leave it at UTF8`),
    );
  }

  #failed(exchange: Exchange, buffer: Buffer, start: number, end: number): void {
    const { error, isFatal } = readServerError(buffer, start, end);
    exchange.failed(error);
    if (isFatal) this.end(error);
  }

  #ready(exchange: E, status: number | undefined): void {
    this.status = status === 0x49 ? "idle" : status === 0x54 ? "transaction" : "failed";
    this.#exchanges.shift();
    exchange.ready();
  }
}
