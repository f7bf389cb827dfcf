import type pg from "pg";
import type { CopyOutput, CopyResult, CopySource } from "./copy.ts";
import type { Cursor } from "./cursor.ts";
import type { Notice, Notification } from "./notice.ts";
import type { ConnectionIdentity, ConnectionObserver } from "./observer.ts";
import type { Pipeline } from "./pipeline.ts";
import type { CursorOptions, OperationOptions, QueryOptions, QueryResult, QueryValue, Row } from "./query.ts";
import type { ResetTier, SessionOptions } from "./session-options.ts";
import type { SessionTrait, TransactionStatus } from "./session-state.ts";

/** One physical connection: its operations, its state, its end. */
export class Session {
  readonly identity: ConnectionIdentity;
  /** Sees every operation; null costs nothing. */
  observer: ConnectionObserver | null;
  /** What the holder wants to know operations by; handed to the observer with each. */
  scope: object | null = null;
  /** Called once when the connection is lost, never for a close of our own. */
  onLost: ((error: Error) => void) | null = null;
  /** Called for each error of the server that an operation ended with, before its caller sees it. */
  onError: ((error: unknown) => void) | null = null;
  /** Called for each notification of a channel that the session listens to. */
  onNotification: ((notification: Notification) => void) | null = null;
  readonly #client: pg.Client;

  private constructor(client: pg.Client, options: SessionOptions) {
    this.#client = client;
    this.identity = options.identity;
    this.observer = options.observer;
  }

  /** Takes over a connected client that has nothing under way; its connection is the session's from here on. */
  static adopt(client: pg.Client, options: SessionOptions): Session {
    client.on("error", () => {});
    return new Session(client, options);
  }

  get transactionStatus(): TransactionStatus {
    const status = this.#client.getTransactionStatus();
    return status === "T" ? "transaction" : status === "E" ? "failed" : "idle";
  }

  /** What the session carries beyond the transaction. */
  get traits(): ReadonlySet<SessionTrait> {
    return new Set();
  }

  /** True while an operation is under way or waits, or a cancel is pending. */
  get isBusy(): boolean {
    return false;
  }

  get isLost(): boolean {
    return false;
  }

  get lostCause(): Error | null {
    return null;
  }

  /** How many pipelined statements have been sent and not been answered. */
  get inFlight(): number {
    return 0;
  }

  query<R = Row>(
    text: string,
    values?: readonly QueryValue[],
    options?: QueryOptions,
  ): Promise<QueryResult<R>>;
  async query(
    text: string,
    values: readonly QueryValue[] = [],
    _options?: QueryOptions,
  ): Promise<QueryResult<unknown>> {
    const result = await this.#client.query(text, [...values]);
    return { rows: result.rows, rowCount: result.rowCount, fields: [], command: result.command };
  }

  /** Sends one statement behind others without waiting for them; for statements that may share the connection. */
  pipelined<R = Row>(
    text: string,
    values?: readonly QueryValue[],
    options?: QueryOptions,
  ): Promise<QueryResult<R>> {
    return this.query<R>(text, values, options);
  }

  async script(_text: string, _options?: OperationOptions): Promise<QueryResult[]> {
    throw new Error("bug: not yet");
  }

  cursor<R = Row>(_text: string, _values?: readonly QueryValue[], _options?: CursorOptions): Cursor<R> {
    throw new Error("bug: not yet");
  }

  async copyFrom(_text: string, _source: CopySource, _options?: OperationOptions): Promise<CopyResult> {
    throw new Error("bug: not yet");
  }

  copyTo(_text: string, _options?: OperationOptions): CopyOutput {
    throw new Error("bug: not yet");
  }

  pipeline(): Pipeline {
    throw new Error("bug: not yet");
  }

  /** Calls back for each notice until the returned function is called. */
  onNotice(_listener: (notice: Notice) => void): () => void {
    return () => {};
  }

  /** Brings the session back to a clean state; null where there is nothing to do, without a round trip. */
  reset(tier: ResetTier, _signal: AbortSignal): Promise<void> | null {
    if (tier === "none" || this.transactionStatus === "idle") return null;
    return this.query("rollback").then(() => undefined);
  }

  /** Proves the session alive with an empty statement. */
  async ping(_signal: AbortSignal): Promise<void> {
    await this.query("");
  }

  /** Cancels whatever runs and resolves when the session is free or destroyed. */
  async cancelRunning(): Promise<void> {}

  /** Ends the session politely and resolves when the socket has closed. */
  close(): Promise<void> {
    return this.#client.end();
  }

  /** Ends the socket at once. */
  destroy(): void {
    this.#client.connection.stream.destroy();
  }
}
