import { type Disposable, l10n, StatusBarAlignment, type StatusBarItem, window } from "vscode";
import type { Services } from "../../services.ts";
import { Disposables } from "../../vscode/disposables.ts";
import { poolTooltip } from "../pools/pool-items.ts";
import { environmentBadge } from "./environment-badge.ts";
import { createRunningItem, showRunning } from "./running-item.ts";
import { createSessionItem, showSession } from "./session-item.ts";

const TICK_MILLIS = 500;

/** Which pool the item shows: the active editor's, or any where no SQL is open. */
function showConnection(services: Services, item: StatusBarItem): void {
  const document = window.activeTextEditor?.document;
  const connection =
    document === undefined ? services.connections.all[0] : services.sessions.connectionOf(document.uri);
  if (!connection) {
    if (document?.languageId === "sql") showOffer(item);
    else item.hide();
    return;
  }
  const pool = services.monitor.pools.find(({ name }) => name === connection.profile.name);
  if (pool === undefined) {
    item.hide();
    return;
  }
  const badge = environmentBadge(connection);
  item.backgroundColor = badge.background;
  item.text = `${badge.prefix}${pool.name} ${pool.used}/${pool.max} $(clockface) ${pool.waiting}`;
  item.command = { command: "rockpool.switchConnection", title: l10n.t("Switch connection") };
  const tooltip = poolTooltip(pool);
  tooltip.isTrusted = {
    enabledCommands: ["rockpool.pool.open", "rockpool.switchConnection", "rockpool.disconnect"],
  };
  tooltip.appendMarkdown(
    `\n[${l10n.t("Open Pool")}](command:rockpool.pool.open) · [${l10n.t("Switch")}](command:rockpool.switchConnection) · [${l10n.t("Disconnect")}](command:rockpool.disconnect)`,
  );
  item.tooltip = tooltip;
  item.accessibilityInformation = {
    label: `${badge.label}${pool.name}: ${pool.used} of ${pool.max} connections used, ${pool.waiting} waiting`,
  };
  item.show();
}

function showOffer(item: StatusBarItem): void {
  item.text = `$(plug) ${l10n.t("Connect")}`;
  item.tooltip = l10n.t("Connect this editor to PostgreSQL");
  item.command = "rockpool.connect";
  item.backgroundColor = undefined;
  item.show();
}

/** The status bar: an item for the pool, one for the session of the active editor, one while a statement runs. */
export function register(services: Services): Disposable {
  const disposables = new Disposables();
  const pool = disposables.add(window.createStatusBarItem("rockpool.pool", StatusBarAlignment.Left, 50));
  const session = disposables.add(createSessionItem());
  const running = disposables.add(createRunningItem());
  pool.name = "Rockpool: Pool";
  let stopTick = () => {};
  const update = () => {
    stopTick();
    showConnection(services, pool);
    showSession(services, session);
    showRunning(services, running);
    const hasAge =
      services.runs.isRunning || services.sessions.all.some((each) => each.session.transaction !== null);
    if (hasAge) stopTick = services.clock.after(TICK_MILLIS, update);
  };
  update();
  disposables.addAll(
    { dispose: () => stopTick() },
    services.monitor.onDidChange(update),
    services.runs.onDidChange(update),
    services.sessions.onDidChange(update),
    window.onDidChangeActiveTextEditor(update),
  );
  return disposables;
}
