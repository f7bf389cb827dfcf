import type {
  ArrangementView,
  Cell,
  StatementStateView,
  TimingView,
} from "../../../shared/protocol/results.ts";
import type { Execution, Notice, RowPage } from "../database.ts";
import type { Failure } from "../failure.ts";
import { AS_THEY_CAME, ResultRows } from "./result-rows.ts";
import type { RowSpace } from "./table/row-space.ts";

/** Where a statement stands in its document; offsets are UTF-16 of the text at the time of the run. */
export interface StatementOrigin {
  readonly uri: string;
  readonly offset: number;
  /** 1-based. */
  readonly line: number;
}

export interface NewStatement {
  readonly text: string;
  readonly origin: StatementOrigin;
  readonly copyData: string | null;
  /** How its rows are to show, as they did before; as they come where that is not said. */
  readonly arrangement?: ArrangementView;
}

/** A statement as the server got it. */
export interface SentStatement {
  readonly text: string;
  readonly values: readonly Cell[];
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
  readonly #space: RowSpace;
  readonly #wanted: ArrangementView;
  state: StatementStateView = "queued";
  command: string | null = null;
  affected: number | null = null;
  timing: TimingView | null = null;
  kept: ResultRows | null = null;
  failure: Failure | null = null;
  failedAt: Place | null = null;
  /** What was sent to the server, with the values of its parameters; null before. */
  sent: SentStatement | null = null;
  readonly notices: Notice[] = [];

  constructor(options: NewStatement & { id: number; space: RowSpace }) {
    this.id = options.id;
    this.text = options.text;
    this.origin = options.origin;
    this.copyData = options.copyData;
    this.#space = options.space;
    this.#wanted = options.arrangement ?? AS_THEY_CAME;
  }

  /** How its rows show, or are to show when they are there. */
  get arrangement(): ArrangementView {
    return this.kept?.arrangement ?? this.#wanted;
  }

  /** Whether as much is kept as the settings allow. */
  get isFull(): boolean {
    return this.kept?.isFull === true;
  }

  /** Takes what the server gave; what is beyond the limits is dropped. */
  async complete(
    execution: Execution,
    { waitMillis, maxRows }: { waitMillis: number; maxRows: number },
  ): Promise<void> {
    const { columns, rows, reader, hasMore, serverMillis, fetchMillis } = execution;
    if (columns.length > 0) {
      const kept = new ResultRows(columns, this.#space);
      const unread = reader === null ? "closed" : "open";
      const cut = await kept.append(rows, maxRows);
      kept.more = cut ?? (hasMore ? (kept.rowCount >= maxRows ? "limit" : unread) : "none");
      await kept.arrange(fitting(this.#wanted, columns.length));
      this.kept = kept;
    }
    this.state = "done";
    this.command = execution.command;
    this.affected = execution.rowCount;
    this.timing = { waitMillis, serverMillis, fetchMillis, renderMillis: null };
  }

  /** Takes how long the server worked on it before it failed or was cancelled. */
  tookInVain({ waitMillis, serverMillis }: { waitMillis: number; serverMillis: number }): void {
    this.timing = { waitMillis, serverMillis, fetchMillis: 0, renderMillis: null };
  }

  fail(failure: Failure, place: Place | null): void {
    this.state = failure.isCancelled ? "cancelled" : "failed";
    this.failure = failure;
    this.failedAt = place;
  }

  /** Adds the rows of another page, read in `fetchMillis`. */
  async append(
    { rows, isLast }: RowPage,
    { fetchMillis, maxRows }: { fetchMillis: number; maxRows: number },
  ): Promise<void> {
    const { kept } = this;
    if (kept === null) return;
    const cut = await kept.append(rows, maxRows);
    kept.more = cut ?? (isLast ? "none" : kept.rowCount >= maxRows ? "limit" : kept.more);
    if (this.timing !== null) {
      this.timing = { ...this.timing, fetchMillis: this.timing.fetchMillis + fetchMillis };
    }
  }

  /** Takes how long the view took to draw the first rows; only the first drawing counts. */
  rendered(renderMillis: number): void {
    if (this.timing?.renderMillis === null) this.timing = { ...this.timing, renderMillis };
  }

  /** The connection was given back: rows that were not fetched are out of reach. */
  closeReader(): void {
    if (this.kept?.more === "open") this.kept.more = "closed";
  }
}

/** The table may have lost columns since. */
function fitting({ filters, sort }: ArrangementView, columnCount: number): ArrangementView {
  const isThere = ({ column }: { readonly column: number }) => column < columnCount;
  return { filters: filters.filter(isThere), sort: sort.filter(isThere) };
}
