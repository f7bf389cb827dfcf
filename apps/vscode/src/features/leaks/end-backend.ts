import { commands, l10n, window } from "vscode";
import type { Database, ServerBackend } from "../../model/database.ts";
import { formatAge } from "../../model/duration.ts";
import type { Services } from "../../services.ts";
import { databaseBehind, type SlotArgument, slotTarget } from "../pools/slot-target.ts";

type Ending = "cancel" | "terminate";

/** Ends the statement of the process behind a slot, or the process, after the user has seen whose it is. */
export async function endBackend(
  services: Services,
  argument: SlotArgument | undefined,
  how: Ending,
): Promise<void> {
  const target = slotTarget(services, argument);
  const pid = target?.slot.backendPid;
  if (target === null || pid == null) return;
  const database = databaseBehind(services, target);
  if (database === null) {
    await offerConnect(target.pool.target ?? target.pool.name);
    return;
  }
  try {
    await confirmAndEnd(database, pid, how);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    services.log.error(`could not ${how} process ${pid} of ${database.name}: ${reason}`);
    void window.showErrorMessage(l10n.t("The server process {0} was left alone: {1}", String(pid), reason));
  }
}

async function offerConnect(server: string): Promise<void> {
  const connect = l10n.t("Connect…");
  const text = l10n.t("Connect to the server of {0} first: its processes can be ended from there.", server);
  if ((await window.showWarningMessage(text, connect)) === connect)
    await commands.executeCommand("rockpool.connect");
}

async function confirmAndEnd(database: Database, pid: number, how: Ending): Promise<void> {
  const [backend] = await database.backends([pid]);
  if (backend === undefined) {
    void window.showInformationMessage(l10n.t("The server process {0} has already ended.", String(pid)));
    return;
  }
  const action = how === "cancel" ? l10n.t("Cancel Statement") : l10n.t("Terminate Process");
  const question =
    how === "cancel"
      ? l10n.t("Cancel what the server process {0} runs?", String(pid))
      : l10n.t(
          "Terminate the server process {0}? Its connection breaks, and its transaction is rolled back.",
          String(pid),
        );
  const detail = describeBackend(backend);
  if ((await window.showWarningMessage(question, { modal: true, detail }, action)) !== action) return;
  const isEnded = await database.endBackend(pid, how);
  if (!isEnded)
    void window.showInformationMessage(l10n.t("The server process {0} has already ended.", String(pid)));
}

/** Who it is, for a person who is about to end it. */
function describeBackend({ user, applicationName, database, state, queryMillis }: ServerBackend): string {
  const lines = [
    l10n.t("User: {0}", user ?? "–"),
    l10n.t("Application: {0}", applicationName || "–"),
    l10n.t("Database: {0}", database ?? "–"),
    l10n.t("State: {0}", state ?? "–"),
    l10n.t("Last statement began: {0} ago", queryMillis === null ? "–" : formatAge(queryMillis)),
  ];
  return lines.join("\n");
}
