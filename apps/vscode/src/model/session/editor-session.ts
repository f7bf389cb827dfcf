import type { Cell } from "../../../shared/protocol/results.ts";
import type { Clock, Database, DatabaseLease, Execution, RowPage } from "../database.ts";
import { said } from "../said.ts";
import { carriedBy } from "./carried.ts";
import { SessionLostError } from "./session-lost-error.ts";
import { SessionReading } from "./session-reading.ts";
import type {
  EditorSessionOptions,
  OpenTransaction,
  SessionRequest,
  SessionStatement,
} from "./session-request.ts";

/** A session holds a connection only while it runs, or while giving it back would lose something. */
export type SessionState =
  | { readonly kind: "free" }
  | { readonly kind: "waiting"; readonly since: number; readonly statement: SessionStatement }
  | {
      readonly kind: "running" | "kept";
      readonly since: number;
      readonly statement: SessionStatement;
      readonly lease: DatabaseLease;
    };

const NOTHING_ELSE = {
  askValues: null,
  pageSize: 1,
  copyData: null,
  onReaderClosed: () => {},
  onNotice: () => {},
  onStarted: () => {},
} as const;

/**
 * One editor's use of a pool.
 *
 * Invariants: at most one statement runs at a time; a lease exists exactly in the states `running` and `kept`;
 * `settle` ends every run, and leaves the state `kept` only while there is a reason to. What a lost connection carried is
 * never replaced unseen: the next statement fails once.
 */
export class EditorSession {
  readonly database: Database;
  readonly #options: EditorSessionOptions;
  readonly #clock: Clock;
  readonly #reading: SessionReading;
  #state: SessionState = { kind: "free" };
  #isRunning = false;
  /** Set while the values of a statement's parameters are asked for; aborted where the connection is lost meanwhile. */
  #asking: AbortController | null = null;
  #transactionSince: number | null = null;
  /** What the connection carried when it began to be kept: afterwards a lost one says nothing. */
  #carriedBefore: readonly string[] = [];
  #unreportedLoss: readonly string[] | null = null;

  constructor(options: EditorSessionOptions) {
    this.database = options.database;
    this.#options = options;
    this.#clock = options.clock;
    this.#reading = new SessionReading({
      clock: options.clock,
      keepMillis: options.keepReaderMillis,
      onExpired: () => void this.endReading(),
    });
  }

  get state(): SessionState {
    return this.#state;
  }

  get lease(): DatabaseLease | null {
    return this.#state.kind === "running" || this.#state.kind === "kept" ? this.#state.lease : null;
  }

  /** Whether a run is under way, between its statements too. */
  get isRunning(): boolean {
    return this.#isRunning;
  }

  /** The transaction that is open, also while a statement runs in it. */
  get transaction(): OpenTransaction | null {
    const status = this.lease?.transactionStatus ?? "idle";
    if (status === "idle" || this.#transactionSince === null) return null;
    return { status, since: this.#transactionSince };
  }

  /** Whether the values of a statement's parameters are being asked for. */
  get isAsking(): boolean {
    return this.#asking !== null;
  }

  /** Why the connection is kept; empty where it goes back after the run. */
  get reasons(): readonly string[] {
    const lease = this.lease;
    if (lease === null) return [];
    const mode = this.#options.mode();
    const reasons = mode === "pooled" ? [] : [...carriedBy(lease)];
    if (this.isAsking) reasons.push(said("parameter values are asked for"));
    if (this.#reading.isOpen) reasons.push(said("more rows to load"));
    if (mode === "pinned") reasons.push(said("pinned"));
    return reasons;
  }

  /** Marks the beginning of a run; `settle` is its end. */
  begin(): void {
    if (this.#isRunning) throw new Error("bug: the session already runs");
    this.#isRunning = true;
  }

  /** Runs one statement on the session's connection, which is acquired first where the session has none. */
  async execute(request: SessionRequest): Promise<Execution> {
    const { statement, signal } = request;
    const startedAt = this.#clock.now();
    this.#refuseAfterLoss();
    await this.closeReader();
    const lease = this.lease ?? (await this.#acquire(statement, signal));
    const waitMillis = this.#clock.now() - startedAt;
    lease.onNotice(request.onNotice);
    const values = await this.#askValues(request, lease);
    this.#moveTo({ kind: "running", since: this.#clock.now(), statement, lease });
    request.onStarted(waitMillis);
    const { pageSize, copyData } = request;
    const caller = { path: this.#options.path(), line: statement.line };
    try {
      const options = { signal, pageSize, copyData, values, caller };
      const execution = await lease.execute(request.sent, options);
      if (execution.reader === null) return execution;
      const isKept = await this.#reading.keep(execution.reader, request.onReaderClosed);
      return isKept ? execution : { ...execution, reader: null };
    } finally {
      this.#noteTransaction();
    }
  }

  /** Ends the transaction of a session that keeps its connection for it; `COMMIT` of a failed one is a `ROLLBACK`. */
  async endTransaction(verb: "commit" | "rollback", signal: AbortSignal): Promise<string> {
    const { state } = this;
    if (state.kind !== "kept") throw new Error("bug: no transaction is kept");
    const { statement } = state;
    this.begin();
    try {
      const { command } = await this.execute({
        ...NOTHING_ELSE,
        statement: { ...statement, text: verb },
        sent: verb,
        signal,
      });
      return command;
    } finally {
      await this.settle();
    }
  }

  /** Ends a run: gives the connection back where nothing would be lost by it. */
  async settle(): Promise<void> {
    this.#isRunning = false;
    await this.#releaseIfClean();
  }

  /**
   * Reads on with the open reader, page by page, as long as `take` wants more.
   *
   * @returns false where there is nothing to read, since the reader was closed or the session runs something else.
   */
  async readOn(count: number, take: (page: RowPage) => Promise<boolean>): Promise<boolean> {
    if (!this.#reading.isOpen || this.#isRunning) return false;
    this.begin();
    try {
      await this.#reading.read(count, take);
    } finally {
      await this.settle();
    }
    return true;
  }

  /** Ends `readOn` soon; resolves when the session is free for something else. */
  stopReading(): Promise<void> {
    return this.#reading.stop();
  }

  /** Closes the reader, and gives the connection back where it was kept for that alone. */
  async endReading(): Promise<void> {
    await this.closeReader();
    if (!this.#isRunning) await this.#releaseIfClean();
  }

  closeReader(): Promise<void> {
    return this.#reading.close();
  }

  /** Gives the connection back whatever it carries; the pool resets it. */
  async release(): Promise<void> {
    await this.closeReader();
    const lease = this.lease;
    if (lease === null || this.#isRunning) return;
    await this.#giveBack(lease);
  }

  async #acquire(statement: SessionStatement, signal: AbortSignal): Promise<DatabaseLease> {
    this.#moveTo({ kind: "waiting", since: this.#clock.now(), statement });
    try {
      const caller = { path: this.#options.path(), line: statement.line };
      const lease = await this.database.acquire(signal, caller);
      lease.onLost(() => this.#lost(lease));
      return lease;
    } catch (error) {
      this.#moveTo({ kind: "free" });
      throw error;
    }
  }

  async #releaseIfClean(): Promise<void> {
    const state = this.#state;
    if (state.kind !== "running" && state.kind !== "kept") return;
    state.lease.onNotice(null);
    if (this.reasons.length > 0) {
      const since = state.kind === "kept" ? state.since : this.#clock.now();
      this.#moveTo({ ...state, kind: "kept", since });
      return;
    }
    const carried = carriedBy(state.lease);
    await this.#giveBack(state.lease);
    if (carried.length > 0) this.#options.onLoss({ cause: "pooled", carried });
  }

  async #giveBack(lease: DatabaseLease): Promise<void> {
    this.#transactionSince = null;
    this.#moveTo({ kind: "free" });
    await lease.release();
  }

  async #askValues(request: SessionRequest, lease: DatabaseLease): Promise<readonly Cell[]> {
    if (request.askValues === null) return [];
    const asking = new AbortController();
    this.#asking = asking;
    this.#moveTo({ kind: "kept", since: this.#clock.now(), statement: request.statement, lease });
    const signal = AbortSignal.any([request.signal, asking.signal]);
    try {
      const values = await request.askValues(lease, signal);
      signal.throwIfAborted();
      return values;
    } finally {
      this.#asking = null;
      this.#noteTransaction();
    }
  }

  /** A transaction is as old as the statement that began it. */
  #noteTransaction(): void {
    const state = this.#state;
    const status = this.lease?.transactionStatus ?? "idle";
    if (status === "idle") this.#transactionSince = null;
    else if (state.kind === "running") this.#transactionSince ??= state.since;
  }

  /** The connection ended while it was kept. One that runs a statement tells its caller itself. */
  #lost(lease: DatabaseLease): void {
    const state = this.#state;
    if (state.kind !== "kept" || state.lease !== lease) return;
    const carried = this.#carriedBefore;
    void this.closeReader();
    void this.#giveBack(lease);
    const asking = this.#asking;
    asking?.abort(new SessionLostError(carried));
    if (carried.length === 0) return;
    // Whoever was asked for values is told by that already.
    if (asking === null) this.#unreportedLoss = carried;
    this.#options.onLoss({ cause: "lost", carried });
  }

  #refuseAfterLoss(): void {
    const carried = this.#unreportedLoss;
    this.#unreportedLoss = null;
    if (carried !== null) throw new SessionLostError(carried);
  }

  #moveTo(state: SessionState): void {
    this.#state = state;
    this.#carriedBefore = state.kind === "kept" ? carriedBy(state.lease) : [];
    this.#options.onChange();
  }
}
