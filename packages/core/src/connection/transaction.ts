import { AmbiguousCommitError, TransactionStateError } from "../errors.ts";
import { checkOptions } from "../option-rules.ts";
import {
  type AdvisoryLock,
  type AdvisoryLockKey,
  type AdvisoryLockOptions,
  lockInTransaction,
} from "./advisory-lock.ts";
import type { Connection } from "./connection.ts";
import type { CopyOutput, CopyResult, CopySource } from "./copy.ts";
import type { Cursor } from "./cursor.ts";
import { checkLimits, Limit, withSignal } from "./limit.ts";
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
import type { Session } from "./session.ts";
import { SessionView } from "./session-view.ts";
import { mayWrite } from "./statements/may-write.ts";
import {
  type BeginOptions,
  beginStatement,
  refuseTransactionOptions,
  type TransactionOptions,
} from "./transaction-options.ts";
import {
  endedMessage,
  endedUnseen,
  explained,
  heldSession,
  isUnanswered,
  refuseEnd,
  refuseSecond,
  type TransactionFate,
  type TransactionRecord,
} from "./transaction-rules.ts";
import { runLevel } from "./transaction-runner.ts";
import { undo } from "./transaction-undo.ts";
import { rulesOf } from "./verb-rules.ts";

export type { BeginOptions, IsolationLevel, TransactionOptions } from "./transaction-options.ts";
export type { TransactionFate } from "./transaction-rules.ts";

interface Level {
  readonly open: () => Session;
  readonly record: TransactionRecord;
  readonly outer: Transaction | null;
  readonly savepoint: string | null;
  readonly signal: AbortSignal | null;
}

/** Why a level was not committed. */
interface Refusal {
  readonly error: unknown;
}

/** The last transaction of each session, which may have ended. */
const current = new WeakMap<Session, Transaction>();

/**
 * A transaction, or a savepoint within one: a connection whose work is kept or undone as a whole.
 *
 * Invariants:
 * - the innermost open level alone may use the session; the others refuse with {@link TransactionStateError};
 * - after `commit` or `rollback` every verb refuses, and nothing reaches the wire;
 * - `await using` rolls back what is open at the end of the block.
 */
export class Transaction extends SessionView implements Connection, AsyncDisposable {
  readonly id: string;
  readonly backendPid: number | null;
  readonly #open: () => Session;
  readonly #record: TransactionRecord;
  readonly #outer: Transaction | null;
  readonly #savepoint: string | null;
  readonly #signal: AbortSignal | null;
  #inner: Transaction | null = null;
  #fate: TransactionFate = "open";
  #ending: Promise<void> | null = null;
  #ended: AbortController | null = null;

  /**
   * Begins a transaction on a session.
   *
   * @param open - gives the session for as long as its holder may use it, and throws afterwards.
   * @param signal - cancels every operation of the transaction; null = none does.
   */
  static async begin(
    open: () => Session,
    options: BeginOptions,
    signal: AbortSignal | null = null,
  ): Promise<Transaction> {
    const session = open();
    refuseSecond(session, current.get(session)?.isOpen === true);
    const record = { isReadOnly: options.readOnly === true, id: null, failure: null, savepoints: 0 };
    const transaction = new Transaction({ open, record, outer: null, savepoint: null, signal });
    current.set(session, transaction);
    await transaction.#enter(session, beginStatement(options), options);
    return transaction;
  }

  private constructor({ open, record, outer, savepoint, signal }: Level) {
    super();
    const { identity } = open();
    this.id = identity.id;
    this.backendPid = identity.backendPid;
    this.#open = open;
    this.#record = record;
    this.#outer = outer;
    this.#savepoint = savepoint;
    this.#signal = signal;
  }

  /** What became of it so far. */
  get fate(): TransactionFate {
    return this.#fate;
  }

  override async query<R = Row>(
    text: string,
    values?: readonly QueryValue[],
    options: QueryOptions = {},
  ): Promise<QueryResult<R>> {
    const session = this.session();
    refuseEnd(text);
    const limited = withSignal(options, this.#signal);
    if (!this.#mayGetId(text)) return this.#noting(session.query<R>(text, values, limited));
    return this.#noting(
      session.queryIdentified<R>({ text, values, options: limited }, (id) => {
        this.#record.id = id;
      }),
    );
  }

  override async script(text: string, options: OperationOptions = {}): Promise<QueryResult[]> {
    const session = this.session();
    refuseEnd(text);
    return this.#noting(session.script(text, withSignal(options, this.#signal)));
  }

  override async describe(text: string, options: OperationOptions = {}): Promise<StatementDescription> {
    return this.#noting(this.session().describe(text, withSignal(options, this.#signal)));
  }

  override cursor<R = Row>(
    text: string,
    values?: readonly QueryValue[],
    options: CursorOptions = {},
  ): Cursor<R> {
    return super.cursor<R>(text, values, this.#untilEnd(options));
  }

  override async copyFrom(
    text: string,
    source: CopySource,
    options: OperationOptions = {},
  ): Promise<CopyResult> {
    return this.#noting(this.session().copyFrom(text, source, withSignal(options, this.#signal)));
  }

  override copyTo(text: string, options: OperationOptions = {}): CopyOutput {
    return super.copyTo(text, this.#untilEnd(options));
  }

  override pipeline(): Pipeline {
    const pipeline = super.pipeline();
    return {
      query: async (text, values, options = {}) => {
        refuseEnd(text);
        return this.#noting(pipeline.query(text, values, this.#untilEnd(options)));
      },
      settled: () => pipeline.settled(),
      [Symbol.asyncDispose]: () => pipeline[Symbol.asyncDispose](),
    };
  }

  /** Begins a savepoint, which takes this transaction's place until it ends. */
  async begin(options: BeginOptions = {}): Promise<Transaction> {
    refuseTransactionOptions(options);
    return this.#beginSavepoint(options, this.#signal);
  }

  /** Runs the callback in a savepoint: kept when it resolves, undone when it rejects. */
  async transaction<T>(
    callback: (savepoint: Transaction) => T | Promise<T>,
    options: TransactionOptions = {},
  ): Promise<T> {
    refuseTransactionOptions(options);
    const begin = (signal: AbortSignal | null): Promise<Transaction> => this.#beginSavepoint({}, signal);
    return runLevel({ begin, observe: () => null }, callback, withSignal(options, this.#signal));
  }

  /** Takes an advisory lock that the end of the transaction releases; `release()` does nothing before. */
  advisoryLock(
    key: AdvisoryLockKey,
    options: AdvisoryLockOptions & { wait: false },
  ): Promise<AdvisoryLock | null>;
  advisoryLock(key: AdvisoryLockKey, options?: AdvisoryLockOptions): Promise<AdvisoryLock>;
  async advisoryLock(key: AdvisoryLockKey, options: AdvisoryLockOptions = {}): Promise<AdvisoryLock | null> {
    checkOptions(rulesOf.advisoryLock, options);
    return lockInTransaction({ transaction: this, session: this.session() }, key, options);
  }

  /**
   * Keeps the work. When it resolves, the server has committed; of a savepoint, the work has become the outer level's.
   *
   * A transaction that an error has failed is rolled back instead, and this rejects with that error. An abort cancels a
   * COMMIT that still runs; what counts is the server's answer, so it can resolve nevertheless.
   *
   * @throws {AmbiguousCommitError} COMMIT was sent and the server's answer never came.
   * @throws {TransactionStateError} it has ended, or a savepoint is open in it.
   */
  async commit(options: OperationOptions = {}): Promise<void> {
    const session = this.session();
    checkOptions(rulesOf.commit, options);
    checkLimits(options);
    const limit = new Limit(options);
    try {
      await this.#end(() => this.#commit(session, limit.signal));
    } finally {
      limit.end();
    }
  }

  /** Undoes the work. Where the connection is lost, the server does it by itself. */
  async rollback(): Promise<void> {
    const session = this.session();
    await this.#end(() => this.#rollBack(session));
  }

  /**
   * Ends it for a caller that failed or gave up: waits for an end that is under way, else rolls back. Never rejects; a session that can't
   * be rolled back is destroyed.
   */
  async abandon(): Promise<void> {
    if (this.#ending !== null) return this.#ending.catch(() => {});
    if (this.#fate !== "open") return;
    if (this.#inner !== null) this.#inner.#discard();
    const session = heldSession(this.#open);
    if (session === null) {
      // Whoever took the session back has cleaned it.
      this.#settle("rolled back");
      return;
    }
    await this.#end(() => this.#rollBack(session)).catch(() => {
      // What a savepoint could not undo, the rollback of the transaction does.
      if (this.#savepoint === null) session.destroy();
    });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.abandon();
  }

  /** True while the holder of the session may use it and the transaction has not ended. */
  get isOpen(): boolean {
    return this.#fate === "open" && heldSession(this.#open) !== null;
  }

  protected override session(): Session {
    if (this.#fate !== "open") throw new TransactionStateError(endedMessage(this.#savepoint, this.#fate));
    if (this.#inner !== null) {
      throw new TransactionStateError(
        "a savepoint is open in this transaction: use the transaction that it gave, or end it first",
      );
    }
    return this.#open();
  }

  async #beginSavepoint(options: OperationOptions, signal: AbortSignal | null): Promise<Transaction> {
    const session = this.session();
    this.#record.savepoints += 1;
    const savepoint = `rp_${this.#record.savepoints}`;
    const inner = new Transaction({ open: this.#open, record: this.#record, outer: this, savepoint, signal });
    this.#inner = inner;
    await inner.#enter(session, `savepoint ${savepoint}`, options);
    return inner;
  }

  /** Sends what begins this level; where that fails, nothing of it is left. */
  async #enter(session: Session, text: string, { signal, timeoutMillis }: OperationOptions): Promise<void> {
    try {
      await session.query(text, [], withSignal({ signal, timeoutMillis }, this.#signal));
    } catch (error) {
      const refused = this.#savepoint === null ? "idle" : "failed";
      // The server may have carried out what the caller gave up, or may be about to.
      const isOpen = isUnanswered(session, error) || session.transactionStatus !== refused;
      if (!session.isLost && isOpen) await this.abandon();
      else this.#settle("rolled back");
      throw explained(error, this.#record.failure);
    }
  }

  #end(work: () => Promise<void>): Promise<void> {
    this.#fate = "ending";
    this.#ending = work().finally(() => {
      this.#ending = null;
      // Where not even the rollback worked, its error says why, and the session is not to be used any more.
      if (this.#fate === "ending") this.#settle("unknown");
    });
    return this.#ending;
  }

  async #commit(session: Session, signal: AbortSignal | null): Promise<void> {
    if (session.transactionStatus === "idle" && !session.isLost) throw endedUnseen();
    let error: unknown = null;
    if (session.transactionStatus !== "failed") {
      const refusal =
        this.#savepoint === null ? await this.#sendCommit(session, signal) : await this.#release(session);
      if (refusal === null) return;
      error = refusal.error;
    }
    // Read no sooner: a statement that nobody waited for may have failed ahead of the commit.
    const { failure } = this.#record;
    if (this.#fate === "ending") await this.#rollBack(session);
    throw explained(error, failure);
  }

  /** Resolves with null once committed, else with the reason why the server did not. */
  async #sendCommit(session: Session, signal: AbortSignal | null): Promise<Refusal | null> {
    const { isReadOnly, id } = this.#record;
    const answer = await session.commit(!isReadOnly && id === null, signal === null ? undefined : { signal });
    if (answer.kind === "unknown") {
      this.#settle("unknown");
      throw new AmbiguousCommitError(id ?? answer.transactionId, answer.error);
    }
    if (answer.kind !== "open") this.#settle(answer.kind);
    return answer.kind === "committed" ? null : answer;
  }

  async #release(session: Session): Promise<Refusal | null> {
    try {
      await session.query(`release savepoint ${this.#savepoint}`);
    } catch (error) {
      return { error };
    }
    this.#settle("committed");
    return null;
  }

  async #rollBack(session: Session): Promise<void> {
    if (!session.isLost) await undo(session, this.#savepoint);
    this.#record.failure = null;
    this.#settle("rolled back");
  }

  #settle(fate: TransactionFate): void {
    this.#fate = fate;
    this.#announceEnd();
    if (this.#outer !== null && this.#outer.#inner === this) this.#outer.#inner = null;
  }

  /** The end of an outer level is the end of this one. */
  #discard(): void {
    if (this.#inner !== null) this.#inner.#discard();
    if (this.#fate === "open") this.#fate = "rolled back";
    this.#announceEnd();
  }

  /** Whatever is read or sent bit by bit refuses to go on once the transaction has ended. */
  #untilEnd<O extends OperationOptions>(options: O): O {
    this.#ended ??= new AbortController();
    if (this.#fate !== "open") this.#announceEnd();
    return withSignal(withSignal(options, this.#signal), this.#ended.signal);
  }

  #announceEnd(): void {
    this.#ended?.abort(new TransactionStateError(endedMessage(this.#savepoint, this.#fate)));
  }

  /** The id is asked for with the first writes, so that it is known before COMMIT is sent. */
  #mayGetId(text: string): boolean {
    return !this.#record.isReadOnly && this.#record.id === null && mayWrite(text);
  }

  async #noting<T>(work: Promise<T>): Promise<T> {
    try {
      return await work;
    } catch (error) {
      const session = heldSession(this.#open);
      const isFailed = session?.transactionStatus === "failed";
      if (session !== null && (isFailed || isUnanswered(session, error))) this.#record.failure ??= error;
      throw error;
    }
  }
}
