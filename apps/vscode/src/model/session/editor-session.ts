import type {
  Clock,
  Database,
  DatabaseLease,
  Execution,
  Notice,
  RowPage,
  RowReader,
  SessionTrait,
} from "../database.ts";

/** The statement that a session runs or ran last, for those who ask who holds a connection. */
export interface SessionStatement {
  readonly text: string;
  /** 1-based line in the editor. */
  readonly line: number;
}

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

export interface SessionRequest {
  readonly statement: SessionStatement;
  readonly signal: AbortSignal;
  readonly pageSize: number;
  readonly copyData: string | null;
  /** Called when the open reader of this statement is closed, so that no more of its rows can be loaded. */
  readonly onReaderClosed: () => void;
  readonly onNotice: (notice: Notice) => void;
  /** Called when the pool has given a connection and the statement is sent. */
  readonly onStarted: (waitMillis: number) => void;
}

interface OpenReader {
  readonly reader: RowReader;
  readonly onClosed: () => void;
  readonly stopTimer: () => void;
}

/** What would be lost, by trait. What is unknown is no reason: the pool cleans it, and every DO block would keep its connection. */
const TRAIT_REASONS: Readonly<Record<SessionTrait, string | null>> = {
  settings: "session settings",
  listen: "LISTEN",
  temporary_table: "temporary table",
  held_cursor: "held cursor",
  advisory_lock: "advisory lock",
  prepared_statement: "prepared statement",
  role: "SET ROLE",
  unknown: null,
};

/**
 * One editor's use of a pool.
 *
 * Invariants: at most one statement runs at a time; a lease exists exactly in the states `running` and `kept`;
 * `settle` ends every run, and leaves the state `kept` only while there is a reason to.
 */
export class EditorSession {
  readonly database: Database;
  readonly #clock: Clock;
  readonly #path: string;
  readonly #keepReaderMillis: () => number;
  readonly #onChange: () => void;
  #state: SessionState = { kind: "free" };
  #reader: OpenReader | null = null;
  #isRunning = false;

  /** @param options.path - the document's URI as text. */
  constructor(options: {
    database: Database;
    path: string;
    clock: Clock;
    keepReaderMillis: () => number;
    onChange: () => void;
  }) {
    this.database = options.database;
    this.#path = options.path;
    this.#clock = options.clock;
    this.#keepReaderMillis = options.keepReaderMillis;
    this.#onChange = options.onChange;
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

  /** Why the connection cannot be given back without a loss; empty where it can. */
  get reasons(): readonly string[] {
    const lease = this.lease;
    if (lease === null) return [];
    const reasons: string[] = [];
    if (lease.transactionStatus === "transaction") reasons.push("open transaction");
    if (lease.transactionStatus === "failed") reasons.push("failed transaction");
    for (const trait of lease.traits) {
      const reason = TRAIT_REASONS[trait];
      if (reason !== null) reasons.push(reason);
    }
    if (this.#reader !== null) reasons.push("more rows to load");
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
    await this.closeReader();
    const lease = this.lease ?? (await this.#acquire(statement, signal));
    this.#moveTo({ kind: "running", since: this.#clock.now(), statement, lease });
    request.onStarted(this.#clock.now() - startedAt);
    lease.onNotice(request.onNotice);
    const { pageSize, copyData } = request;
    const execution = await lease.execute(statement.text, {
      signal,
      pageSize,
      copyData,
      caller: { path: this.#path, line: statement.line },
    });
    if (execution.reader === null) return execution;
    const isKept = await this.#keep(execution.reader, request.onReaderClosed);
    return isKept ? execution : { ...execution, reader: null };
  }

  /** Ends a run: gives the connection back where nothing would be lost by it. */
  async settle(): Promise<void> {
    this.#isRunning = false;
    await this.#releaseIfClean();
  }

  /** Reads on with the open reader; null where it was closed in the meantime. */
  async readMore(count: number): Promise<RowPage | null> {
    const open = this.#reader;
    if (open === null || this.#isRunning) return null;
    this.begin();
    try {
      const page = await open.reader.read(count);
      if (page.isLast) await this.closeReader();
      return page;
    } catch (error) {
      await this.closeReader();
      throw error;
    } finally {
      await this.settle();
    }
  }

  async closeReader(): Promise<void> {
    const open = this.#reader;
    if (open === null) return;
    this.#reader = null;
    open.stopTimer();
    open.onClosed();
    // A reader that cannot be closed has lost its connection; the next operation on it will say so.
    await open.reader.close().catch(() => {});
  }

  /** Gives the connection back whatever it carries; the pool resets it. */
  async release(): Promise<void> {
    await this.closeReader();
    const lease = this.lease;
    if (lease === null || this.#isRunning) return;
    this.#moveTo({ kind: "free" });
    await lease.release();
  }

  async #acquire(statement: SessionStatement, signal: AbortSignal): Promise<DatabaseLease> {
    this.#moveTo({ kind: "waiting", since: this.#clock.now(), statement });
    try {
      return await this.database.acquire(signal, { path: this.#path, line: statement.line });
    } catch (error) {
      this.#moveTo({ kind: "free" });
      throw error;
    }
  }

  async #keep(reader: RowReader, onClosed: () => void): Promise<boolean> {
    const keepMillis = this.#keepReaderMillis();
    if (keepMillis === 0) {
      await reader.close();
      return false;
    }
    const stopTimer = this.#clock.after(keepMillis, () => void this.#expireReader(reader));
    this.#reader = { reader, onClosed, stopTimer };
    return true;
  }

  async #expireReader(reader: RowReader): Promise<void> {
    if (this.#reader?.reader !== reader || this.#isRunning) return;
    await this.closeReader();
    await this.#releaseIfClean();
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
    this.#moveTo({ kind: "free" });
    await state.lease.release();
  }

  #moveTo(state: SessionState): void {
    this.#state = state;
    this.#onChange();
  }
}
