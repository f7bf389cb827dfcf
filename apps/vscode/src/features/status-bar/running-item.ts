import { l10n, StatusBarAlignment, type StatusBarItem, window } from "vscode";
import { formatAge } from "../../model/duration.ts";
import type { Services } from "../../services.ts";

export function createRunningItem(): StatusBarItem {
  const item = window.createStatusBarItem("rockpool.running", StatusBarAlignment.Left, 49);
  item.name = "Rockpool: Running Statement";
  item.command = "rockpool.run.cancel";
  return item;
}

/** The elapsed time of the run under way, and the way to cancel it. */
export function showRunning(services: Services, item: StatusBarItem): void {
  const uri = window.activeTextEditor?.document.uri.toString();
  const { active } = services.runs;
  const run = active.find(({ document }) => document.uri.toString() === uri) ?? active[0];
  if (run === undefined) {
    item.hide();
    return;
  }
  const elapsed = formatAge(services.clock.now() - run.startedAt);
  if (run.isCancelling) {
    item.text = `$(sync~spin) ${l10n.t("cancelling…")}`;
    item.tooltip = l10n.t("{0} is asked to stop the statement.", run.connectionName);
    item.accessibilityInformation = { label: l10n.t("Statement is being cancelled") };
  } else if (run.session.isAsking) {
    item.text = `$(edit) ${l10n.t("waits for values")}`;
    item.tooltip = l10n.t("Click to cancel.");
    item.accessibilityInformation = { label: l10n.t("Statement waits for the values of its parameters") };
  } else {
    item.text = `$(sync~spin) ${elapsed} $(debug-stop)`;
    item.tooltip = l10n.t("Running on {0}. Click to cancel.", run.connectionName);
    item.accessibilityInformation = { label: l10n.t("Statement running; press to cancel") };
  }
  item.show();
}
