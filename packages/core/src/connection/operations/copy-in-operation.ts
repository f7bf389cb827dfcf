import { AsyncResource } from "node:async_hooks";
import { Buffer } from "node:buffer";
import type { CopyResult, CopySource } from "../copy.ts";
import type { ServerError } from "../server-error.ts";
import type { SessionContext } from "../session-context.ts";
import type { MessageWriter } from "../wire/message-writer.ts";
import type { Wire } from "../wire/wire.ts";
import { readCommandTag } from "./command-tag.ts";
import { type Interruption, Operation } from "./operation.ts";

type Chunk = Uint8Array | string;

/** Up to here, a chunk is copied next to its neighbours; a longer one goes to the socket as it is. */
const shortChunk = 4 * 1024;
/** A source that never waits would keep the process from reading the server's answer, so it waits after this many bytes. */
const turnSize = 64 * 1024;

/** COPY FROM STDIN: sends a source as fast as the server takes it. */
export class CopyInOperation extends Operation {
  readonly #text: string;
  // The server asks for the data, but the source is the caller's and runs in the caller's context.
  readonly #scope = new AsyncResource("RockpoolCopy");
  readonly #iterator: AsyncIterator<Chunk> | Iterator<Chunk>;
  readonly #resolve: (result: CopyResult) => void;
  readonly #reject: (error: unknown) => void;
  #rowCount: number | null = null;
  #written = 0;
  #command: string | null = null;
  #state: "new" | "sending" | "sent" = "new";
  #awaitsSource = false;

  constructor(
    context: SessionContext,
    request: { text: string; source: CopySource },
    outcome: { resolve: (result: CopyResult) => void; reject: (error: unknown) => void },
  ) {
    super(context, false);
    this.#text = request.text;
    this.#iterator = iteratorOf(request.source);
    this.#resolve = outcome.resolve;
    this.#reject = outcome.reject;
    if (context.observer === null) return;
    const { text } = request;
    this.observe({ kind: "copy", text, isParameterised: false, isPrepared: false, batchSize: 1 });
  }

  override get holdsConnection(): boolean {
    return !this.hasEnded;
  }

  override get awaitsCaller(): boolean {
    return this.#state === "sending" && this.#awaitsSource;
  }

  override write(writer: MessageWriter): void {
    writer.query(this.#text + (this.observation?.comment ?? ""));
  }

  override copyIn(): void {
    if (this.interruption !== null) {
      this.#fail();
      return;
    }
    this.#state = "sending";
    void this.#scope.runInAsyncScope(() => this.#send());
  }

  override copyOut(): void {
    this.failure ??= { reason: new TypeError("this statement sends data: run it with copyTo()") };
  }

  override completed(buffer: Buffer, start: number, end: number): void {
    const tag = readCommandTag(buffer, start, end);
    this.#command = tag.command;
    this.#rowCount = tag.rowCount;
    if (this.#state === "new") {
      this.failure ??= {
        reason: new TypeError("copyFrom() takes COPY … FROM STDIN; this statement asked for no data"),
      };
    }
  }

  override failed(error: ServerError): void {
    super.failed(error);
    // The server ignores what is still sent up to the end of the COPY.
    this.#state = "sent";
  }

  override interrupt(interruption: Interruption): boolean {
    super.interrupt(interruption);
    // A server that waits for data sees CopyFail; one that is at work on it needs the cancel request as well.
    if (this.#state === "sending") this.#fail();
    return false;
  }

  protected override settle(failure: Interruption | null): void {
    this.observed(failure, { rowCount: this.#rowCount, command: this.#command });
    if (failure === null) {
      this.#resolve({ rowCount: this.#rowCount });
      return;
    }
    this.#reject(failure.reason);
    this.#abandonSource();
  }

  async #send(): Promise<void> {
    const { wire } = this.context.channel;
    try {
      for (;;) {
        this.#awaitsSource = true;
        const next = await this.#iterator.next();
        this.#awaitsSource = false;
        if (next.done) break;
        if (this.#state !== "sending" || wire.hasEnded) return;
        if (this.#write(next.value)) await turnOver(wire);
      }
      if (this.#state !== "sending") return;
      this.#state = "sent";
      wire.writer.copyDone();
      wire.scheduleFlush();
    } catch (error) {
      if (this.#state !== "sending") return;
      this.failure ??= { reason: error };
      this.#fail();
    }
  }

  /** Tells whether so much has been written that the server should have its turn. */
  #write(chunk: Chunk): boolean {
    if (!isChunk(chunk)) throw new TypeError("each chunk of a COPY must be text or bytes");
    const { wire } = this.context.channel;
    const bytes = typeof chunk === "string" ? Buffer.from(chunk) : chunk;
    if (bytes.length === 0) return false;
    if (bytes.length > shortChunk) {
      wire.writer.copyDataHeader(bytes.length);
      wire.send(bytes);
    } else wire.writer.copyData(bytes);
    wire.scheduleFlush();
    this.#written += bytes.length;
    if (this.#written < turnSize) return false;
    this.#written = 0;
    wire.flush();
    return true;
  }

  #fail(): void {
    const { wire } = this.context.channel;
    this.#state = "sent";
    wire.writer.copyFail("the client gave up");
    wire.scheduleFlush();
  }

  #abandonSource(): void {
    // A source that does not answer, or fails to end, must not keep the caller from its error.
    void (async () => this.#iterator.return?.())().catch(() => {});
  }
}

/** @throws {TypeError} it is nothing that could be read. */
function iteratorOf(source: CopySource): AsyncIterator<Chunk> | Iterator<Chunk> {
  // Either could be walked through, character by character.
  if (isChunk(source)) return [source].values();
  if (typeof source === "object" && source !== null) {
    if (Symbol.asyncIterator in source) return source[Symbol.asyncIterator]();
    if (Symbol.iterator in source) return source[Symbol.iterator]();
  }
  throw new TypeError("the source of a COPY must be text, bytes, an iterable of them or a stream");
}

function isChunk(value: unknown): value is Chunk {
  return typeof value === "string" || value instanceof Uint8Array;
}

/** Waits until the socket takes more, and at least for one turn of the event loop. */
function turnOver(wire: Wire): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(() => wire.drained(resolve));
  });
}
