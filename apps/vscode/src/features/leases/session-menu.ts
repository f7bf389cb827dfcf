import { commands, l10n, type QuickPickItem, window } from "vscode";
import type { NamedSession } from "../../model/pool/pool-view.ts";
import { translated } from "../../vscode/translated.ts";

interface Choice extends QuickPickItem {
  readonly command: string;
}

function choicesFor({ session }: NamedSession): readonly Choice[] {
  const { transaction } = session;
  const commit: Choice = { label: `$(check) ${l10n.t("Commit")}`, command: "rockpool.lease.commit" };
  const rollBack: Choice = { label: `$(discard) ${l10n.t("Roll Back")}`, command: "rockpool.lease.rollback" };
  const release: Choice = {
    label: `$(reply) ${l10n.t("Release Connection")}`,
    description: session.reasons.map(translated).join(", "),
    command: "rockpool.lease.release",
  };
  const mode: Choice = { label: `$(settings) ${l10n.t("Session Mode…")}`, command: "rockpool.session.mode" };
  if (transaction === null) return session.state.kind === "kept" ? [release, mode] : [mode];
  return transaction.status === "failed" ? [rollBack, mode] : [commit, rollBack, mode];
}

/** What can be done with the session of an editor: end its transaction, give its connection back, change its mode. */
export async function sessionMenu(named: NamedSession | null): Promise<void> {
  if (named === null) {
    await commands.executeCommand("rockpool.session.mode");
    return;
  }
  const title = l10n.t("Session of {0} on {1}", named.editor, named.session.database.name);
  const picked = await window.showQuickPick(choicesFor(named), { title });
  if (picked !== undefined) await commands.executeCommand(picked.command, named.uri);
}
