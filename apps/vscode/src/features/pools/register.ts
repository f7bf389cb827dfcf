import { commands, type Disposable, Position, Selection, Uri, window, workspace } from "vscode";
import type { PoolNode } from "../../model/pool/pool-nodes.ts";
import type { Services } from "../../services.ts";
import { Disposables } from "../../vscode/disposables.ts";
import { openSource } from "../../vscode/open-source.ts";
import { Dashboards } from "./dashboard-view.ts";
import { registerPoolCommands } from "./pool-commands.ts";
import { PoolsTree } from "./pools-tree.ts";
import { programPlace, type SlotArgument, sessionTarget, slotTarget } from "./slot-target.ts";

/** Opens the statement of the editor that holds a slot or waits for one, or the line of the program that holds it. */
async function reveal(services: Services, argument: SlotArgument | undefined): Promise<void> {
  const session = sessionTarget(services, argument);
  if (session !== null) {
    const { state } = session.session;
    if (state.kind === "free") return;
    const document = await workspace.openTextDocument(Uri.parse(session.uri));
    const at = document.validatePosition(new Position(state.statement.line - 1, 0));
    await window.showTextDocument(document, { selection: new Selection(at, at) });
    return;
  }
  const target = slotTarget(services, argument);
  const place = target === null ? null : programPlace(target);
  if (place !== null) await openSource(place);
}

/** Pools: the tree, the dashboard, and what can be done with a pool and a slot. */
export function register(services: Services): Disposable {
  const { monitor, receiver, poolSources: sources, histories } = services;
  const tree = new PoolsTree({ monitor, receiver, clock: services.clock });
  const view = window.createTreeView("rockpool.pools", { treeDataProvider: tree });
  const { extensionUri } = services.context;
  const dashboards = new Dashboards({ extensionUri, monitor, sources, histories });
  const follow = () => {
    if (view.visible) monitor.watch(tree);
    else monitor.unwatch(tree);
    refresh();
  };
  // What is hidden is not drawn.
  const refresh = () => {
    if (view.visible) tree.refresh();
  };
  follow();
  const disposables = new Disposables();
  disposables.addAll(
    tree,
    view,
    dashboards,
    registerPoolCommands(services),
    view.onDidChangeVisibility(follow),
    monitor.onDidChange(refresh),
    receiver.onDidChange(refresh),
    commands.registerCommand("rockpool.pool.open", async (node?: PoolNode) => {
      await commands.executeCommand("rockpool.dashboard.focus");
      if (node?.kind === "pool") dashboards.select(node.key);
    }),
    commands.registerCommand("rockpool.pool.openInEditor", (node?: PoolNode) =>
      dashboards.openInEditor(node?.kind === "pool" ? node.key : null),
    ),
    commands.registerCommand("rockpool.slot.reveal", (argument?: SlotArgument) => reveal(services, argument)),
    commands.registerCommand("rockpool.slot.cancel", (argument?: SlotArgument) => {
      const target = sessionTarget(services, argument);
      if (target !== null) services.runs.cancelOnly(Uri.parse(target.uri));
    }),
    commands.registerCommand("rockpool.slot.release", (argument?: SlotArgument) =>
      commands.executeCommand("rockpool.lease.release", sessionTarget(services, argument)?.uri ?? ""),
    ),
  );
  return disposables;
}
