import type { Cell } from "../../../shared/protocol/results.ts";
import type { Clock, Database, DatabaseLease, Notice, TransactionStatus } from "../database.ts";

/** The statement that a session runs or ran last, for those who ask who holds a connection. */
export interface SessionStatement {
  readonly text: string;
  /** 1-based line in the editor. */
  readonly line: number;
}

/**
 * When a session gives its connection back: `auto` once that loses nothing, `pinned` when it is told to, `pooled` after
 * each run, whatever is lost by it.
 */
export type SessionMode = "auto" | "pinned" | "pooled";

/** A transaction that is open; `since` is on the session's clock. */
export interface OpenTransaction {
  readonly status: Exclude<TransactionStatus, "idle">;
  readonly since: number;
}

export interface SessionRequest {
  readonly statement: SessionStatement;
  /** What is sent, where that is not the statement's text itself. */
  readonly sent: string;
  /**
   * Asks for the values of the statement's parameters on the connection that it will run on; null where it has none. The signal
   * ends the question, also where that connection is lost.
   */
  readonly askValues: ((lease: DatabaseLease, signal: AbortSignal) => Promise<readonly Cell[]>) | null;
  readonly signal: AbortSignal;
  readonly pageSize: number;
  readonly copyData: string | null;
  /** Called when the open reader of this statement is closed, so that no more of its rows can be loaded. */
  readonly onReaderClosed: () => void;
  readonly onNotice: (notice: Notice) => void;
  /** Called when the pool has given a connection and the statement is sent. */
  readonly onStarted: (waitMillis: number) => void;
}

export interface EditorSessionOptions {
  readonly database: Database;
  /** The document's URI as text. */
  readonly path: () => string;
  readonly clock: Clock;
  readonly keepReaderMillis: () => number;
  readonly mode: () => SessionMode;
  readonly onChange: () => void;
  /** Called with what was lost when the connection ended while the session kept it, or was given back in spite of it. */
  readonly onLoss: (loss: SessionLoss) => void;
}

/** What a session carried and carries no more. */
export interface SessionLoss {
  /** `lost`: the connection ended. `pooled`: it was given back, as the mode has it. */
  readonly cause: "lost" | "pooled";
  readonly carried: readonly string[];
}
