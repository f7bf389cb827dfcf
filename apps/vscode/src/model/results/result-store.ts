import type { Cell, PinView } from "../../../shared/protocol/results.ts";
import { AS_THEY_CAME } from "./result-rows.ts";
import { RunRecord, statementView } from "./run-record.ts";
import { type NewStatement, StatementRecord } from "./statement-record.ts";
import type { RowSpace } from "./table/row-space.ts";

export type { NewStatement } from "./statement-record.ts";

/** The grid shows no more of a value than this; the whole value is asked for by itself. */
const CELL_PREVIEW_LENGTH = 300;
/** No window is larger, whatever the view asks for. */
const MAX_WINDOW = 1_000;
/** A single value beyond this is cut, so that one cell cannot freeze the view. */
const MAX_CELL_LENGTH = 1_000_000;

/** A result that stays when the next run begins. */
export interface Pin {
  readonly title: string;
  readonly connectionName: string;
  readonly statement: StatementRecord;
}

/** What is known of a run when its rows are gone. */
export interface RunOutline {
  readonly title: string;
  readonly connectionName: string;
  readonly statements: readonly NewStatement[];
}

/** Results in view: those of the last run, and those that were pinned. Rows live here and leave only by windows. */
export class ResultStore {
  readonly space: RowSpace;
  readonly #onChange: () => void;
  #run: RunRecord | null = null;
  #pins: readonly Pin[] = [];
  #lastId = 0;

  constructor(onChange: () => void, space: RowSpace) {
    this.#onChange = onChange;
    this.space = space;
  }

  get run(): RunRecord | null {
    return this.#run;
  }

  get pins(): readonly Pin[] {
    return this.#pins;
  }

  get pinViews(): PinView[] {
    return this.#pins.map(({ statement, ...pin }) => ({ ...pin, statement: statementView(statement) }));
  }

  /** Replaces what is shown by a new run; pinned results stay. */
  begin(outline: RunOutline): RunRecord {
    return this.#replace(this.#recordOf(outline, "begun"));
  }

  /** Shows what ran before, whose rows are gone. */
  recall(run: RunOutline | null, pins: readonly RunOutline[]): void {
    if (this.#run !== null || this.#pins.length > 0) return;
    if (run !== null) this.#run = this.#recordOf(run, "remembered");
    this.#pins = pins.flatMap(({ title, connectionName, statements }) =>
      statements.map((statement) => ({ title, connectionName, statement: this.#remembered(statement) })),
    );
    this.changed();
  }

  clear(): void {
    this.#drop(this.#run?.statements ?? []);
    this.#run = null;
    this.changed();
  }

  /** Keeps a result beyond its run. */
  pin(id: number): void {
    const [run, statement] = [this.#run, this.#run?.statement(id)];
    if (!run || !statement?.kept || this.isPinned(id)) return;
    this.add({ title: run.title, connectionName: run.connectionName, statement });
  }

  /** Adds a result that belongs to no run, such as the differences between two others. */
  add(pin: Pin): void {
    this.#pins = [...this.#pins, pin];
    this.changed();
  }

  unpin(id: number): void {
    const pin = this.#pins.find(({ statement }) => statement.id === id);
    if (pin === undefined) return;
    this.#pins = this.#pins.filter((each) => each !== pin);
    if (!this.#run?.statement(id)) this.#drop([pin.statement]);
    this.changed();
  }

  isPinned(id: number): boolean {
    return this.#pins.some(({ statement }) => statement.id === id);
  }

  /** Says that a record in view has changed. */
  changed(): void {
    this.#onChange();
  }

  statement(id: number): StatementRecord | null {
    const pinned = this.#pins.find(({ statement }) => statement.id === id)?.statement;
    return this.#run?.statement(id) ?? pinned ?? null;
  }

  /** The connection that a result came from; null where it is of none. */
  connectionNameOf(id: number): string | null {
    if (this.#run?.statement(id)) return this.#run.connectionName;
    return this.#pins.find(({ statement }) => statement.id === id)?.connectionName ?? null;
  }

  /** A statement that was not run, for rows that are made here. */
  makeStatement({ text, origin, copyData, arrangement = AS_THEY_CAME }: NewStatement): StatementRecord {
    return new StatementRecord({
      text,
      origin,
      copyData,
      arrangement,
      id: this.#nextId(),
      space: this.space,
    });
  }

  /** Rows as they show from `start`, values cut to what a grid can show. */
  async window(
    id: number,
    {
      start,
      count,
      firstColumn,
      columnCount,
    }: { start: number; count: number; firstColumn: number; columnCount: number },
  ): Promise<readonly (readonly Cell[])[]> {
    const kept = this.statement(id)?.kept;
    if (!kept) return [];
    const columns = kept.columns.map((_, index) => index).slice(firstColumn, firstColumn + columnCount);
    const rows = await kept.rows(start, Math.min(count, MAX_WINDOW), columns);
    return rows.map((row) => row.map(preview));
  }

  /** One whole value, cut only where it would freeze the view. */
  async cell(id: number, row: number, column: number): Promise<{ value: Cell; isTruncated: boolean }> {
    const value = (await this.statement(id)?.kept?.cell(row, column)) ?? null;
    if (value === null || value.length <= MAX_CELL_LENGTH) return { value, isTruncated: false };
    return { value: value.slice(0, MAX_CELL_LENGTH), isTruncated: true };
  }

  /** Forgets every row. */
  async dispose(): Promise<void> {
    const statements = [...(this.#run?.statements ?? []), ...this.#pins.map(({ statement }) => statement)];
    await Promise.all(statements.map(({ kept }) => kept?.dispose()));
  }

  #recordOf({ title, connectionName, statements }: RunOutline, state: "begun" | "remembered"): RunRecord {
    const records = statements.map((statement) =>
      state === "begun" ? this.makeStatement(statement) : this.#remembered(statement),
    );
    return new RunRecord({
      id: this.#nextId(),
      title,
      connectionName,
      statements: records,
      hasRows: state === "begun",
    });
  }

  #remembered(statement: NewStatement): StatementRecord {
    const record = this.makeStatement(statement);
    record.state = "gone";
    return record;
  }

  #replace(run: RunRecord): RunRecord {
    this.#drop(this.#run?.statements ?? []);
    this.#run = run;
    this.changed();
    return run;
  }

  #drop(statements: readonly StatementRecord[]): void {
    for (const { id, kept } of statements) if (!this.isPinned(id)) void kept?.dispose();
  }

  #nextId(): number {
    this.#lastId++;
    return this.#lastId;
  }
}

function preview(cell: Cell): Cell {
  if (cell === null || cell.length <= CELL_PREVIEW_LENGTH) return cell;
  const isPairCut = (cell.codePointAt(CELL_PREVIEW_LENGTH - 1) ?? 0) > 0xffff;
  return `${cell.slice(0, isPairCut ? CELL_PREVIEW_LENGTH - 1 : CELL_PREVIEW_LENGTH)}…`;
}
