import type { CopyOutput, CopyResult, CopySource } from "./copy.ts";
import type { Cursor } from "./cursor.ts";
import type { Notice } from "./notice.ts";
import type { Pipeline } from "./pipeline.ts";
import type { CursorOptions, OperationOptions, QueryOptions, QueryResult, QueryValue, Row } from "./query.ts";
import type { Session } from "./session.ts";
import type { SessionTrait, TransactionStatus } from "./session-state.ts";

/**
 * One PostgreSQL session and what can be done on it.
 *
 * Operations that are started while another one is under way wait for it, in order.
 */
export interface Connection {
  /** `<pool>#<n>` or `<database>@<host>#<n>`; the same for the life of the physical connection. */
  readonly id: string;
  /** The server process; null where a pooler hides it. */
  readonly backendPid: number | null;
  /** The server's own word after the last operation. */
  readonly transactionStatus: TransactionStatus;
  /** What the session carries beyond the transaction: what a release would lose, or has to clean. */
  readonly traits: ReadonlySet<SessionTrait>;

  /**
   * Runs one statement and resolves with its rows.
   *
   * Values travel apart from the text. The statement stays prepared on the connection, so that its next run is one
   * short message; several statements in one text are refused by the server: use {@link Connection.script}.
   *
   * @param options.signal - cancels the statement on the server; the promise rejects with the signal's reason.
   * @throws {QueryTimeoutError} `timeoutMillis` passed.
   * @throws {ConnectionLostError} the connection was lost; `isSafeToRetry` tells whether anything had been sent.
   */
  query<R = Row>(
    text: string,
    values?: readonly QueryValue[],
    options?: QueryOptions,
  ): Promise<QueryResult<R>>;

  /** Runs several statements in one text, without values, and resolves with one result for each. */
  script(text: string, options?: OperationOptions): Promise<QueryResult[]>;

  /** Makes a cursor over the rows of one statement; see {@link Cursor}. */
  cursor<R = Row>(text: string, values?: readonly QueryValue[], options?: CursorOptions): Cursor<R>;

  /** Feeds a `COPY … FROM STDIN` from a source, as fast as the server takes it. */
  copyFrom(text: string, source: CopySource, options?: OperationOptions): Promise<CopyResult>;

  /** Makes the output of a `COPY … TO STDOUT`; see {@link CopyOutput}. */
  copyTo(text: string, options?: OperationOptions): CopyOutput;

  /** Begins to send statements without waiting for each answer; see {@link Pipeline}. */
  pipeline(): Pipeline;

  /** Calls back for each notice of the server until the returned function is called. */
  onNotice(listener: (notice: Notice) => void): () => void;
}

/** Every verb of a connection, over the session that a subclass holds. */
export abstract class ConnectionView implements Connection {
  /** The session, while the holder may use it; throws afterwards. */
  protected abstract session(): Session;

  abstract get id(): string;
  abstract get backendPid(): number | null;

  get transactionStatus(): TransactionStatus {
    return this.session().transactionStatus;
  }

  get traits(): ReadonlySet<SessionTrait> {
    return this.session().traits;
  }

  query<R = Row>(
    text: string,
    values?: readonly QueryValue[],
    options?: QueryOptions,
  ): Promise<QueryResult<R>> {
    // Not an async function: each would cost every query three turns of the microtask queue.
    try {
      return this.session().query<R>(text, values, options);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  async script(text: string, options?: OperationOptions): Promise<QueryResult[]> {
    return this.session().script(text, options);
  }

  cursor<R = Row>(text: string, values?: readonly QueryValue[], options?: CursorOptions): Cursor<R> {
    return this.session().cursor<R>(text, values, options);
  }

  async copyFrom(text: string, source: CopySource, options?: OperationOptions): Promise<CopyResult> {
    return this.session().copyFrom(text, source, options);
  }

  copyTo(text: string, options?: OperationOptions): CopyOutput {
    return this.session().copyTo(text, options);
  }

  pipeline(): Pipeline {
    return this.session().pipeline();
  }

  onNotice(listener: (notice: Notice) => void): () => void {
    return this.session().onNotice(listener);
  }
}
