import { l10n, window } from "vscode";
import { describeFailure } from "../../model/failure.ts";
import type { NamedSession } from "../../model/pool/pool-view.ts";
import type { EditorSessions } from "./editor-sessions.ts";

/** How long a COMMIT or ROLLBACK may take before the server counts as silent. */
const END_MILLIS = 30_000;

/** Asks of each session on a connection what is to become of its transaction; false as soon as the user wants to stay. */
export async function leaveConnection(sessions: EditorSessions, name: string): Promise<boolean> {
  for (const named of sessions.all) {
    if (named.session.database.name === name && !(await leaveTransaction(named))) return false;
  }
  return true;
}

/** Ends a session's transaction and says what came of it where that is not what was asked for. */
export async function endTransaction(named: NamedSession, verb: "commit" | "rollback"): Promise<boolean> {
  const { session, editor } = named;
  if (session.transaction === null || session.isRunning) return false;
  try {
    const command = await session.endTransaction(verb, AbortSignal.timeout(END_MILLIS));
    if (verb === "commit" && command === "ROLLBACK") {
      void window.showWarningMessage(
        l10n.t("The transaction of {0} had failed, so it was rolled back.", editor),
      );
    }
    return true;
  } catch (error) {
    const { message, detail } = describeFailure(error);
    const text =
      verb === "commit" ? l10n.t("COMMIT failed: {0}", message) : l10n.t("ROLLBACK failed: {0}", message);
    void window.showErrorMessage(detail === null ? text : `${text} (${detail})`);
    return false;
  }
}

/**
 * Asks what is to become of an open transaction before its session is left, and does it.
 *
 * @returns false where the user wants to stay, or the transaction could not be ended.
 */
export async function leaveTransaction(named: NamedSession | null): Promise<boolean> {
  const transaction = named?.session.transaction ?? null;
  if (named === null || transaction === null) return true;
  const { session, editor } = named;
  if (session.isRunning) {
    void window.showWarningMessage(l10n.t("{0} runs a statement in a transaction. Cancel it first.", editor));
    return false;
  }
  const commit = l10n.t("Commit");
  const rollBack = l10n.t("Roll Back");
  const choices = transaction.status === "failed" ? [rollBack] : [commit, rollBack];
  const message = l10n.t("{0} has an open transaction on {1}.", editor, session.database.name);
  const answer = await window.showWarningMessage(message, { modal: true }, ...choices);
  if (answer === undefined) return false;
  return endTransaction(named, answer === commit ? "commit" : "rollback");
}
