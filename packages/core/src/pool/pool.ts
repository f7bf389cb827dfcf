import type { CopyOutput, CopyResult, CopySource } from "../connection/copy.ts";
import type { Cursor } from "../connection/cursor.ts";
import { durationError, isDuration, mustBeDuration } from "../connection/duration.ts";
import { withSignal } from "../connection/limit.ts";
import type { ListenHub, ListenOptions, Subscription } from "../connection/listen.ts";
import type {
  CursorOptions,
  OperationOptions,
  QueryOptions,
  QueryResult,
  QueryValue,
  Row,
} from "../connection/query.ts";
import type { Transaction, TransactionOptions } from "../connection/transaction.ts";
import { rulesOf } from "../connection/verb-rules.ts";
import type { Engine } from "../engine/engine.ts";
import type { Holder } from "../engine/holder.ts";
import type { SizeChanges } from "../engine/options.ts";
import type { Slot } from "../engine/slot.ts";
import type { EngineStats, SlotView } from "../engine/stats.ts";
import { PoolClosedError } from "../errors.ts";
import { checkOptions, noOptions, optionsError } from "../option-rules.ts";
import type { CheckoutKind, PoolTelemetry } from "../telemetry/pool-telemetry.ts";
import { type AcquireOptions, Acquisition } from "./acquisition.ts";
import { budget } from "./budget.ts";
import { type CallerTrace, callerTrace } from "./caller-trace.ts";
import { Desk } from "./desk.ts";
import type { PoolListener } from "./events.ts";
import { judge, type PoolHealth } from "./health.ts";
import { Holders } from "./holders.ts";
import { Lease } from "./lease.ts";
import type { Member } from "./member.ts";
import type { ResolvedPoolOptions } from "./options.ts";
import { PoolCopyOutput } from "./pool-copy-output.ts";
import { PoolCursor } from "./pool-cursor.ts";
import { freeName } from "./pool-name.ts";
import type { PoolObserver } from "./pool-observer.ts";
import { poolRulesOf } from "./pool-rules.ts";
import { nothingShared, SharedLanes, type SharingStats } from "./shared-lanes.ts";

/** What a pool is made of; `createPool` puts it together. */
export interface PoolParts {
  readonly options: ResolvedPoolOptions;
  readonly engine: Engine<Member, Acquisition>;
  readonly observer: PoolObserver;
  readonly telemetry: PoolTelemetry;
  readonly hub: ListenHub;
}

/**
 * Connections that are reused.
 *
 * Every verb that takes a connection gives it back by itself, but `acquire` and `tryAcquire`, whose lease is the caller's to release.
 */
export class Pool implements AsyncDisposable {
  readonly name: string;
  readonly #options: ResolvedPoolOptions;
  readonly #engine: Engine<Member, Acquisition>;
  readonly #observer: PoolObserver;
  readonly #telemetry: PoolTelemetry;
  readonly #hub: ListenHub;
  readonly #holders = new Holders();
  readonly #desk: Desk;
  readonly #lanes: SharedLanes | null;
  /** Whether anybody has wanted a connection. */
  #isInUse = false;
  /** Whether its name is free; by then another pool may have it. */
  #isGone = false;

  constructor(parts: PoolParts) {
    this.name = parts.options.name;
    this.#options = parts.options;
    this.#engine = parts.engine;
    this.#observer = parts.observer;
    this.#telemetry = parts.telemetry;
    this.#hub = parts.hub;
    this.#desk = new Desk(parts.engine);
    const { pipelining, engine, clock } = parts.options;
    this.#lanes =
      pipelining === null
        ? null
        : new SharedLanes({
            engine: parts.engine,
            observer: parts.observer,
            telemetry: parts.telemetry,
            desk: this.#desk,
            options: pipelining,
            clock,
            trustMillis: engine.validateAfterIdleMillis,
            acquireTimeoutMillis: parts.options.acquireTimeoutMillis,
          });
  }

  /**
   * Opens connections up to `min` and `minIdle`, as the first acquire does. An acquire does not need it.
   *
   * @param options.wait - resolves when they are open, and rejects with the reason why they cannot be. Default: false.
   * @param options.timeoutMillis - how long to wait, in milliseconds. `null` = no limit. Default: `acquireTimeoutMillis`.
   */
  async open(
    options: { wait?: boolean | undefined; timeoutMillis?: number | null | undefined } = {},
  ): Promise<void> {
    checkOptions(poolRulesOf.open, options);
    this.#telemetry.refresh();
    this.#engine.open();
    const { timeoutMillis = this.#options.acquireTimeoutMillis } = options;
    mustBeDuration("timeoutMillis", timeoutMillis);
    if (options.wait === true) await this.#desk.vigil.during(this.#engine.whenFilled(timeoutMillis));
  }

  /** Opens connections until `count` exist, as far as `max` has room; they then live as all others do. */
  prewarm(count: number): void {
    this.#engine.prewarm(count);
  }

  /**
   * Resolves with a lease, which the caller must release: `await using lease = await pool.acquire()`.
   *
   * @throws {AcquireTimeoutError} no connection came in time.
   * @throws {QueueFullError} `maxWaiting` callers wait already.
   * @throws {PoolDeadlockError} called inside `use` or `transaction` when no connection can ever come free.
   * @throws {PoolClosedError} the pool is closed or draining.
   */
  acquire(options: AcquireOptions = noOptions): Promise<Lease> {
    const mistake = optionsError(poolRulesOf.acquire, options);
    if (mistake !== null) return Promise.reject(mistake);
    return this.#acquire("explicit", options, { trace: this.#trace(this.acquire) });
  }

  /** The connection at hand, or null where a caller would have to wait; it is not validated. */
  tryAcquire(): Lease | null {
    const holder = this.#holders.current();
    const stack = this.#trace(this.tryAcquire)?.stack ?? null;
    const slot = this.#engine.tryAcquire({ holder, lessee: null, stack });
    this.#keepMinimum();
    return slot === null ? null : this.#desk.grant(slot);
  }

  /** Runs the callback with a connection, and releases it when the callback has settled. */
  use<T>(callback: (connection: Lease) => T | Promise<T>, options: AcquireOptions = noOptions): Promise<T> {
    const mistake = optionsError(poolRulesOf.use, options);
    return mistake === null ? this.#use(callback, options, callerTrace(this.use)) : Promise.reject(mistake);
  }

  /** Runs one statement on any connection; see `Connection.query`. An SQL error keeps the connection. */
  async query<R = Row>(
    text: string,
    values?: readonly QueryValue[],
    options: QueryOptions = noOptions,
  ): Promise<QueryResult<R>> {
    checkOptions(rulesOf.query, options);
    const shared = this.#share<R>(text, values, options);
    if (shared !== null) return shared;
    const limits = budget(options, this.#options);
    const lease = await this.#acquire("query", limits.acquire, { trace: this.#trace(this.query) });
    try {
      if (this.#lanes === null) return await lease.query<R>(text, values, limits.rest());
      return await this.#lanes.learn(text, () => lease.query<R>(text, values, limits.rest()));
    } finally {
      lease.release();
    }
  }

  /** Runs several statements in one text on one connection; see `Connection.script`. */
  async script(text: string, options: OperationOptions = noOptions): Promise<QueryResult[]> {
    checkOptions(rulesOf.script, options);
    const limits = budget(options, this.#options);
    const lease = await this.#acquire("query", limits.acquire, { trace: this.#trace(this.script) });
    try {
      return await lease.script(text, limits.rest());
    } finally {
      lease.release();
    }
  }

  /** Runs the callback in a transaction: committed when it resolves, rolled back when it rejects. */
  async transaction<T>(
    callback: (transaction: Transaction) => T | Promise<T>,
    options: TransactionOptions = noOptions,
  ): Promise<T> {
    checkOptions(rulesOf.transaction, options);
    const limits = budget(options, this.#options);
    const trace = callerTrace(this.transaction);
    return this.#use((connection) => connection.transaction(callback, limits.rest()), limits.acquire, trace);
  }

  /** A cursor over one statement, on a connection of its own from the first read to the end. */
  cursor<R = Row>(
    text: string,
    values?: readonly QueryValue[],
    options: CursorOptions = noOptions,
  ): Cursor<R> {
    checkOptions(rulesOf.cursor, options);
    const { acquire } = budget(options, this.#options);
    return new PoolCursor<R>(this.#lateAcquire(acquire, this.#trace(this.cursor)), { text, values, options });
  }

  /** Feeds a `COPY … FROM STDIN` on a connection of its own. */
  async copyFrom(
    text: string,
    source: CopySource,
    options: OperationOptions = noOptions,
  ): Promise<CopyResult> {
    checkOptions(rulesOf.copyFrom, options);
    const limits = budget(options, this.#options);
    const trace = callerTrace(this.copyFrom);
    return this.#use((connection) => connection.copyFrom(text, source, limits.rest()), limits.acquire, trace);
  }

  /** The output of a `COPY … TO STDOUT`, on a connection of its own from the first chunk to the end. */
  copyTo(text: string, options: OperationOptions = noOptions): CopyOutput {
    checkOptions(rulesOf.copyTo, options);
    const { acquire } = budget(options, this.#options);
    return new PoolCopyOutput(this.#lateAcquire(acquire, this.#trace(this.copyTo)), text, options);
  }

  /** Listens to a channel, on a connection beside the pool that all channels share and that is reopened when it is lost. */
  listen(channel: string, options: ListenOptions): Promise<Subscription> {
    return this.#hub.listen(channel, options);
  }

  /** One atomic snapshot of the pool's numbers. */
  stats(): PoolStats {
    return { ...this.#engine.stats(), ...(this.#lanes?.stats() ?? nothingShared) };
  }

  /** The same; then the counters start from zero. */
  takeStats(): PoolStats {
    return { ...this.#engine.takeStats(), ...(this.#lanes?.takeStats() ?? nothingShared) };
  }

  /** Every connection with its state, for a person to look at. */
  slots(): PoolSlot[] {
    return this.#engine.slots().map(({ connection, ...view }) => ({
      ...view,
      backendPid: connection?.session.identity.backendPid ?? null,
    }));
  }

  /** Whether the pool serves its callers; sends nothing. */
  health(): PoolHealth {
    return judge(this.stats(), this.#observer.lastConnectError);
  }

  /** Calls back for each event of the pool until the returned function is called. */
  onEvent(listener: PoolListener): () => void {
    return this.#observer.subscribe(listener);
  }

  /** Changes the sizes. What is above the new `max` is closed when it comes back; nothing in use is touched. */
  resize(changes: SizeChanges): void {
    checkOptions(poolRulesOf.resize, changes);
    this.#engine.resize(changes);
  }

  /** Replaces every connection: what is open now is not handed out again, and closes when it is not in use. */
  async evictAll(): Promise<void> {
    await this.#desk.vigil.during(this.#engine.evictAll());
  }

  /** Closes what lies idle now, and touches nothing else; what the minimum asks for is opened anew. */
  evictIdle(): void {
    this.#engine.evictIdle();
  }

  /** Hands nothing out until `resume()`; callers queue in order, and their deadlines go on. */
  suspend(): void {
    this.#engine.suspend();
  }

  resume(): void {
    this.#engine.resume();
  }

  /** Refuses new acquires, serves those who wait, and resolves when nothing is in use. The connections stay open until `close()`. */
  drain(): Promise<void> {
    return this.#desk.vigil.during(this.#engine.drain());
  }

  /**
   * Rejects waiters, waits for leases, cancels what runs on those that are left, and closes every socket. Always resolves; then there is
   * no socket, timer or listener left.
   *
   * @param options.timeoutMillis - how long leases may take, in milliseconds. `null` = as long as they need. Default: 5 000.
   */
  async close(options: { timeoutMillis?: number | null | undefined } = noOptions): Promise<void> {
    checkOptions(poolRulesOf.close, options);
    const { timeoutMillis = 5_000 } = options;
    mustBeDuration("timeoutMillis", timeoutMillis);
    const cancelLease = ({ connection: { session } }: Slot<Member>): void => {
      session.cancelRunning(new PoolClosedError(this.name)).catch(() => session.destroy());
    };
    const closing = Promise.all([this.#engine.close({ timeoutMillis, cancelLease }), this.#hub.close()]);
    await this.#desk.vigil.during(closing);
    if (this.#isGone) return;
    this.#isGone = true;
    this.#desk.vigil.over();
    this.#telemetry.close();
    freeName(this.name);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #use<T>(
    callback: (connection: Lease) => T | Promise<T>,
    options: AcquireOptions,
    trace: CallerTrace,
  ): Promise<T> {
    const holder = this.#holders.enter();
    const lease = await this.#acquire("explicit", options, { lessee: holder, trace });
    try {
      return await this.#holders.run(holder, () => Lease.inside(lease, () => callback(lease)));
    } finally {
      lease.release();
    }
  }

  /**
   * The answer of a statement that shares a connection; null where this one must have its own. Whoever holds a connection may hold a
   * lock as well, for which the statement ahead on a shared connection waits: neither would ever go on, and the server could not
   * tell, since it sees one session only.
   */
  #share<R>(
    text: string,
    values: readonly QueryValue[] | undefined,
    options: QueryOptions,
  ): Promise<QueryResult<R>> | null {
    if (this.#lanes === null || this.#holders.current() !== null) return null;
    return this.#lanes.run<R>(text, values, options);
  }

  #acquire(kind: CheckoutKind, options: AcquireOptions, { lessee = null, trace }: Caller): Promise<Lease> {
    const signal = options.signal ?? null;
    if (signal?.aborted) return Promise.reject(signal.reason);
    const { timeoutMillis = this.#options.acquireTimeoutMillis } = options;
    if (!isDuration(timeoutMillis)) return Promise.reject(durationError("timeoutMillis", timeoutMillis));
    const acquisition = new Acquisition(this.#desk, {
      timeoutMillis,
      holder: this.#holders.current(),
      lessee,
      checkout: this.#telemetry.startCheckout(kind, trace),
      signal,
      trace,
    });
    this.#engine.acquire(acquisition);
    this.#keepMinimum();
    return acquisition.answer();
  }

  /** From the first caller on, as from `open()`: who asks for a minimum and never opens the pool gets it too. */
  #keepMinimum(): void {
    if (this.#isInUse) return;
    this.#isInUse = true;
    this.#engine.open();
  }

  /** An acquire that is not made yet, by whoever may leave before it is served. */
  #lateAcquire(options: AcquireOptions, trace: CallerTrace | null): (leaving: AbortSignal) => Promise<Lease> {
    return (leaving) => this.#acquire("explicit", withSignal(options, leaving), { trace });
  }

  /** Wanted by leak detection, by spans, and inside a callback: whoever takes part in a deadlock is shown. */
  #trace(verb: (...given: never[]) => unknown): CallerTrace | null {
    const { engine, telemetry } = this.#options;
    const isWanted = engine.leakThresholdMillis !== null || telemetry.callSites === true;
    return isWanted || this.#holders.current() !== null ? callerTrace(verb) : null;
  }
}

/** Who asks for a connection. */
interface Caller {
  /** The context that will hold it; null where that cannot be told. */
  readonly lessee?: Holder | null;
  /** Where the call was, where that is wanted. */
  readonly trace: CallerTrace | null;
}

/** A pool's numbers; see `EngineStats` for what each counts. */
export interface PoolStats extends EngineStats, SharingStats {}

/** One connection of a pool, for a person to look at. */
export interface PoolSlot extends Omit<SlotView<Member>, "connection"> {
  /** The server process; null while connecting, or where a pooler hides it. */
  readonly backendPid: number | null;
}
