import type { Buffer } from "node:buffer";
import type { ServerError } from "../server-error.ts";
import type { SessionContext } from "../session-context.ts";
import type { MessageWriter } from "../wire/message-writer.ts";
import type { Interruption } from "./operation.ts";
import { OperationGuard } from "./operation-guard.ts";
import type { Batch, Portal, PortalRequest } from "./portal.ts";
import { PortalBooking } from "./portal-booking.ts";
import { RowOperation } from "./row-operation.ts";

interface Fetch<R> {
  readonly limit: OperationGuard | null;
  resolve(batch: Batch<R>): void;
  reject(error: unknown): void;
}

/**
 * A portal outside a transaction block.
 *
 * Such a portal lives until the next Sync, so none is sent before the end: the whole life of the cursor is one exchange, and
 * nothing else can use the connection meanwhile.
 */
export class HeldPortal<R> extends RowOperation<R> implements Portal<R> {
  readonly #request: PortalRequest;
  readonly #booking: PortalBooking | null;
  #state: "new" | "fetching" | "open" | "ending" = "new";
  #fetch: Fetch<R> | null = null;
  #count = 0;
  #isCloseWanted = false;
  #outcome: Interruption | null = null;
  #onEnd: (() => void)[] = [];

  constructor(context: SessionContext, request: PortalRequest) {
    super(context, false, request.options);
    this.#request = request;
    this.#booking = PortalBooking.of(context, request.facts, "rp_cursor");
  }

  override get holdsConnection(): boolean {
    return !this.hasEnded;
  }

  override get awaitsCaller(): boolean {
    return this.#state === "open";
  }

  fetch(count: number): Promise<Batch<R>> {
    const { signal, timeoutMillis = null } = this.#request.options;
    const { channel } = this.context;
    return new Promise((resolve, reject) => {
      this.#count = count;
      this.#fetch = { resolve, reject, limit: OperationGuard.watch(channel, this, { timeoutMillis }) };
      if (this.hasSettled) this.settle(this.#outcome);
      else if (this.#state === "new") {
        this.#state = "fetching";
        if (signal !== undefined) this.guard = OperationGuard.watch(channel, this, { signal });
        channel.run(this);
      } else if (this.#state === "open") {
        this.#state = "fetching";
        this.#execute(channel.wire.writer);
        channel.wire.scheduleFlush();
      }
    });
  }

  close(): Promise<void> {
    // A caller that was let go does not wait for the server here either.
    if (this.hasSettled || this.#state === "new") return Promise.resolve();
    const { timeoutMillis = null } = this.#request.options;
    const limit = OperationGuard.watch(this.context.channel, this, { timeoutMillis });
    this.#isCloseWanted = true;
    if (this.#state === "open") this.#finish();
    return new Promise((resolve) => {
      this.#onEnd.push(() => {
        limit?.end();
        resolve();
      });
    });
  }

  override write(writer: MessageWriter): void {
    const { text, comment, values } = this.#request;
    writer.parse("", text + comment);
    writer.bind("", "", values);
    writer.describe("P", "");
    this.#execute(writer);
  }

  override suspended(): void {
    this.#state = "open";
    this.#booking?.suspended({ rowCount: this.#count, rows: this.rows });
    if (this.interruption !== null || this.failure !== null) this.#finish();
    else {
      this.#answer(false);
      if (this.#isCloseWanted) this.#finish();
    }
  }

  override completed(buffer: Buffer, start: number, end: number): void {
    super.completed(buffer, start, end);
    const { command, rowCount, rows } = this;
    this.#booking?.completed({ command, rowCount, rows });
    this.#sync();
  }

  override empty(): void {
    this.#sync();
  }

  override copyIn(): void {
    this.refuseCopy(false);
  }

  override failed(error: ServerError): void {
    super.failed(error);
    // After an error the server skips everything up to a Sync.
    if (this.#state !== "ending") this.#sync();
  }

  override interrupt(interruption: Interruption): boolean {
    super.interrupt(interruption);
    if (this.#state !== "open") return false;
    this.#finish();
    return true;
  }

  protected override settle(failure: Interruption | null): void {
    this.#outcome = failure;
    if (this.#fetch === null && !this.#isCloseWanted) this.#request.onGone(failure?.reason ?? null);
    if (failure === null) this.#answer(true);
    else this.#takeFetch()?.reject(failure.reason);
    for (const callback of this.#onEnd.splice(0)) callback();
  }

  #execute(writer: MessageWriter): void {
    this.#booking?.executing();
    writer.execute("", this.#count);
    writer.flush();
  }

  #finish(): void {
    this.context.channel.wire.writer.close("P", "");
    this.#sync();
  }

  #sync(): void {
    const { wire } = this.context.channel;
    this.#state = "ending";
    wire.writer.sync();
    wire.scheduleFlush();
  }

  #answer(isLast: boolean): void {
    const { rows, fields } = this;
    this.rows = [];
    this.#takeFetch()?.resolve({ rows, fields, isLast, command: isLast ? this.commandOrNull : null });
  }

  #takeFetch(): Fetch<R> | null {
    const fetch = this.#fetch;
    this.#fetch = null;
    fetch?.limit?.end();
    return fetch;
  }
}
