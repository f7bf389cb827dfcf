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
  /** From the arrival of the result in the view until its first rows were drawn; null until they are. */
  readonly renderMillis: number | null;
}

/**
 * Whether the server has more rows: `none`, `open` (can be loaded), `closed` (the connection was given back),
 * `limit` (as many are kept as the settings allow), `size` (as much room is taken as the settings allow).
 */
export type MoreRows = "none" | "open" | "closed" | "limit" | "size";

export type FilterOperator =
  | "contains"
  | "notContains"
  | "startsWith"
  | "equals"
  | "notEquals"
  | "less"
  | "lessOrEqual"
  | "greater"
  | "greaterOrEqual"
  | "isNull"
  | "isNotNull";

export interface FilterView {
  readonly column: number;
  readonly operator: FilterOperator;
  /** Compared as the column's type is; meaningless for `isNull` and `isNotNull`. */
  readonly value: string;
}

export interface SortView {
  readonly column: number;
  readonly direction: "ascending" | "descending";
}

/** Which of the kept rows show, and in which order; every filter must let a row through. */
export interface ArrangementView {
  readonly filters: readonly FilterView[];
  /** The first one counts most. */
  readonly sort: readonly SortView[];
}

export interface ResultView {
  readonly columns: readonly ColumnView[];
  /** Rows kept in the host. */
  readonly rowCount: number;
  /** Rows that show: fewer than are kept where a filter hides some. */
  readonly shownCount: number;
  readonly more: MoreRows;
  /** `all` until the last row is there, `page` for the next page. */
  readonly loading: "page" | "all" | null;
  readonly arrangement: ArrangementView;
  /** Whether the host is still sorting or filtering; until then rows show as before. */
  readonly isArranging: boolean;
  /** Grows each time that other rows show, or the same in another order. */
  readonly version: number;
  /** What the rows are: a query's, or the differences between two results, whose first two columns say which. */
  readonly kind: "rows" | "differences";
}

/** What the marked cells come to. */
export interface SummaryView {
  readonly cells: number;
  readonly nulls: number;
  /** Different values; null where more than one column is marked. */
  readonly distinct: number | null;
  /** Whether there are more different values than were counted. */
  readonly isDistinctCut: boolean;
  /** Null where there is no number. */
  readonly sum: string | null;
  readonly mean: string | null;
  /** False where some number has no exact decimal value. */
  readonly isExact: boolean;
  /** Smallest and largest of the numbers, or of the one column that is marked. */
  readonly least: string | null;
  readonly most: string | null;
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
  | "skipped"
  /** Ran before the window was reloaded; its outcome and rows are not known any more. */
  | "gone";

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
  /** False where the rows are gone, since the window was reloaded: only what ran is known. */
  readonly hasRows: boolean;
  /** The editor's name. */
  readonly title: string;
  readonly connectionName: string;
  readonly isRunning: boolean;
  /** How long the statement under way has taken when this was sent, in milliseconds; null while none is. */
  readonly elapsedMillis: number | null;
  readonly statements: readonly StatementView[];
}

/** A result that stays when the next run begins. */
export interface PinView {
  /** The editor's name. */
  readonly title: string;
  readonly connectionName: string;
  readonly statement: StatementView;
}

/** A rectangle of cells; both ends are inclusive. */
export interface CellRange {
  readonly firstRow: number;
  readonly lastRow: number;
  readonly firstColumn: number;
  readonly lastColumn: number;
}

/** A part of a result's rows as they show. */
export interface RowsRequest {
  readonly statementId: number;
  /** The version of the result that the rows belong to. */
  readonly version: number;
  readonly start: number;
  readonly count: number;
  readonly firstColumn: number;
  readonly columnCount: number;
}

/** What the host tells the results view. A snapshot is always complete, since messages to a hidden view are lost. */
export type ResultsHostMessage =
  | {
      readonly type: "snapshot";
      readonly run: RunView | null;
      readonly pins: readonly PinView[];
      readonly nullText: string;
    }
  | (Omit<RowsRequest, "count"> & { readonly type: "rows"; readonly rows: readonly (readonly Cell[])[] })
  | {
      readonly type: "cell";
      readonly pane: number;
      readonly statementId: number;
      readonly row: number;
      readonly column: number;
      readonly value: Cell;
      readonly isTruncated: boolean;
    }
  /** One row; values are cut to what a grid can show. */
  | {
      readonly type: "record";
      readonly pane: number;
      readonly statementId: number;
      readonly row: number;
      readonly values: readonly Cell[];
    }
  | {
      readonly type: "summary";
      readonly pane: number;
      readonly statementId: number;
      readonly summary: SummaryView;
    }
  | {
      readonly type: "found";
      readonly pane: number;
      readonly statementId: number;
      readonly needle: string;
      readonly count: number;
      /** Whether there are more matches than were counted. */
      readonly isCut: boolean;
      /** The match to go to; null where there is none. */
      readonly at: { readonly row: number; readonly column: number; readonly index: number } | null;
    }
  /** Brings a result to the front. */
  | { readonly type: "show"; readonly statementId: number };

/** What the results view asks of the host. `pane` says which of the view's panes asks, and comes back with the answer. */
export type ResultsViewMessage =
  | { readonly type: "ready" }
  | (RowsRequest & { readonly type: "rows" })
  | {
      readonly type: "cell";
      readonly pane: number;
      readonly statementId: number;
      readonly row: number;
      readonly column: number;
    }
  | { readonly type: "record"; readonly pane: number; readonly statementId: number; readonly row: number }
  | { readonly type: "load"; readonly statementId: number; readonly amount: "page" | "all" }
  | { readonly type: "stopLoading"; readonly statementId: number }
  | { readonly type: "arrange"; readonly statementId: number; readonly arrangement: ArrangementView }
  | {
      readonly type: "find";
      readonly pane: number;
      readonly statementId: number;
      readonly needle: string;
      readonly from: { readonly row: number; readonly column: number };
      readonly direction: "next" | "previous" | "here";
    }
  | {
      readonly type: "select";
      readonly pane: number;
      readonly statementId: number;
      readonly range: CellRange | null;
    }
  | {
      readonly type: "copy";
      readonly statementId: number;
      readonly range: CellRange;
      readonly withHeaders: boolean;
    }
  | { readonly type: "rendered"; readonly statementId: number; readonly millis: number }
  | {
      readonly type: "pin" | "unpin" | "compare" | "export" | "copyAs" | "reveal" | "openInEditor";
      readonly statementId: number;
    }
  | { readonly type: "runAgain"; readonly statementIds: readonly number[] }
  | { readonly type: "cancel" };
