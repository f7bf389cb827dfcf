import { Readable } from "node:stream";
import { ReadableStream } from "node:stream/web";
import type { CopyOutput } from "./copy.ts";
import { checkLimits } from "./limit.ts";
import { CopyOutOperation, readerLeft } from "./operations/copy-out-operation.ts";
import { OperationGuard } from "./operations/operation-guard.ts";
import type { OperationOptions } from "./query.ts";
import { refuseAllButCopy } from "./query-request.ts";
import type { SessionContext } from "./session-context.ts";

/** The output of one COPY on one session. */
export class SessionCopyOutput implements CopyOutput {
  readonly #context: SessionContext;
  readonly #tenancy: number;
  readonly #text: string;
  readonly #options: OperationOptions | undefined;
  #operation: CopyOutOperation | null = null;
  #isClosed = false;

  constructor(context: SessionContext, text: string, options: OperationOptions | undefined) {
    this.#context = context;
    this.#tenancy = context.tenancy;
    this.#text = text;
    this.#options = options;
  }

  get rowCount(): number | null {
    return this.#operation?.rowCount ?? null;
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

  toNodeStream(): Readable {
    return Readable.from(this, { objectMode: false });
  }

  toWebStream(): ReadableStream<Uint8Array> {
    return ReadableStream.from(this);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    const operation = this.#operation;
    if (operation === null || operation.hasEnded) return;
    this.#context.channel.interrupt(operation, readerLeft);
    await operation.take().catch(() => {});
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #take(): Promise<Uint8Array | null> {
    if (this.#isClosed) return null;
    this.#operation ??= this.#start();
    return this.#operation.take();
  }

  #start(): CopyOutOperation {
    this.#context.mustBeTenant(this.#tenancy);
    checkLimits(this.#options);
    refuseAllButCopy(this.#context, this.#text, "copyTo() takes one COPY … TO STDOUT");
    const { channel } = this.#context;
    const operation = new CopyOutOperation(this.#context, this.#text);
    operation.guard = OperationGuard.watch(channel, operation, this.#options);
    channel.run(operation);
    return operation;
  }
}
