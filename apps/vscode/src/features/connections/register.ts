import { commands, type Disposable, type TreeView, window, workspace } from "vscode";
import type { Services } from "../../services.ts";
import { setContextKey } from "../../vscode/context-keys.ts";
import { Disposables } from "../../vscode/disposables.ts";
import { autoConnectName } from "../../vscode/settings.ts";
import { isAllowedHere } from "../../vscode/trust.ts";
import { followSettings } from "./changed-settings.ts";
import { autoConnect, connect, connectEnvironment, connectFound, type ProfileArgument } from "./connect.ts";
import { addConnection } from "./connection-wizard.ts";
import { type ConnectionNode, ConnectionsTree } from "./connections-tree.ts";
import { EnvironmentDecorations } from "./environment-decorations.ts";
import { ConnectionExplainer } from "./explain-connection.ts";
import { FoundOffer } from "./found-offer.ts";
import {
  disconnect,
  duplicate,
  edit,
  explain,
  forgetPassword,
  remove,
  rename,
  saveConnection,
  testConnection,
} from "./profile-commands.ts";

async function add(services: Services): Promise<void> {
  if (!isAllowedHere()) return;
  const connection = await addConnection(services);
  if (connection !== null) services.sessions.bindActiveEditor(connection.profile.name);
}

function registerCommands(services: Services, explainer: ConnectionExplainer): readonly Disposable[] {
  return [
    commands.registerCommand("rockpool.connect", (argument?: ProfileArgument) => connect(services, argument)),
    commands.registerCommand("rockpool.connectTo", (argument: ProfileArgument) =>
      connect(services, argument),
    ),
    commands.registerCommand("rockpool.connectEnvironment", () => connectEnvironment(services)),
    commands.registerCommand("rockpool.connectFound", async (node?: ConnectionNode) => {
      if (node?.kind === "found") await connectFound(services, node.found);
    }),
    commands.registerCommand("rockpool.addConnection", () => add(services)),
    commands.registerCommand("rockpool.saveConnection", (node?: ConnectionNode) =>
      saveConnection(services, node),
    ),
    commands.registerCommand("rockpool.editConnection", (argument: ProfileArgument) =>
      edit(services, argument),
    ),
    commands.registerCommand("rockpool.duplicateConnection", (argument: ProfileArgument) =>
      duplicate(services, argument),
    ),
    commands.registerCommand("rockpool.renameConnection", (argument: ProfileArgument) =>
      rename(services, argument),
    ),
    commands.registerCommand("rockpool.testConnection", (argument: ProfileArgument) =>
      testConnection(services, argument),
    ),
    commands.registerCommand("rockpool.disconnect", (argument: ProfileArgument) =>
      disconnect(services, argument),
    ),
    commands.registerCommand("rockpool.forgetPassword", (argument: ProfileArgument) =>
      forgetPassword(services, argument),
    ),
    commands.registerCommand("rockpool.removeConnection", (argument: ProfileArgument) =>
      remove(services, argument),
    ),
    commands.registerCommand("rockpool.explainConnection", (argument: ProfileArgument) =>
      explain(explainer, argument),
    ),
  ];
}

/** Looks for connections while the view is in sight, and not before. */
function lookWhileVisible(services: Services, view: TreeView<ConnectionNode>): readonly Disposable[] {
  const offer = new FoundOffer();
  const look = async (): Promise<void> => {
    if (!view.visible) return;
    await services.discovery.look();
    await offer.make(services);
  };
  return [
    view.onDidChangeVisibility(look),
    services.discovery.onDidChange(() => {
      if (view.visible) void offer.make(services);
    }),
    workspace.onDidGrantWorkspaceTrust(look),
    workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration("rockpool.discovery")) void look();
    }),
    commands.registerCommand("rockpool.refreshConnections", () => services.discovery.look()),
  ];
}

/** Connections: profiles, passwords, the Connections view. */
export function register(services: Services): Disposable {
  const { connections, discovery } = services;
  const tree = new ConnectionsTree(connections, discovery);
  const explainer = new ConnectionExplainer();
  const view = window.createTreeView("rockpool.connections", { treeDataProvider: tree });
  const refresh = () => {
    tree.refresh();
    setContextKey("connected", connections.all.length > 0);
  };
  const connectByItself = () => void autoConnect(services, autoConnectName());
  const disposables = new Disposables();
  disposables.addAll(
    tree,
    explainer,
    view,
    new EnvironmentDecorations(services.sessions),
    connections.onDidOpenOrClose(refresh),
    discovery.onDidChange(refresh),
    workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration("rockpool.connections")) refresh();
    }),
    workspace.onDidGrantWorkspaceTrust(() => {
      refresh();
      connectByItself();
    }),
    followSettings(services),
    ...registerCommands(services, explainer),
    ...lookWhileVisible(services, view),
  );
  connectByItself();
  return disposables;
}
