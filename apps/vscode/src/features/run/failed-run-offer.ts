import { commands, l10n, window, workspace } from "vscode";
import type { NewStatement } from "../../model/results/result-store.ts";
import type { StatementRecord } from "../../model/results/statement-record.ts";
import type { Services } from "../../services.ts";
import type { FinishedRun } from "./runs.ts";

/** What was not run because of an error; a command of psql that was left out has told so. */
function restOf(statements: readonly StatementRecord[], failed: StatementRecord): readonly NewStatement[] {
  const rest = statements.slice(statements.indexOf(failed) + 1);
  const wasStopped = rest.every(({ state, notices }) => state === "skipped" && notices.length === 0);
  return wasStopped ? rest.map(({ text, origin, copyData }) => ({ text, origin, copyData })) : [];
}

/** Where a run stopped at an error with statements left: offers to go on, or to roll back the transaction that failed. */
export async function offerToGoOn(services: Services, finished: FinishedRun): Promise<void> {
  const { document, connection, record } = finished;
  const failed = record.statements.find(({ state }) => state === "failed");
  const rest = failed === undefined ? [] : restOf(record.statements, failed);
  if (failed === undefined || rest.length === 0) return;
  const isTransactionFailed = services.sessions.find(document.uri)?.transaction?.status === "failed";
  const goOn = l10n.t("Run the Rest");
  const always = l10n.t("Always Go On");
  const rollBack = l10n.t("Roll Back");
  const [number, count] = [record.statements.indexOf(failed) + 1, record.statements.length];
  const message =
    rest.length === 1
      ? l10n.t("Statement {0} of {1} failed; one was not run.", number, count)
      : l10n.t("Statement {0} of {1} failed; {2} were not run.", number, count, rest.length);
  const choices = isTransactionFailed ? [rollBack] : [goOn, always];
  const answer = await window.showWarningMessage(message, ...choices);
  if (answer === rollBack) await commands.executeCommand("rockpool.lease.rollback", document.uri.toString());
  if (answer === always) await workspace.getConfiguration("rockpool").update("run.onError", "continue", true);
  if (answer === goOn || answer === always) await services.runs.run(document, connection, rest);
}
