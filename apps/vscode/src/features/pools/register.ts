import { commands, type Disposable, Position, Selection, Uri, window, workspace } from "vscode";
import type { PoolNode } from "../../model/pool/pool-nodes.ts";
import type { NamedSession } from "../../model/pool/pool-view.ts";
import type { Services } from "../../services.ts";
import { Disposables } from "../../vscode/disposables.ts";
import { DashboardView } from "./dashboard-view.ts";
import { PoolsTree } from "./pools-tree.ts";

/** What a slot's command acts on: an item of the tree, or a slot named by the dashboard. */
export type SlotArgument = PoolNode | { readonly slotId: string };

function targetOf(services: Services, argument: SlotArgument | undefined): NamedSession | null {
  if (argument === undefined) return null;
  if ("slotId" in argument) return services.sessions.holding(argument.slotId);
  if (argument.kind === "slot") return services.sessions.holding(argument.slot.id);
  if (argument.kind !== "waiter") return null;
  const { place } = argument.waiter.holder;
  return services.sessions.all.find((named) => named.uri === place?.path) ?? null;
}

async function reveal(services: Services, argument: SlotArgument | undefined): Promise<void> {
  const target = targetOf(services, argument);
  const state = target?.session.state;
  if (target === null || state === undefined || state.kind === "free") return;
  const document = await workspace.openTextDocument(Uri.parse(target.uri));
  const at = document.validatePosition(new Position(state.statement.line - 1, 0));
  await window.showTextDocument(document, { selection: new Selection(at, at) });
}

/** Pools: the tree, the dashboard, and what can be done with a slot. */
export function register(services: Services): Disposable {
  const { monitor } = services;
  const tree = new PoolsTree(monitor);
  const view = window.createTreeView("rockpool.pools", { treeDataProvider: tree });
  const dashboard = new DashboardView({ extensionUri: services.context.extensionUri, monitor });
  const follow = () => (view.visible ? monitor.watch(tree) : monitor.unwatch(tree));
  follow();
  const disposables = new Disposables();
  disposables.addAll(
    tree,
    view,
    dashboard,
    view.onDidChangeVisibility(follow),
    monitor.onDidChange(() => tree.refresh()),
    window.registerWebviewViewProvider("rockpool.dashboard", dashboard),
    commands.registerCommand("rockpool.pool.open", () => commands.executeCommand("rockpool.dashboard.focus")),
    commands.registerCommand("rockpool.slot.reveal", (argument?: SlotArgument) => reveal(services, argument)),
    commands.registerCommand("rockpool.slot.cancel", (argument?: SlotArgument) => {
      const target = targetOf(services, argument);
      if (target !== null) services.runs.cancelOnly(Uri.parse(target.uri));
    }),
    commands.registerCommand("rockpool.slot.release", (argument?: SlotArgument) =>
      commands.executeCommand("rockpool.lease.release", targetOf(services, argument)?.uri ?? ""),
    ),
  );
  return disposables;
}
