import { commands, type Disposable, env, l10n, window, workspace } from "vscode";
import type { Services } from "../../services.ts";
import { setContextKey } from "../../vscode/context-keys.ts";
import { Disposables } from "../../vscode/disposables.ts";
import { receiverSettings } from "../../vscode/settings.ts";
import { registerLaunches } from "./launches.ts";
import type { Receiver } from "./receiver.ts";

/** Remembers for a workspace that its user has switched the receiver on; no file of the workspace can. */
const WATCHED_KEY = "rockpool.receiver.watched";

async function start(services: Services): Promise<void> {
  const { receiver, context } = services;
  if (!workspace.isTrusted) {
    const manage = l10n.t("Manage Workspace Trust");
    const text = l10n.t("Trust this workspace before its programs report to the editor.");
    if ((await window.showWarningMessage(text, manage)) === manage)
      await commands.executeCommand("workbench.trust.manage");
    return;
  }
  await receiver.start();
  await report(services);
  if (isWatching(receiver)) await context.workspaceState.update(WATCHED_KEY, true);
}

/** Whether it listens, or will as soon as it can. */
function isWatching({ state }: Receiver): boolean {
  return state.kind === "listening" || (state.kind === "failed" && state.isTriedAgain);
}

/** The answer to the user who asked for it. */
async function report({ receiver, log }: Services): Promise<void> {
  const { state } = receiver;
  if (state.kind === "failed") {
    const show = l10n.t("Show Log");
    const text = state.isTriedAgain
      ? l10n.t(
          "Programs cannot report to the editor: {0}. It is tried again until it is free.",
          state.message,
        )
      : l10n.t("Programs cannot report to the editor: {0}", state.message);
    if ((await window.showErrorMessage(text, show)) === show) log.show();
  }
  if (state.kind !== "listening") return;
  const text =
    state.keptVariable === null
      ? l10n.t("Listening on {0}. Start your program in a new terminal, or debug it.", state.url)
      : l10n.t(
          "Listening on {0}. Terminals keep {1} of your environment; start your program with this address to see its pools.",
          state.url,
          state.keptVariable,
        );
  const [terminal, copy] = [l10n.t("New Terminal"), l10n.t("Copy Address")];
  const answer = await window.showInformationMessage(text, terminal, copy);
  if (answer === terminal) await commands.executeCommand("workbench.action.terminal.new");
  if (answer === copy) await env.clipboard.writeText(state.url);
}

async function stop({ receiver, context }: Services): Promise<void> {
  await context.workspaceState.update(WATCHED_KEY, undefined);
  await receiver.stop();
}

async function copyAddress({ receiver }: Services): Promise<void> {
  if (receiver.state.kind === "listening") await env.clipboard.writeText(receiver.state.url);
}

/** Listens where the user has asked for that, in the settings or by the command in this workspace, and only there. */
function followSettings({ receiver, context }: Services): void {
  const isWatched = context.workspaceState.get(WATCHED_KEY, false);
  if (receiverSettings().isEnabled || isWatched) void receiver.start();
  else if (receiver.state.kind !== "off") void receiver.stop();
}

/** Your program's pools: the port on which programs report, and what tells them of it. */
export function register(services: Services): Disposable {
  const { receiver, log } = services;
  const disposables = new Disposables();
  disposables.addAll(
    registerLaunches({ receiver, log }),
    receiver.onDidChange(() => {
      setContextKey("receiving", receiver.state.kind === "listening");
      setContextKey("watching", isWatching(receiver));
    }),
    workspace.onDidGrantWorkspaceTrust(() => followSettings(services)),
    workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration("rockpool.receiver.enabled")) followSettings(services);
      if (event.affectsConfiguration("rockpool.receiver.port") && receiver.state.kind !== "off")
        void receiver.restart();
      const isOfEnvironment =
        event.affectsConfiguration("rockpool.receiver.environment") ||
        event.affectsConfiguration("terminal.integrated.env");
      if (isOfEnvironment) receiver.refreshEnvironment();
    }),
    commands.registerCommand("rockpool.receiver.start", () => start(services)),
    commands.registerCommand("rockpool.receiver.stop", () => stop(services)),
    commands.registerCommand("rockpool.receiver.copyAddress", () => copyAddress(services)),
  );
  followSettings(services);
  return disposables;
}
