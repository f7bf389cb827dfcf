import { Readable } from "node:stream";
import { ReadableStream } from "node:stream/web";
import type { CopyOutput } from "../connection/copy.ts";
import type { OperationOptions } from "../connection/query.ts";
import type { Lease } from "./lease.ts";

/** The output of a COPY that takes a connection with its first chunk and gives it back when it ends, however it ends. */
export class PoolCopyOutput implements CopyOutput {
  readonly #acquire: () => Promise<Lease>;
  readonly #text: string;
  readonly #options: OperationOptions;
  #output: CopyOutput | null = null;

  constructor(acquire: () => Promise<Lease>, text: string, options: OperationOptions) {
    this.#acquire = acquire;
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
    await this.#output?.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void, undefined> {
    const lease = await this.#acquire();
    try {
      this.#output = lease.copyTo(this.#text, this.#options);
      yield* this.#output;
    } finally {
      lease.release();
    }
  }
}
