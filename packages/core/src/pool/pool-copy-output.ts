import { Readable } from "node:stream";
import { ReadableStream } from "node:stream/web";
import type { CopyOutput } from "../connection/copy.ts";
import type { OperationOptions } from "../connection/query.ts";
import { LateLease } from "./late-lease.ts";
import type { Lease } from "./lease.ts";

/** The output of a COPY that takes a connection with its first chunk and gives it back when it ends, however it ends. */
export class PoolCopyOutput implements CopyOutput {
  readonly #lease: LateLease;
  readonly #text: string;
  readonly #options: OperationOptions;
  #opening: Promise<AsyncIterator<Uint8Array>> | null = null;
  #output: CopyOutput | null = null;
  #isClosed = false;

  constructor(acquire: (leaving: AbortSignal) => Promise<Lease>, text: string, options: OperationOptions) {
    this.#lease = new LateLease(acquire, options.signal ?? null);
    this.#text = text;
    this.#options = options;
  }

  get rowCount(): number | null {
    return this.#output?.rowCount ?? null;
  }

  toNodeStream(): Readable {
    return Readable.from(this, { objectMode: false });
  }

  toWebStream(): ReadableStream<Uint8Array> {
    return ReadableStream.from(this);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    try {
      await this.#output?.close();
    } finally {
      this.#lease.end();
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  [Symbol.asyncIterator](): AsyncIterator<Uint8Array, undefined> {
    const done: IteratorReturnResult<undefined> = { done: true, value: undefined };
    return {
      next: async () => {
        const value = await this.#take();
        return value === null ? done : { done: false, value };
      },
      return: async () => {
        await this.close();
        return done;
      },
    };
  }

  /** The next chunk; null at the end, after which the lease is given back. */
  async #take(): Promise<Uint8Array | null> {
    if (this.#isClosed) return null;
    this.#opening ??= this.#start();
    try {
      const chunk = await (await this.#opening).next();
      if (chunk.done !== true) return chunk.value;
    } catch (error) {
      const isLeft = this.#isClosed && this.#output === null;
      this.#end();
      if (!isLeft) throw this.#lease.explain(error);
    }
    this.#end();
    return null;
  }

  async #start(): Promise<AsyncIterator<Uint8Array>> {
    const lease = await this.#lease.take();
    this.#output = lease.copyTo(this.#text, this.#options);
    return this.#output[Symbol.asyncIterator]();
  }

  #end(): void {
    this.#isClosed = true;
    this.#lease.end();
  }
}
