import { l10n } from "vscode";
import type { Cell } from "../../../shared/protocol/results.ts";
import type { Clock, DatabaseLease } from "../../model/database.ts";
import { describeFailure, isLoss } from "../../model/failure.ts";
import { addNotice } from "../../model/results/add-notice.ts";
import type { ResultStore } from "../../model/results/result-store.ts";
import type { StatementRecord } from "../../model/results/statement-record.ts";
import { isCopyFromStdin } from "../../model/sql/open-statement.ts";
import { type ParameterisedText, parameterise } from "../../model/sql/parameters.ts";
import { isDisplayCommand, psqlCommandName } from "../../model/sql/psql-command.ts";
import type { Log } from "../../vscode/log.ts";
import type { RunSettings } from "../../vscode/settings.ts";
import type { ActiveRun } from "./active-run.ts";
import type { ErrorDiagnostics } from "./error-diagnostics.ts";
import type { ParameterPrompt } from "./parameter-prompt.ts";

export interface StatementRunnerParts {
  readonly results: ResultStore;
  readonly diagnostics: ErrorDiagnostics;
  readonly prompt: ParameterPrompt;
  readonly clock: Clock;
  readonly log: Log;
}

/** Runs one statement of a run after the other. */
export class StatementRunner {
  readonly #parts: StatementRunnerParts;

  constructor(parts: StatementRunnerParts) {
    this.#parts = parts;
  }

  /** Runs a statement and books what it gave. @returns false where the session was lost, so that nothing may follow. */
  async run(active: ActiveRun, statement: StatementRecord, settings: RunSettings): Promise<boolean> {
    if (statement.text.startsWith("\\")) {
      this.#psqlCommand(active, statement);
      return true;
    }
    const sent = parameterise(statement.text);
    if (statement.copyData === null && isCopyFromStdin(statement.text)) {
      this.#failed(active, { statement, sent }, new Error(copyWithoutData()));
      return true;
    }
    statement.state = "waiting";
    active.record.statementSince = this.#parts.clock.now();
    this.#parts.results.changed();
    try {
      await this.#execute(active, { statement, sent }, settings);
      return true;
    } catch (error) {
      this.#failed(active, { statement, sent }, error);
      return !isLoss(error);
    }
  }

  async #execute(
    active: ActiveRun,
    { statement, sent }: { statement: StatementRecord; sent: ParameterisedText },
    settings: RunSettings,
  ): Promise<void> {
    const { results, clock } = this.#parts;
    const { session } = active;
    let waitMillis = 0;
    let startedAt: number | null = null;
    statement.sent = { text: sent.text, values: [] };
    const executing = session.execute({
      statement: { text: statement.text, line: statement.origin.line },
      sent: sent.text,
      askValues:
        sent.parameters.length === 0
          ? null
          : (lease, signal) => this.#askValues(active, { statement, sent }, { lease, signal }),
      signal: active.abort.signal,
      pageSize: settings.pageSize,
      copyData: statement.copyData,
      onStarted: (millis) => {
        waitMillis = millis;
        startedAt = clock.now();
        statement.state = "running";
        active.record.statementSince = startedAt;
        results.changed();
      },
      onNotice: (notice) => {
        addNotice(statement.notices, notice, (count) =>
          l10n.t("Only the first {0} notices are shown.", count),
        );
        results.changed();
      },
      onReaderClosed: () => {
        statement.closeReader();
        results.changed();
      },
    });
    const execution = await executing.catch((error: unknown) => {
      if (startedAt !== null) statement.tookInVain({ waitMillis, serverMillis: clock.now() - startedAt });
      throw error;
    });
    await statement.complete(execution, { waitMillis, maxRows: settings.maxRows });
    results.changed();
    if (statement.isFull) await session.closeReader();
  }

  async #askValues(
    active: ActiveRun,
    { statement, sent }: { statement: StatementRecord; sent: ParameterisedText },
    { lease, signal }: { lease: DatabaseLease; signal: AbortSignal },
  ): Promise<readonly Cell[]> {
    const types = await lease.describe(sent.text, signal);
    statement.state = "asking";
    this.#parts.results.changed();
    const values = await this.#parts.prompt.ask({
      statement: sent.text,
      uri: active.document.uri,
      parameters: sent.parameters,
      types,
      lease,
      signal,
      given: active.given,
    });
    signal.throwIfAborted();
    if (values === null) active.abort.abort();
    signal.throwIfAborted();
    statement.sent = { text: sent.text, values: values ?? [] };
    return values ?? [];
  }

  /** The server knows no backslash commands; they are psql's own. */
  #psqlCommand(active: ActiveRun, statement: StatementRecord): void {
    const name = psqlCommandName(statement.text);
    if (!isDisplayCommand(statement.text)) {
      const message = l10n.t("{0} is a command of psql, not SQL: the server does not know it.", name);
      this.#failed(active, { statement, sent: parameterise("") }, new Error(message));
      return;
    }
    statement.state = "skipped";
    const message = l10n.t("{0} is a command of psql; it was left out.", name);
    statement.notices.push({ severity: "INFO", message, detail: null, hint: null });
    this.#parts.results.changed();
  }

  #failed(
    active: ActiveRun,
    { statement, sent }: { statement: StatementRecord; sent: ParameterisedText },
    error: unknown,
  ): void {
    const failure = describeFailure(error, active.abort.signal);
    const at = active.place(statement);
    const place = at && this.#parts.diagnostics.mark(active.document, { statement, sent, at }, failure);
    statement.fail(failure, place);
    this.#parts.results.changed();
    // Neither the statement nor the server's message: both may quote data.
    this.#parts.log.debug(`statement failed on ${active.connectionName}: ${failure.code ?? "no code"}`);
  }
}

function copyWithoutData(): string {
  return l10n.t(
    "COPY … FROM STDIN needs its data: lines behind the statement, then \\. on a line of its own.",
  );
}
