import { commands, type Disposable, l10n, type QuickPickItem, Uri, window } from "vscode";
import type { NamedSession } from "../../model/pool/pool-view.ts";
import type { SessionLoss, SessionMode } from "../../model/session/session-request.ts";
import type { Services } from "../../services.ts";
import { setContextKey, setUnboundEditors } from "../../vscode/context-keys.ts";
import { Disposables } from "../../vscode/disposables.ts";
import { translated } from "../../vscode/translated.ts";
import { connect } from "../connections/connect.ts";
import { ClosedEditors } from "./closed-editors.ts";
import { endTransaction, leaveTransaction } from "./open-transactions.ts";
import { sessionMenu } from "./session-menu.ts";

/** The session that a command is about: the active editor's, or the one that it was called with. */
function target(services: Services, uri?: unknown): NamedSession | null {
  if (typeof uri === "string") return services.sessions.named(Uri.parse(uri));
  const document = window.activeTextEditor?.document;
  return document === undefined ? null : services.sessions.named(document.uri);
}

/** A document's path as `resourcePath` may have it: a remote window knows the document by another scheme. */
function pathsOf(uri: string): readonly string[] {
  const { path, fsPath } = Uri.parse(uri);
  return path === fsPath ? [path] : [path, fsPath];
}

/** The context keys say what the active editor's session is in. */
function updateContext(services: Services): void {
  const document = window.activeTextEditor?.document;
  const session = document === undefined ? null : services.sessions.find(document.uri);
  const transaction = session?.transaction ?? null;
  setUnboundEditors(services.sessions.unbound.flatMap(pathsOf));
  setContextKey("running", session?.isRunning === true || services.runs.isRunning);
  setContextKey("inTransaction", transaction !== null);
  setContextKey("transactionFailed", transaction?.status === "failed");
  setContextKey("leaseHeld", session?.state.kind === "kept");
}

async function end(services: Services, verb: "commit" | "rollback", uri?: unknown): Promise<void> {
  const named = target(services, uri);
  if (named !== null) await endTransaction(named, verb);
}

async function release(services: Services, uri?: unknown): Promise<void> {
  const named = target(services, uri);
  if (named !== null && (await leaveTransaction(named))) await named.session.release();
}

async function switchConnection(services: Services): Promise<void> {
  const document = window.activeTextEditor?.document;
  const open = services.connections.all.map(({ profile, database }) => ({
    label: `$(database) ${profile.name}`,
    description: database.target,
    choose: async () => profile.name,
  }));
  const others = [
    {
      label: `$(plug) ${l10n.t("Connect…")}`,
      description: "",
      choose: async () => (await connect(services))?.profile.name,
    },
    {
      label: `$(circle-slash) ${l10n.t("No Connection")}`,
      description: l10n.t("leaves the keys of this editor alone"),
      choose: async () => null,
    },
  ];
  const title = l10n.t("Connection of This Editor");
  const picked = await window.showQuickPick([...open, ...others], { title });
  if (picked === undefined) return;
  const name = await picked.choose();
  if (document === undefined || name === undefined) return;
  const named = services.sessions.named(document.uri);
  const stays = named !== null && named.session.database.name === name;
  if (stays || (await leaveTransaction(named))) await services.sessions.bind(document.uri, name);
}

async function chooseMode(services: Services): Promise<void> {
  const document = window.activeTextEditor?.document;
  if (document === undefined) return;
  const current = services.sessions.modeOf(document.uri);
  const item = (mode: SessionMode, label: string, detail: string): QuickPickItem & { mode: SessionMode } => ({
    label: mode === current ? `$(check) ${label}` : label,
    detail,
    mode,
  });
  const items = [
    item("auto", l10n.t("Auto"), l10n.t("Keeps the connection while giving it back would lose something.")),
    item("pinned", l10n.t("Pinned"), l10n.t("Keeps the connection from the first run until you release it.")),
    item(
      "pooled",
      l10n.t("Pooled"),
      l10n.t("Gives the connection back after each run; transactions end with it."),
    ),
  ];
  const picked = await window.showQuickPick(items, { title: l10n.t("Session of This Editor") });
  if (picked === undefined) return;
  if (picked.mode === "pooled" && !(await leaveTransaction(target(services)))) return;
  await services.sessions.setMode(document.uri, picked.mode);
}

/** Says that a session is not what it was; a lost transaction must not be taken for one that goes on. */
function reportLoss({ editor, session }: NamedSession, { cause, carried }: SessionLoss): void {
  const what = carried.map(translated).join(", ");
  if (cause === "lost") {
    const text = l10n.t(
      "{0} lost its connection to {1}, and with it: {2}.",
      editor,
      session.database.name,
      what,
    );
    void window.showErrorMessage(text);
    return;
  }
  const text = l10n.t("{0} is pooled, so its connection went back, and with it: {1}.", editor, what);
  void window.showWarningMessage(text);
}

/** Leases: what an editor holds, and the commands that end it. */
export function register(services: Services): Disposable {
  const update = () => updateContext(services);
  update();
  const disposables = new Disposables();
  disposables.addAll(
    new ClosedEditors(services.sessions),
    services.sessions.onDidChange(update),
    services.sessions.onDidLose(({ named, loss }) => reportLoss(named, loss)),
    services.runs.onDidChange(update),
    window.onDidChangeActiveTextEditor(update),
    commands.registerCommand("rockpool.lease.commit", (uri?: unknown) => end(services, "commit", uri)),
    commands.registerCommand("rockpool.lease.rollback", (uri?: unknown) => end(services, "rollback", uri)),
    commands.registerCommand("rockpool.lease.release", (uri?: unknown) => release(services, uri)),
    commands.registerCommand("rockpool.session.menu", () => sessionMenu(target(services))),
    commands.registerCommand("rockpool.session.mode", () => chooseMode(services)),
    commands.registerCommand("rockpool.switchConnection", () => switchConnection(services)),
  );
  return disposables;
}
