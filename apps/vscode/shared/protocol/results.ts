/** A value in the server's text form. */
export type Cell = string | null;

export interface ColumnView {
  readonly name: string;
  /** As the server writes it, such as `numeric(10,2)`. */
  readonly typeName: string;
  readonly alignment: "start" | "end";
}

/** Where the time of a statement went, in milliseconds. */
export interface TimingView {
  /** Until the pool gave a connection. */
  readonly waitMillis: number;
  /** From sending the statement to its first row, or to its end where it has none. */
  readonly serverMillis: number;
  /** From the first row to the last one that was fetched. */
  readonly fetchMillis: number;
}

/**
 * Whether the server has more rows: `none`, `open` (can be loaded), `closed` (the connection was given back),
 * `limit` (as many are kept as the settings allow), `size` (as much memory is taken as the settings allow).
 */
export type MoreRows = "none" | "open" | "closed" | "limit" | "size";

export interface ResultView {
  readonly columns: readonly ColumnView[];
  /** Rows kept in the host. */
  readonly rowCount: number;
  readonly more: MoreRows;
  readonly isLoading: boolean;
}

export interface NoticeView {
  readonly severity: string;
  readonly message: string;
  readonly detail: string | null;
  readonly hint: string | null;
}

export interface ErrorView {
  readonly title: string;
  /** SQLSTATE or a code of ours; null where there is none. */
  readonly code: string | null;
  readonly detail: string | null;
  readonly hint: string | null;
  readonly context: string | null;
  /** 1-based place in the editor; null where the server named none. */
  readonly place: { readonly line: number; readonly column: number } | null;
  readonly remedy: string | null;
}

export type StatementStateView =
  | "queued"
  | "waiting"
  | "asking"
  | "running"
  | "cancelling"
  | "done"
  | "failed"
  | "cancelled"
  | "skipped";

export interface StatementView {
  readonly id: number;
  readonly summary: string;
  /** 1-based line in the editor. */
  readonly line: number;
  readonly state: StatementStateView;
  /** Such as `SELECT` or `CREATE TABLE`. */
  readonly command: string | null;
  /** Rows returned or affected as the server counted them; null where it did not. */
  readonly affected: number | null;
  readonly timing: TimingView | null;
  readonly result: ResultView | null;
  readonly notices: readonly NoticeView[];
  readonly error: ErrorView | null;
}

export interface RunView {
  readonly id: number;
  /** The editor's name. */
  readonly title: string;
  readonly connectionName: string;
  readonly isRunning: boolean;
  /** How long the statement under way has taken when this was sent, in milliseconds; null while none is. */
  readonly elapsedMillis: number | null;
  readonly statements: readonly StatementView[];
}

/** A rectangle of cells; both ends are inclusive. */
export interface CellRange {
  readonly firstRow: number;
  readonly lastRow: number;
  readonly firstColumn: number;
  readonly lastColumn: number;
}

/** What the host tells the results view. A snapshot is always complete, since messages to a hidden view are lost. */
export type ResultsHostMessage =
  | { readonly type: "snapshot"; readonly run: RunView | null; readonly nullText: string }
  | {
      readonly type: "rows";
      readonly statementId: number;
      readonly start: number;
      readonly rows: readonly (readonly Cell[])[];
    }
  | {
      readonly type: "cell";
      readonly statementId: number;
      readonly row: number;
      readonly column: number;
      readonly value: Cell;
      readonly isTruncated: boolean;
    };

/** What the results view asks of the host. */
export type ResultsViewMessage =
  | { readonly type: "ready" }
  | { readonly type: "rows"; readonly statementId: number; readonly start: number; readonly count: number }
  | { readonly type: "cell"; readonly statementId: number; readonly row: number; readonly column: number }
  | { readonly type: "loadMore"; readonly statementId: number }
  | {
      readonly type: "select";
      readonly statementId: number;
      readonly range: CellRange | null;
    }
  | {
      readonly type: "copy";
      readonly statementId: number;
      readonly range: CellRange;
      readonly withHeaders: boolean;
    }
  | { readonly type: "reveal"; readonly statementId: number }
  | { readonly type: "cancel" };
