import { commands, type Disposable, l10n, window } from "vscode";
import type { Services } from "../../services.ts";
import { setContextKey } from "../../vscode/context-keys.ts";
import { Disposables } from "../../vscode/disposables.ts";
import { connect } from "../connections/register.ts";

/** The context keys say what the active editor's session is in. */
function updateContext(services: Services): void {
  const uri = window.activeTextEditor?.document.uri;
  const session = uri === undefined ? null : services.sessions.find(uri);
  const status = session?.lease?.transactionStatus ?? "idle";
  setContextKey("running", session?.isRunning === true || services.runs.isRunning);
  setContextKey("inTransaction", status !== "idle");
  setContextKey("transactionFailed", status === "failed");
  setContextKey("leaseHeld", session?.state.kind === "kept");
}

async function endTransaction(services: Services, verb: "commit" | "rollback"): Promise<void> {
  const document = window.activeTextEditor?.document;
  const session = document && services.sessions.find(document.uri);
  if (document === undefined || !session?.lease) return;
  await services.runs.runText(document, verb);
}

async function release(services: Services): Promise<void> {
  const uri = window.activeTextEditor?.document.uri;
  const session = uri === undefined ? null : services.sessions.find(uri);
  await session?.release();
}

async function switchConnection(services: Services): Promise<void> {
  const document = window.activeTextEditor?.document;
  const open = services.connections.all.map(({ profile, database }) => ({
    label: `$(database) ${profile.name}`,
    description: database.target,
    name: profile.name,
  }));
  const other = { label: `$(plug) ${l10n.t("Connect…")}`, description: "", name: null };
  const picked = await window.showQuickPick([...open, other], {
    title: l10n.t("Connection of This Editor"),
  });
  if (picked === undefined) return;
  if (picked.name === null) await connect(services);
  else if (document !== undefined) await services.sessions.bind(document.uri, picked.name);
}

/** Leases: what an editor holds, and the commands that end it. */
export function register(services: Services): Disposable {
  const update = () => updateContext(services);
  const disposables = new Disposables();
  disposables.addAll(
    services.sessions.onDidChange(update),
    services.runs.onDidChange(update),
    window.onDidChangeActiveTextEditor(update),
    commands.registerCommand("rockpool.lease.commit", () => endTransaction(services, "commit")),
    commands.registerCommand("rockpool.lease.rollback", () => endTransaction(services, "rollback")),
    commands.registerCommand("rockpool.lease.release", () => release(services)),
    commands.registerCommand("rockpool.switchConnection", () => switchConnection(services)),
  );
  return disposables;
}
