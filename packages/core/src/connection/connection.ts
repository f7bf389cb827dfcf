import { checkOptions } from "../option-rules.ts";
import {
  type AdvisoryLock,
  type AdvisoryLockKey,
  type AdvisoryLockOptions,
  lockSession,
} from "./advisory-lock.ts";
import type { CopyOutput, CopyResult, CopySource } from "./copy.ts";
import type { Cursor } from "./cursor.ts";
import type { Notice } from "./notice.ts";
import type { Pipeline } from "./pipeline.ts";
import type {
  CursorOptions,
  OperationOptions,
  QueryOptions,
  QueryResult,
  QueryValue,
  Row,
  StatementDescription,
} from "./query.ts";
import { runTransaction } from "./run-transaction.ts";
import type { SessionTrait, TransactionStatus } from "./session-state.ts";
import { SessionView } from "./session-view.ts";
import { type BeginOptions, Transaction, type TransactionOptions } from "./transaction.ts";
import { rulesOf } from "./verb-rules.ts";

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

  /**
   * Asks the server which parameters one statement takes and which columns it gives, without running it.
   *
   * Costs one round trip and leaves nothing prepared. It takes the locks of parsing, and in a failed transaction it fails.
   */
  describe(text: string, options?: OperationOptions): Promise<StatementDescription>;

  /** Makes a cursor over the rows of one statement; see {@link Cursor}. */
  cursor<R = Row>(text: string, values?: readonly QueryValue[], options?: CursorOptions): Cursor<R>;

  /** Feeds a `COPY … FROM STDIN` from a source, as fast as the server takes it. */
  copyFrom(text: string, source: CopySource, options?: OperationOptions): Promise<CopyResult>;

  /** Makes the output of a `COPY … TO STDOUT`; see {@link CopyOutput}. */
  copyTo(text: string, options?: OperationOptions): CopyOutput;

  /** Begins to send statements without waiting for each answer; see {@link Pipeline}. */
  pipeline(): Pipeline;

  /**
   * Begins a transaction, which the caller ends: `await using transaction = await connection.begin()` rolls it back at the
   * end of the block unless `commit()` came before.
   *
   * @param options.signal - cancels the BEGIN; it has no effect on what follows.
   * @throws {TransactionStateError} the connection is in a transaction.
   */
  begin(options?: BeginOptions): Promise<Transaction>;

  /**
   * Runs the callback in a transaction: committed when it resolves, rolled back when it rejects.
   *
   * With `retry` the callback runs again after a serialization failure or a deadlock, so it must be safe to repeat. On an
   * abort or a timeout the transaction is rolled back and this rejects without waiting for the callback.
   *
   * @param options.signal - ends the whole, every attempt included; the promise rejects with the signal's reason.
   * @throws {AmbiguousCommitError} COMMIT was sent and its answer never came; never tried again.
   * @throws {QueryTimeoutError} `timeoutMillis` passed.
   */
  transaction<T>(
    callback: (transaction: Transaction) => T | Promise<T>,
    options?: TransactionOptions,
  ): Promise<T>;

  /**
   * Takes an advisory lock, which the caller gives back: `await using lock = await connection.advisoryLock("import")`.
   *
   * On a connection the lock belongs to the session; on a transaction it ends with that. Where `wait` is false and another
   * session has it, the answer is null.
   *
   * @throws {ConfigError} the key does not fit, or the session is behind a transaction pooler.
   */
  advisoryLock(
    key: AdvisoryLockKey,
    options: AdvisoryLockOptions & { wait: false },
  ): Promise<AdvisoryLock | null>;
  advisoryLock(key: AdvisoryLockKey, options?: AdvisoryLockOptions): Promise<AdvisoryLock>;

  /** Calls back for each notice of the server until the returned function is called. */
  onNotice(listener: (notice: Notice) => void): () => void;
}

/** Every verb of a connection, over the session that a subclass holds. */
export abstract class ConnectionView extends SessionView implements Connection {
  async begin(options: BeginOptions = {}): Promise<Transaction> {
    checkOptions(rulesOf.begin, options);
    return Transaction.begin(() => this.session(), options);
  }

  async transaction<T>(
    callback: (transaction: Transaction) => T | Promise<T>,
    options: TransactionOptions = {},
  ): Promise<T> {
    checkOptions(rulesOf.transaction, options);
    return runTransaction(() => this.session(), callback, options);
  }

  advisoryLock(
    key: AdvisoryLockKey,
    options: AdvisoryLockOptions & { wait: false },
  ): Promise<AdvisoryLock | null>;
  advisoryLock(key: AdvisoryLockKey, options?: AdvisoryLockOptions): Promise<AdvisoryLock>;
  async advisoryLock(key: AdvisoryLockKey, options: AdvisoryLockOptions = {}): Promise<AdvisoryLock | null> {
    checkOptions(rulesOf.advisoryLock, options);
    return lockSession(() => this.session(), key, options);
  }
}
