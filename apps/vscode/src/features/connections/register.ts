import { commands, type Disposable, l10n, window, workspace } from "vscode";
import type { Services } from "../../services.ts";
import { setContextKey } from "../../vscode/context-keys.ts";
import { Disposables } from "../../vscode/disposables.ts";
import { autoConnectName } from "../../vscode/settings.ts";
import { leaveTransaction } from "../leases/open-transactions.ts";
import { type ConnectChoice, chooseConnection, chooseFound } from "./connect-wizard.ts";
import { ConnectionsTree } from "./connections-tree.ts";
import { ConnectionExplainer } from "./explain-connection.ts";
import type { OpenConnection } from "./open-connections.ts";
import { findProfile, type Profile, readProfiles, removeProfile, saveProfile } from "./profiles.ts";

/** What a command gets from a tree, from another command, or from nothing. */
export type ProfileArgument = { readonly name?: string } | string | undefined;

function nameOf(argument: ProfileArgument): string | null {
  return (typeof argument === "string" ? argument : argument?.name) ?? null;
}

/** Connects what was chosen; a pasted connection is saved once it has connected. */
async function connectChoice(
  services: Services,
  choice: ConnectChoice | null,
): Promise<OpenConnection | null> {
  if (choice === null) return null;
  const { profile, password, isPasted } = choice;
  const outcome = await services.connector.connect(profile, { password, isRemembered: isPasted });
  if (outcome.kind !== "connected") return null;
  if (isPasted) await saveProfile(profile);
  services.sessions.bindActiveEditor(profile.name);
  return outcome.connection;
}

/** Connects by name, or lets the user choose. */
export async function connect(
  services: Services,
  argument?: ProfileArgument,
): Promise<OpenConnection | null> {
  const name = nameOf(argument);
  const profile = name === null ? null : findProfile(name);
  if (profile !== null) return connectChoice(services, { profile, password: null, isPasted: false });
  return connectChoice(services, await chooseConnection(services.connections));
}

async function pickOpen(services: Services, argument: ProfileArgument): Promise<string | null> {
  const names = services.connections.all.map(({ profile }) => profile.name);
  const name = nameOf(argument);
  if (name !== null) return name;
  if (names.length < 2) return names[0] ?? null;
  return (await window.showQuickPick(names, { title: l10n.t("Disconnect") })) ?? null;
}

async function pickProfile(argument: ProfileArgument, title: string): Promise<Profile | null> {
  const name = nameOf(argument);
  if (name !== null) return findProfile(name);
  const names = readProfiles().map((profile) => profile.name);
  const picked = await window.showQuickPick(names, { title });
  return picked === undefined ? null : findProfile(picked);
}

async function disconnect(services: Services, argument: ProfileArgument): Promise<void> {
  const name = await pickOpen(services, argument);
  if (name === null) return;
  for (const named of services.sessions.all) {
    if (named.session.database.name === name && !(await leaveTransaction(named))) return;
  }
  await services.connections.close(name);
}

async function forget(services: Services, argument: ProfileArgument): Promise<void> {
  const profile = await pickProfile(argument, l10n.t("Forget Password"));
  if (profile === null) return;
  await services.passwords.forget(profile);
  void window.showInformationMessage(l10n.t("The password of {0} is forgotten.", profile.name));
}

async function remove(services: Services, argument: ProfileArgument): Promise<void> {
  const profile = await pickProfile(argument, l10n.t("Remove Connection"));
  if (profile === null) return;
  const yes = l10n.t("Remove");
  const question = l10n.t("Remove the connection {0} and its password?", profile.name);
  if ((await window.showWarningMessage(question, { modal: true }, yes)) !== yes) return;
  await services.connections.close(profile.name);
  await services.passwords.forget(profile);
  await removeProfile(profile.name);
}

async function autoConnect(services: Services): Promise<void> {
  const name = autoConnectName();
  const profile = name === "" ? null : findProfile(name);
  if (profile?.source === "user") await services.connector.connectQuietly(profile);
}

async function explain(explainer: ConnectionExplainer, argument: ProfileArgument): Promise<void> {
  const profile = await pickProfile(argument, l10n.t("Explain Connection Settings"));
  if (profile !== null) await explainer.show(profile);
}

/** Connections: profiles, passwords, the Connections view. */
export function register(services: Services): Disposable {
  const tree = new ConnectionsTree(services.connections);
  const explainer = new ConnectionExplainer();
  const refresh = () => {
    tree.refresh();
    setContextKey("connected", services.connections.all.length > 0);
  };
  const disposables = new Disposables();
  disposables.addAll(
    tree,
    explainer,
    window.createTreeView("rockpool.connections", { treeDataProvider: tree }),
    services.connections.onDidOpenOrClose(refresh),
    workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration("rockpool.connections")) refresh();
    }),
    workspace.onDidGrantWorkspaceTrust(refresh),
    commands.registerCommand("rockpool.connect", (argument?: ProfileArgument) => connect(services, argument)),
    commands.registerCommand("rockpool.connectTo", (argument: ProfileArgument) =>
      connect(services, argument),
    ),
    commands.registerCommand("rockpool.connectEnvironment", async () =>
      connectChoice(services, await chooseFound()),
    ),
    commands.registerCommand("rockpool.disconnect", (argument: ProfileArgument) =>
      disconnect(services, argument),
    ),
    commands.registerCommand("rockpool.forgetPassword", (argument: ProfileArgument) =>
      forget(services, argument),
    ),
    commands.registerCommand("rockpool.removeConnection", (argument: ProfileArgument) =>
      remove(services, argument),
    ),
    commands.registerCommand("rockpool.explainConnection", (argument: ProfileArgument) =>
      explain(explainer, argument),
    ),
  );
  void autoConnect(services);
  return disposables;
}
