import type { ColumnView, ResultView, RunView, StatementView } from "../../../shared/protocol/results.ts";
import { summarise } from "../sql/verb.ts";
import type { ResultRows } from "./result-rows.ts";
import type { StatementRecord } from "./statement-record.ts";

/** One press of Run: its statements and how far it got. */
export class RunRecord {
  readonly id: number;
  readonly title: string;
  readonly connectionName: string;
  readonly statements: readonly StatementRecord[];
  /** False for a run that is only remembered. */
  readonly hasRows: boolean;
  isRunning: boolean;
  /** When the statement under way began, on the caller's clock. */
  statementSince: number | null = null;

  constructor(options: {
    id: number;
    title: string;
    connectionName: string;
    statements: readonly StatementRecord[];
    hasRows: boolean;
  }) {
    this.id = options.id;
    this.title = options.title;
    this.connectionName = options.connectionName;
    this.statements = options.statements;
    this.hasRows = options.hasRows;
    this.isRunning = options.hasRows;
  }

  statement(id: number): StatementRecord | null {
    return this.statements.find((statement) => statement.id === id) ?? null;
  }

  /** What the results view shows; without rows, which it asks for by window. */
  view(now: number): RunView {
    return {
      id: this.id,
      hasRows: this.hasRows,
      title: this.title,
      connectionName: this.connectionName,
      isRunning: this.isRunning,
      elapsedMillis: this.statementSince === null ? null : now - this.statementSince,
      statements: this.statements.map(statementView),
    };
  }
}

/** What the view knows of a statement; without rows. */
export function statementView(statement: StatementRecord): StatementView {
  const { kept, failure } = statement;
  return {
    id: statement.id,
    summary: summarise(statement.text),
    line: statement.origin.line,
    state: statement.state,
    command: statement.command,
    affected: statement.affected,
    timing: statement.timing,
    result: kept && resultView(kept),
    notices: statement.notices,
    error: failure && {
      title: failure.message,
      code: failure.code,
      detail: failure.detail,
      hint: failure.hint,
      context: failure.context,
      place: statement.failedAt,
      remedy: failure.remedy,
    },
  };
}

function resultView(kept: ResultRows): ResultView {
  const { rowCount, shownCount, more, loading, arrangement, isArranging, version, kind } = kept;
  const columns = kept.columns.map(({ name, typeName, isNumeric }): ColumnView => {
    return { name, typeName, alignment: isNumeric ? "end" : "start" };
  });
  return { columns, rowCount, shownCount, more, loading, arrangement, isArranging, version, kind };
}
