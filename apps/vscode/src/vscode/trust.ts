import { commands, l10n, window, workspace } from "vscode";

/**
 * Whether anything may be connected to or run; says why where it may not.
 *
 * The manifest disables the commands too, but keys, lenses, links and other extensions can still call them.
 */
export function isAllowedHere(): boolean {
  if (workspace.isTrusted) return true;
  void explainRestrictedMode();
  return false;
}

async function explainRestrictedMode(): Promise<void> {
  const manage = l10n.t("Manage Workspace Trust");
  const message = l10n.t("Rockpool connects to nothing and runs nothing in Restricted Mode.");
  const answer = await window.showWarningMessage(message, manage);
  if (answer === manage) await commands.executeCommand("workbench.trust.manage");
}
