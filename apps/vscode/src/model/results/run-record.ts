import type { RunView, StatementView } from "../../../shared/protocol/results.ts";
import { summarise } from "../sql/verb.ts";
import type { StatementRecord } from "./statement-record.ts";

/** One press of Run: its statements and how far it got. */
export class RunRecord {
  readonly id: number;
  readonly title: string;
  readonly connectionName: string;
  readonly statements: readonly StatementRecord[];
  isRunning = true;
  /** When the statement under way began, on the caller's clock. */
  statementSince: number | null = null;

  constructor(options: {
    id: number;
    title: string;
    connectionName: string;
    statements: readonly StatementRecord[];
  }) {
    this.id = options.id;
    this.title = options.title;
    this.connectionName = options.connectionName;
    this.statements = options.statements;
  }

  statement(id: number): StatementRecord | null {
    return this.statements.find((statement) => statement.id === id) ?? null;
  }

  /** What the results view shows; without rows, which it asks for by window. */
  view(now: number): RunView {
    return {
      id: this.id,
      title: this.title,
      connectionName: this.connectionName,
      isRunning: this.isRunning,
      elapsedMillis: this.statementSince === null ? null : now - this.statementSince,
      statements: this.statements.map(statementView),
    };
  }
}

function statementView(statement: StatementRecord): StatementView {
  const { kept, failure } = statement;
  return {
    id: statement.id,
    summary: summarise(statement.text),
    line: statement.origin.line,
    state: statement.state,
    command: statement.command,
    affected: statement.affected,
    timing: statement.timing,
    result: kept && {
      columns: kept.columns.map(({ name, typeName, isNumeric }) => ({
        name,
        typeName,
        alignment: isNumeric ? "end" : "start",
      })),
      rowCount: kept.rows.length,
      more: kept.more,
      isLoading: kept.isLoading,
    },
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
