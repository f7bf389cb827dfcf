const brand = Symbol.for("rockpool.error");

/** The stable codes of every error that Rockpool itself makes. Server errors pass through untouched. */
export type PoolErrorCode =
  | "POOL_ACQUIRE_TIMEOUT"
  | "POOL_AMBIGUOUS_COMMIT"
  | "POOL_CLOSED"
  | "POOL_CONFIG"
  | "POOL_CONNECT"
  | "POOL_CONNECTION_BUSY"
  | "POOL_CONNECTION_LOST"
  | "POOL_DEADLOCK"
  | "POOL_LEASE_RELEASED"
  | "POOL_QUERY_TIMEOUT"
  | "POOL_QUEUE_FULL"
  | "POOL_SUSPENDED"
  | "POOL_TRANSACTION_STATE";

/** The pool's numbers at the moment of an error; each is a count of connections or, for `waiting`, of callers. */
export interface PoolNumbers {
  readonly max: number;
  readonly total: number;
  readonly idle: number;
  readonly acquired: number;
  readonly connecting: number;
  readonly waiting: number;
}

/** Who holds a connection; known only while leak detection is on. */
export interface HolderInfo {
  readonly connectionId: string;
  readonly heldMillis: number;
  /** The stack of the acquire. */
  readonly stack: string | null;
}

/** Where an acquire was when its deadline passed. */
export type AcquirePhase = "wait" | "connect" | "validate" | "prepare";

/**
 * The base of every error that Rockpool makes.
 *
 * Two copies of the package in one process recognise each other's errors by a brand: use {@link isPoolError},
 * not `instanceof`.
 */
export abstract class PoolError extends Error {
  /** The name of the class as it is written, whatever a bundler makes of it. */
  abstract override readonly name: string;
  abstract readonly code: PoolErrorCode;
  /** True where the same call may be made again without the risk of doing its work twice. */
  abstract readonly isSafeToRetry: boolean;

  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options);
    Object.defineProperty(this, brand, { value: true });
  }
}

/** Tells whether a value is an error of Rockpool, whichever copy of the package made it. */
export function isPoolError(value: unknown): value is PoolError {
  return typeof value === "object" && value !== null && brand in value;
}

function describe(numbers: PoolNumbers): string {
  return `${numbers.acquired}/${numbers.max} acquired, ${numbers.idle} idle, ${numbers.connecting} connecting, ${numbers.waiting} waiting`;
}

function heldLongest(holders: readonly HolderInfo[]): string {
  const [first, ...others] = holders;
  if (first === undefined) return "";
  const longest = others.reduce((one, other) => (other.heldMillis > one.heldMillis ? other : one), first);
  return `; ${longest.connectionId} has been held longest, for ${Math.round(longest.heldMillis)} ms`;
}

/** No connection came before the deadline of an acquire. */
export class AcquireTimeoutError extends PoolError {
  override readonly name = "AcquireTimeoutError";
  readonly code = "POOL_ACQUIRE_TIMEOUT";
  readonly isSafeToRetry = true;
  readonly phase: AcquirePhase;
  readonly numbers: PoolNumbers;
  /** Who holds the connections; empty while leak detection is off. */
  readonly holders: readonly HolderInfo[];

  /**
   * @param details.isSuspended - whether the pool hands nothing out at present.
   * @param details.cause - why the last one could not be opened or got ready, where none could since.
   */
  constructor(details: {
    timeoutMillis: number;
    phase: AcquirePhase;
    numbers: PoolNumbers;
    holders: readonly HolderInfo[];
    isSuspended?: boolean;
    cause?: unknown;
  }) {
    const patience = "release connections sooner, raise max or raise acquireTimeoutMillis";
    const remedy =
      details.isSuspended === true
        ? "the pool is suspended, call resume()"
        : details.cause === undefined
          ? patience
          : "the last attempt to open one or to get one ready failed, see cause";
    super(
      `no connection within ${details.timeoutMillis} ms (phase: ${details.phase}; ${describe(details.numbers)}${heldLongest(details.holders)}); ${remedy}`,
      details.cause === undefined ? undefined : { cause: details.cause },
    );
    this.phase = details.phase;
    this.numbers = details.numbers;
    this.holders = details.holders;
  }
}

/** The queue of waiters is at `maxWaiting`. */
export class QueueFullError extends PoolError {
  override readonly name = "QueueFullError";
  readonly code = "POOL_QUEUE_FULL";
  readonly isSafeToRetry = true;
  readonly numbers: PoolNumbers;

  constructor(maxWaiting: number, numbers: PoolNumbers) {
    super(
      `the queue is full: maxWaiting is ${maxWaiting} (${describe(numbers)}); shed load, raise max or raise maxWaiting`,
    );
    this.numbers = numbers;
  }
}

/** The pool is closed, closing or draining. */
export class PoolClosedError extends PoolError {
  override readonly name = "PoolClosedError";
  readonly code = "POOL_CLOSED";
  readonly isSafeToRetry = false;

  constructor(poolName: string) {
    super(`pool ${poolName} is closed; create a new pool to connect again`);
  }
}

/** Every connection is held by callers that wait for another one, so none can ever come. */
export class PoolDeadlockError extends PoolError {
  override readonly name = "PoolDeadlockError";
  readonly code = "POOL_DEADLOCK";
  readonly isSafeToRetry = false;
  readonly numbers: PoolNumbers;
  /** Who holds the connections, each of them waiting for one more. */
  readonly holders: readonly HolderInfo[];

  /** @param stack - of the acquire; the error's own stack shows it, since the error is made later. */
  constructor(numbers: PoolNumbers, holders: readonly HolderInfo[], stack: string | null) {
    super(
      `deadlock: every connection is held by a caller that waits for another (${describe(numbers)}); ` +
        "pass the lease down instead of acquiring again, or raise max above the depth of nesting times the number of callers",
    );
    this.numbers = numbers;
    this.holders = holders;
    if (stack !== null) this.stack = `${this.name}: ${this.message}\n${stack.slice(stack.indexOf("\n") + 1)}`;
  }
}

/** The pool is suspended and the caller did not want to wait. */
export class PoolSuspendedError extends PoolError {
  override readonly name = "PoolSuspendedError";
  readonly code = "POOL_SUSPENDED";
  readonly isSafeToRetry = true;

  constructor(poolName: string) {
    super(`pool ${poolName} is suspended; call resume() or wait with acquire()`);
  }
}

/** A connection could not be opened; `cause` is the last reason, `attempts` names each address that was tried. */
export class ConnectError extends PoolError {
  override readonly name = "ConnectError";
  readonly code = "POOL_CONNECT";
  readonly isSafeToRetry = true;
  readonly attempts: readonly ConnectAttempt[];

  constructor(message: string, details: { attempts: readonly ConnectAttempt[]; cause?: unknown }) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.attempts = details.attempts;
  }
}

/** The error of a connect that took longer than it may; what it tried is not known. */
export function connectTimeoutError(millis: number): ConnectError {
  const remedy = "check host, port, password provider and hooks, or raise connectTimeoutMillis";
  return new ConnectError(`no connection to the server within ${millis} ms; ${remedy}`, { attempts: [] });
}

/** One address that was tried and why it was not used. */
export interface ConnectAttempt {
  readonly host: string;
  readonly port: number;
  /** SQLSTATE, Node's errno name, or a word of ours such as `timeout` or `read_only`. */
  readonly reason: string;
}

/** An open cursor or COPY has the connection to itself; nothing of the operation was sent. */
export class ConnectionBusyError extends PoolError {
  override readonly name = "ConnectionBusyError";
  readonly code = "POOL_CONNECTION_BUSY";
  readonly isSafeToRetry = true;

  constructor(connectionId: string) {
    super(
      `connection ${connectionId} is kept by an open cursor or COPY; end it first, use another connection, ` +
        "or open the cursor within a transaction",
    );
  }
}

/** The connection was lost while it was in use. */
export class ConnectionLostError extends PoolError {
  override readonly name = "ConnectionLostError";
  readonly code = "POOL_CONNECTION_LOST";
  /** True only where nothing of the operation had been sent. */
  readonly isSafeToRetry: boolean;

  /** @param details.wasHeld - what was lost with the connection, where no operation was under way. */
  constructor(connectionId: string, details: { wasSent: boolean; wasHeld?: string; cause?: unknown }) {
    super(
      details.wasHeld !== undefined
        ? `connection ${connectionId} was lost, and ${details.wasHeld} with it; take it again before going on`
        : details.wasSent
          ? `connection ${connectionId} was lost while an operation was under way; whether the server carried it out is unknown`
          : `connection ${connectionId} was lost before the operation was sent; acquire another one`,
      details.cause === undefined ? undefined : { cause: details.cause },
    );
    this.isSafeToRetry = !details.wasSent;
  }
}

/** An operation took longer than its `timeoutMillis` and was cancelled on the server. */
export class QueryTimeoutError extends PoolError {
  override readonly name = "QueryTimeoutError";
  readonly code = "POOL_QUERY_TIMEOUT";
  readonly isSafeToRetry = false;
  readonly timeoutMillis: number;

  constructor(timeoutMillis: number) {
    super(`the operation was cancelled after ${timeoutMillis} ms; raise timeoutMillis or make it cheaper`);
    this.timeoutMillis = timeoutMillis;
  }
}

/** COMMIT was sent and its answer never came: the connection died, or the caller gave up on a server that fell silent. */
export class AmbiguousCommitError extends PoolError {
  override readonly name = "AmbiguousCommitError";
  readonly code = "POOL_AMBIGUOUS_COMMIT";
  readonly isSafeToRetry = false;
  /** The transaction's 64-bit id in decimal, for `pg_xact_status()`; null where the transaction wrote nothing or the id is unknown. */
  readonly transactionId: string | null;

  constructor(transactionId: string | null, cause: unknown) {
    super(
      "COMMIT was sent and the server's answer never came; " +
        (transactionId === null
          ? "whether the transaction was committed is unknown"
          : `ask pg_xact_status('${transactionId}') whether it was committed`),
      { cause },
    );
    this.transactionId = transactionId;
  }
}

/** A transaction was used when it could not be: after its end, beside its open savepoint, or inside another one. */
export class TransactionStateError extends PoolError {
  override readonly name = "TransactionStateError";
  readonly code = "POOL_TRANSACTION_STATE";
  readonly isSafeToRetry = false;
}

/** A lease was used after its release, and nothing reached the wire; or what still ran at its release was cancelled. */
export class LeaseReleasedError extends PoolError {
  override readonly name = "LeaseReleasedError";
  readonly code = "POOL_LEASE_RELEASED";
  readonly isSafeToRetry = false;

  constructor(connectionId: string) {
    super(`the lease of connection ${connectionId} has been released; acquire a new one`);
  }
}

/** A setting is wrong; the message names where it came from and what to do. Never holds a password. */
export class ConfigError extends PoolError {
  override readonly name = "ConfigError";
  readonly code = "POOL_CONFIG";
  readonly isSafeToRetry = false;
  /** Where the wrong value came from, such as `the connection string` or `PGPORT`; null where it is not one value. */
  readonly source: string | null;

  constructor(message: string, options: { source?: string | null; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.source = options.source ?? null;
  }
}
