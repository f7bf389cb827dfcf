import type { Buffer } from "node:buffer";
import { patienceMillis } from "../limit.ts";
import type { RowShape } from "../rows/row-shape.ts";
import type { SessionContext } from "../session-context.ts";
import type { MessageWriter } from "../wire/message-writer.ts";
import { type Interruption, Operation } from "./operation.ts";
import { OperationGuard } from "./operation-guard.ts";
import type { Batch, Portal, PortalRequest } from "./portal.ts";
import { PortalBooking } from "./portal-booking.ts";
import { RowOperation } from "./row-operation.ts";

/** A portal within a transaction block: it outlives each fetch, so that the connection is free in between. */
export class NamedPortal<R> implements Portal<R> {
  readonly #context: SessionContext;
  readonly #request: PortalRequest;
  readonly #name: string;
  readonly #booking: PortalBooking | null;
  #shape: RowShape | null = null;
  #isOpen = false;
  /** That the connection was lost between two fetches. */
  #loss: Error | null = null;

  constructor(context: SessionContext, request: PortalRequest) {
    this.#context = context;
    this.#request = request;
    this.#name = context.nextPortalName();
    this.#booking = PortalBooking.of(context, request.facts, this.#name);
  }

  /** The transaction has ended, and the portal with it. */
  readonly #gone = (loss: Error | null): void => {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#loss = loss;
    this.#request.onGone(loss);
  };

  async fetch(count: number): Promise<Batch<R>> {
    if (this.#loss !== null) throw this.#loss;
    const isFirst = !this.#isOpen;
    this.#mark(true);
    try {
      const batch = await new Promise<Batch<R> & { shape: RowShape | null }>((resolve, reject) => {
        const portal = { name: this.#name, count, isFirst, shape: this.#shape, booking: this.#booking };
        const fetch = new FetchOperation<R>(this.#context, this.#request, { portal, resolve, reject });
        fetch.guard = OperationGuard.watch(this.#context.channel, fetch, this.#request.options);
        this.#context.channel.run(fetch);
      });
      this.#shape = batch.shape;
      this.#mark(!batch.isLast);
      return batch;
    } catch (error) {
      this.#mark(false);
      throw error;
    }
  }

  close(): Promise<void> {
    if (!this.#isOpen) return Promise.resolve();
    this.#mark(false);
    const { channel } = this.#context;
    const { options } = this.#request;
    return new Promise((resolve) => {
      const close = new CloseOperation(this.#context, this.#name, resolve);
      close.guard = OperationGuard.watch(channel, close, options);
      channel.run(close);
      if (options.signal?.aborted === true) close.leaveLater(patienceMillis, options.signal.reason);
    });
  }

  #mark(isOpen: boolean): void {
    this.#isOpen = isOpen;
    if (isOpen) this.#context.transactionListeners.add(this.#gone);
    else this.#context.transactionListeners.delete(this.#gone);
  }
}

/** A portal as one fetch finds it. */
interface OpenPortal {
  readonly name: string;
  readonly count: number;
  readonly isFirst: boolean;
  readonly shape: RowShape | null;
  readonly booking: PortalBooking | null;
}

class FetchOperation<R> extends RowOperation<R> {
  readonly #request: PortalRequest;
  readonly #portal: OpenPortal;
  readonly #resolve: (batch: Batch<R> & { shape: RowShape | null }) => void;
  readonly #reject: (error: unknown) => void;
  #isLast = false;

  constructor(
    context: SessionContext,
    request: PortalRequest,
    outcome: {
      portal: OpenPortal;
      resolve: (batch: Batch<R> & { shape: RowShape | null }) => void;
      reject: (error: unknown) => void;
    },
  ) {
    super(context, false, request.options);
    this.#request = request;
    this.#portal = outcome.portal;
    this.shape = outcome.portal.shape;
    this.#resolve = outcome.resolve;
    this.#reject = outcome.reject;
  }

  override write(writer: MessageWriter): void {
    const { name, count, isFirst } = this.#portal;
    const { text, comment, values } = this.#request;
    if (isFirst) {
      writer.parse("", text + comment);
      writer.bind(name, "", values);
      writer.describe("P", name);
    }
    this.#portal.booking?.executing();
    writer.execute(name, count);
    writer.sync();
  }

  override suspended(): void {
    const { booking, count } = this.#portal;
    booking?.suspended({ rowCount: count, rows: this.rows });
  }

  override completed(buffer: Buffer, start: number, end: number): void {
    super.completed(buffer, start, end);
    this.#isLast = true;
    const { command, rowCount, rows } = this;
    this.#portal.booking?.completed({ command, rowCount, rows });
  }

  override empty(): void {
    this.#isLast = true;
  }

  override copyIn(): void {
    this.refuseCopy(true);
  }

  protected override settle(failure: Interruption | null): void {
    const { rows, fields, shape } = this;
    if (failure !== null) this.#reject(failure.reason);
    else this.#resolve({ rows, fields, shape, isLast: this.#isLast, command: this.commandOrNull });
  }
}

/** Closes a portal; one that ended with its transaction is no error, and a lost connection has none left. */
class CloseOperation extends Operation {
  readonly #name: string;
  readonly #done: () => void;

  constructor(context: SessionContext, name: string, done: () => void) {
    super(context, false);
    this.#name = name;
    this.#done = done;
  }

  /** Nothing runs that a cancel could end, and it could fail the transaction. */
  override interrupt(interruption: Interruption): boolean {
    super.interrupt(interruption);
    return true;
  }

  override write(writer: MessageWriter): void {
    writer.close("P", this.#name);
    writer.sync();
  }

  protected override settle(): void {
    this.#done();
  }
}
