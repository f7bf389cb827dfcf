import type { Cell, MoreRows, StatementStateView, TimingView } from "../../../shared/protocol/results.ts";
import type { Column, Execution, Notice, RowPage } from "../database.ts";
import type { Failure } from "../failure.ts";
import { sizeOfRow } from "./row-size.ts";

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
  /** About how much memory the rows take. */
  bytes: number;
  more: MoreRows;
  isLoading: boolean;
}

/** How much is kept of one result. */
export interface KeptLimits {
  readonly maxRows: number;
  /** About so much memory; one row is always kept. */
  readonly maxBytes: number;
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

  /** Whether as much is kept as the settings allow. */
  get isFull(): boolean {
    return this.kept?.more === "limit" || this.kept?.more === "size";
  }

  /** Takes what the server gave; what is beyond the limits is dropped. */
  complete(execution: Execution, { waitMillis, ...limits }: KeptLimits & { waitMillis: number }): void {
    const { columns, rows, reader, hasMore, serverMillis, fetchMillis } = execution;
    this.state = "done";
    this.command = execution.command;
    this.affected = execution.rowCount;
    this.timing = { waitMillis, serverMillis, fetchMillis };
    if (columns.length === 0) return;
    this.kept = { columns, rows: [], bytes: 0, more: "none", isLoading: false };
    const unread = reader === null ? "closed" : "open";
    this.kept.more =
      keep(this.kept, rows, limits) ?? (hasMore ? (excess(this.kept, limits) ?? unread) : "none");
  }

  fail(failure: Failure, place: Place | null): void {
    this.state = failure.isCancelled ? "cancelled" : "failed";
    this.failure = failure;
    this.failedAt = place;
  }

  /** Adds the rows of another page, read in `fetchMillis`. */
  append({ rows, isLast }: RowPage, { fetchMillis, ...limits }: KeptLimits & { fetchMillis: number }): void {
    const { kept } = this;
    if (kept === null) return;
    kept.more = keep(kept, rows, limits) ?? (isLast ? "none" : (excess(kept, limits) ?? kept.more));
    if (this.timing !== null) {
      this.timing = { ...this.timing, fetchMillis: this.timing.fetchMillis + fetchMillis };
    }
  }

  /** The connection was given back: rows that were not fetched are out of reach. */
  closeReader(): void {
    if (this.kept?.more === "open") this.kept.more = "closed";
  }
}

/** Keeps rows up to the limits; says which one it ran into, or null where all of them fitted. */
function keep(kept: KeptRows, rows: RowPage["rows"], limits: KeptLimits): MoreRows | null {
  for (const row of rows) {
    const size = sizeOfRow(row);
    const limit = excess(kept, limits, size);
    if (limit !== null) return limit;
    kept.rows.push(row);
    kept.bytes += size;
  }
  return null;
}

/** The limit that rules out one more row of a size. */
function excess({ rows, bytes }: KeptRows, { maxRows, maxBytes }: KeptLimits, size = 1): MoreRows | null {
  if (rows.length >= maxRows) return "limit";
  return rows.length > 0 && bytes + size > maxBytes ? "size" : null;
}
