import type { Cell, MoreRows, StatementStateView, TimingView } from "../../../shared/protocol/results.ts";
import type { Column, Execution, Notice, RowPage } from "../database.ts";
import type { Failure } from "../failure.ts";

/** Where a statement stands in its document; offsets are UTF-16 of the text at the time of the run. */
export interface StatementOrigin {
  readonly uri: string;
  readonly offset: number;
  /** 1-based. */
  readonly line: number;
}

/** The rows of one statement that are kept here. */
export interface KeptRows {
  readonly columns: readonly Column[];
  readonly rows: (readonly Cell[])[];
  more: MoreRows;
  isLoading: boolean;
}

/** A place in the editor, 1-based. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** One statement of a run, from the queue to its outcome. Changed by its run alone. */
export class StatementRecord {
  readonly id: number;
  readonly text: string;
  readonly origin: StatementOrigin;
  readonly copyData: string | null;
  state: StatementStateView = "queued";
  command: string | null = null;
  affected: number | null = null;
  timing: TimingView | null = null;
  kept: KeptRows | null = null;
  failure: Failure | null = null;
  failedAt: Place | null = null;
  readonly notices: Notice[] = [];

  constructor(options: { id: number; text: string; origin: StatementOrigin; copyData: string | null }) {
    this.id = options.id;
    this.text = options.text;
    this.origin = options.origin;
    this.copyData = options.copyData;
  }

  /** Whether as many rows are kept as the settings allow. */
  get isFull(): boolean {
    return this.kept?.more === "limit";
  }

  /** Takes what the server gave; rows beyond `maxRows` are dropped. */
  complete(execution: Execution, limits: { waitMillis: number; maxRows: number }): void {
    const { waitMillis, maxRows } = limits;
    this.state = "done";
    this.command = execution.command;
    this.affected = execution.rowCount;
    this.timing = {
      waitMillis,
      serverMillis: execution.serverMillis,
      fetchMillis: execution.fetchMillis,
    };
    if (execution.columns.length === 0) return;
    const isOverLimit = execution.rows.length > maxRows;
    const rows = isOverLimit ? execution.rows.slice(0, maxRows) : [...execution.rows];
    const unread = execution.reader === null ? "closed" : "open";
    const more = isOverLimit ? "limit" : execution.hasMore ? unread : "none";
    this.kept = { columns: execution.columns, rows, more, isLoading: false };
  }

  fail(failure: Failure, place: Place | null): void {
    this.state = failure.isCancelled ? "cancelled" : "failed";
    this.failure = failure;
    this.failedAt = place;
  }

  /** Adds the rows of another page, read in `fetchMillis`. */
  append(
    { rows, isLast }: RowPage,
    { maxRows, fetchMillis }: { maxRows: number; fetchMillis: number },
  ): void {
    if (this.kept === null) return;
    const room = maxRows - this.kept.rows.length;
    for (const row of rows.slice(0, room)) this.kept.rows.push(row);
    if (isLast) this.kept.more = rows.length > room ? "limit" : "none";
    else if (this.kept.rows.length >= maxRows) this.kept.more = "limit";
    if (this.timing !== null) {
      this.timing = { ...this.timing, fetchMillis: this.timing.fetchMillis + fetchMillis };
    }
  }

  /** The connection was given back: rows that were not fetched are out of reach. */
  closeReader(): void {
    if (this.kept?.more === "open") this.kept.more = "closed";
  }
}
