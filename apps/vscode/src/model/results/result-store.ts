import type { Cell, CellRange } from "../../../shared/protocol/results.ts";
import { RunRecord } from "./run-record.ts";
import { type StatementOrigin, StatementRecord } from "./statement-record.ts";

/** The grid shows no more of a value than this; the whole value is asked for by itself. */
const CELL_PREVIEW_LENGTH = 300;
/** No window is larger, whatever the view asks for. */
const MAX_WINDOW = 1_000;
/** A single value beyond this is cut, so that one cell cannot freeze the view. */
const MAX_CELL_LENGTH = 1_000_000;

export interface NewStatement {
  readonly text: string;
  readonly origin: StatementOrigin;
  readonly copyData: string | null;
}

/** A table cut out of a result, for the clipboard and for files. */
export interface TableSlice {
  readonly columns: readonly {
    readonly name: string;
    readonly typeName: string;
    readonly isNumeric: boolean;
  }[];
  readonly rows: readonly (readonly Cell[])[];
}

/** The results in view: those of the last run. Rows live here and leave only by windows. */
export class ResultStore {
  readonly #onChange: () => void;
  #run: RunRecord | null = null;
  #lastId = 0;

  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  get run(): RunRecord | null {
    return this.#run;
  }

  /** Replaces what is shown by a new run. */
  begin(run: { title: string; connectionName: string; statements: readonly NewStatement[] }): RunRecord {
    const statements = run.statements.map(
      (statement) => new StatementRecord({ ...statement, id: this.#nextId() }),
    );
    const { title, connectionName } = run;
    this.#run = new RunRecord({ id: this.#nextId(), title, connectionName, statements });
    this.changed();
    return this.#run;
  }

  clear(): void {
    this.#run = null;
    this.changed();
  }

  /** Says that a record of the run in view has changed. */
  changed(): void {
    this.#onChange();
  }

  statement(id: number): StatementRecord | null {
    return this.#run?.statement(id) ?? null;
  }

  /** Rows from `start`, values cut to what a grid can show. */
  window(statementId: number, start: number, count: number): readonly (readonly Cell[])[] {
    const rows = this.statement(statementId)?.kept?.rows ?? [];
    return rows.slice(start, start + Math.min(count, MAX_WINDOW)).map((row) => row.map(preview));
  }

  /** One whole value, cut only where it would freeze the view. */
  cell(statementId: number, row: number, column: number): { value: Cell; isTruncated: boolean } {
    const value = this.statement(statementId)?.kept?.rows[row]?.[column] ?? null;
    if (value === null || value.length <= MAX_CELL_LENGTH) return { value, isTruncated: false };
    return { value: value.slice(0, MAX_CELL_LENGTH), isTruncated: true };
  }

  /** The cells of a range, or the whole result; null where there is none. */
  slice(statementId: number, range: CellRange | null): TableSlice | null {
    const kept = this.statement(statementId)?.kept;
    if (kept === undefined || kept === null) return null;
    if (range === null) return { columns: kept.columns, rows: kept.rows };
    const { firstRow, lastRow, firstColumn, lastColumn } = range;
    return {
      columns: kept.columns.slice(firstColumn, lastColumn + 1),
      rows: kept.rows.slice(firstRow, lastRow + 1).map((row) => row.slice(firstColumn, lastColumn + 1)),
    };
  }

  #nextId(): number {
    this.#lastId++;
    return this.#lastId;
  }
}

function preview(cell: Cell): Cell {
  if (cell === null || cell.length <= CELL_PREVIEW_LENGTH) return cell;
  return `${cell.slice(0, CELL_PREVIEW_LENGTH)}…`;
}
