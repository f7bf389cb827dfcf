import { ConnectionLostError, QueryTimeoutError } from "../errors.ts";
import { type AdvisoryLockKey, type LockArguments, lockArguments } from "./advisory-key.ts";
import { atMost, patienceMillis } from "./limit.ts";
import type { OperationOptions, QueryOptions, QueryResult, QueryValue } from "./query.ts";
import type { Session } from "./session.ts";
import { saysTrue } from "./session-ledger.ts";

export type { AdvisoryLockKey } from "./advisory-key.ts";

/** What `advisoryLock` accepts; `signal` and `timeoutMillis` end the wait for the lock. */
export interface AdvisoryLockOptions extends OperationOptions {
  /** Whether others may hold it at the same time, as long as they share it too. Default: false. */
  shared?: boolean | undefined;
  /** Whether to wait while another session holds it; where not, the answer is null. Default: true. */
  wait?: boolean | undefined;
}

/** An advisory lock that is held until its release; `await using` releases it at the end of the block. */
export interface AdvisoryLock extends AsyncDisposable {
  readonly key: AdvisoryLockKey;
  /** `transaction` where the end of the transaction releases it, and nothing else does. */
  readonly scope: "session" | "transaction";
  /**
   * Aborts with a `ConnectionLostError` when the connection ends while the lock is held: the server has freed it, and another session
   * may have it. Hand it on to whatever must not go on without the lock.
   */
  readonly signal: AbortSignal;
  /** Gives the lock back; harmless when it was given back, and when the connection is lost, since that frees it too. */
  release(): Promise<void>;
}

/** How often each session holds each lock through {@link lockSession}; the server counts, and does not tell. */
const held = new WeakMap<Session, Map<string, number>>();

/** Takes a lock that the session keeps beyond its transactions. */
export async function lockSession(
  open: () => Session,
  key: AdvisoryLockKey,
  options: AdvisoryLockOptions,
): Promise<AdvisoryLock | null> {
  const lock = new SessionLock(open, key, options.shared === true);
  return (await lock.take(options)) ? lock : null;
}

/** What takes part in a transaction. */
interface TransactionVerbs {
  query(text: string, values: readonly QueryValue[], options: QueryOptions): Promise<QueryResult>;
}

/** Takes a lock that lasts as long as the transaction. */
export async function lockInTransaction(
  { transaction, session }: { transaction: TransactionVerbs; session: Session },
  key: AdvisoryLockKey,
  options: AdvisoryLockOptions,
): Promise<AdvisoryLock | null> {
  const { placeholders, values } = lockArguments(key);
  const verb = options.wait === false ? "pg_try_advisory_xact_lock" : "pg_advisory_xact_lock";
  const suffix = options.shared === true ? "_shared" : "";
  const { rows } = await transaction.query(`select ${verb}${suffix}(${placeholders}) as taken`, values, {
    ...limits(options),
    rowMode: "array",
  });
  if (options.wait === false && !saysTrue(rows[0])) return null;
  const loss = new AbortController();
  session.onceTransactionEnded((cause) => {
    if (cause !== null) loss.abort(lockLost(session, key, cause));
  });
  const release = async (): Promise<void> => {};
  return { key, scope: "transaction", signal: loss.signal, release, [Symbol.asyncDispose]: release };
}

class SessionLock implements AdvisoryLock {
  readonly key: AdvisoryLockKey;
  readonly scope = "session";
  readonly #open: () => Session;
  readonly #arguments: LockArguments;
  readonly #suffix: string;
  readonly #loss = new AbortController();
  #isHeld = false;
  #forget: (() => void) | null = null;

  constructor(open: () => Session, key: AdvisoryLockKey, isShared: boolean) {
    this.key = key;
    this.#open = open;
    this.#arguments = lockArguments(key);
    this.#suffix = isShared ? "_shared" : "";
  }

  get signal(): AbortSignal {
    return this.#loss.signal;
  }

  async take(options: AdvisoryLockOptions): Promise<boolean> {
    const session = this.#open();
    const verb = options.wait === false ? "pg_try_advisory_lock" : "pg_advisory_lock";
    try {
      const { rows } = await this.#call(session, verb, limits(options));
      this.#isHeld = options.wait !== false || saysTrue(rows[0]);
    } catch (error) {
      const isGivenUp = options.signal?.aborted === true || error instanceof QueryTimeoutError;
      if (isGivenUp) await atMost(this.#undo(session), patienceMillis);
      throw error;
    }
    if (this.#isHeld) this.#hold(session);
    return this.#isHeld;
  }

  async release(): Promise<void> {
    if (!this.#isHeld) return;
    this.#isHeld = false;
    this.#forget?.();
    const session = this.#open();
    this.#count(session, -1);
    if (!session.isLost) await this.#call(session, "pg_advisory_unlock", {});
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.release();
  }

  #hold(session: Session): void {
    this.#count(session, 1);
    this.#forget = session.onceEnded((cause) => this.#loss.abort(lockLost(session, this.key, cause)));
  }

  /** The server may have given the lock at the moment when the caller gave up. Nothing else of ours holds it, so it can go. */
  async #undo(session: Session): Promise<void> {
    const isOthers = (held.get(session)?.get(this.#name) ?? 0) > 0;
    if (isOthers || session.isLost || session.transactionStatus === "failed") return;
    await this.#call(session, "pg_advisory_unlock", {}).catch(() => {});
  }

  #call(session: Session, verb: string, options: OperationOptions): Promise<QueryResult> {
    const { placeholders, values } = this.#arguments;
    return session.query(`select ${verb}${this.#suffix}(${placeholders}) as result`, values, {
      ...options,
      rowMode: "array",
    });
  }

  #count(session: Session, change: number): void {
    const counts = held.get(session) ?? new Map<string, number>();
    counts.set(this.#name, (counts.get(this.#name) ?? 0) + change);
    held.set(session, counts);
  }

  get #name(): string {
    return `${this.#arguments.values.join()}${this.#suffix}`;
  }
}

function lockLost(session: Session, key: AdvisoryLockKey, cause: Error): ConnectionLostError {
  const wasHeld = `the advisory lock ${String(key)}`;
  return new ConnectionLostError(session.identity.id, { wasSent: true, wasHeld, cause });
}

function limits({ signal, timeoutMillis = null }: OperationOptions): OperationOptions {
  return { timeoutMillis, signal };
}
