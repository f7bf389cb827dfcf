import { type Disposable, l10n, StatusBarAlignment, type StatusBarItem, ThemeColor, window } from "vscode";
import { formatAge } from "../../model/duration.ts";
import type { Services } from "../../services.ts";
import { Disposables } from "../../vscode/disposables.ts";
import { poolTooltip } from "../pools/pools-tree.ts";

const TICK_MILLIS = 500;

type TransactionState = "none" | "open" | "failed";

function transactionOf(services: Services): TransactionState {
  const uri = window.activeTextEditor?.document.uri;
  const session = uri === undefined ? null : services.sessions.find(uri);
  const status = session?.lease?.transactionStatus ?? "idle";
  if (status === "failed") return "failed";
  return status === "transaction" ? "open" : "none";
}

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
  const transaction = transactionOf(services);
  const mark =
    transaction === "failed" ? " $(error) TX" : transaction === "open" ? " $(circle-filled) TX" : "";
  item.text = `$(database) ${pool.name} ${pool.used}/${pool.max} $(clockface) ${pool.waiting}${mark}`;
  item.backgroundColor = background(transaction);
  item.command = { command: "rockpool.switchConnection", title: l10n.t("Switch connection") };
  const tooltip = poolTooltip(pool);
  tooltip.isTrusted = {
    enabledCommands: ["rockpool.pool.open", "rockpool.switchConnection", "rockpool.disconnect"],
  };
  tooltip.appendMarkdown(
    `\n[${l10n.t("Open Pool")}](command:rockpool.pool.open) · [${l10n.t("Switch")}](command:rockpool.switchConnection) · [${l10n.t("Disconnect")}](command:rockpool.disconnect)`,
  );
  item.tooltip = tooltip;
  const inTransaction = transaction === "none" ? "" : `, ${transaction} transaction`;
  item.accessibilityInformation = {
    label: `${pool.name}: ${pool.used} of ${pool.max} connections used, ${pool.waiting} waiting${inTransaction}`,
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

function background(transaction: TransactionState): ThemeColor | undefined {
  if (transaction === "failed") return new ThemeColor("statusBarItem.errorBackground");
  return transaction === "open" ? new ThemeColor("statusBarItem.warningBackground") : undefined;
}

/** The elapsed time of the run under way, and the way to cancel it. */
function showRunning(services: Services, item: StatusBarItem): void {
  const uri = window.activeTextEditor?.document.uri.toString();
  const { active } = services.runs;
  const run = active.find(({ document }) => document.uri.toString() === uri) ?? active[0];
  if (run === undefined) {
    item.hide();
    return;
  }
  const elapsed = formatAge(services.clock.now() - run.startedAt);
  item.text = `$(sync~spin) ${elapsed}`;
  item.tooltip = l10n.t("Running on {0}. Click to cancel.", run.connectionName);
  item.command = "rockpool.run.cancel";
  item.accessibilityInformation = { label: l10n.t("Statement running; press to cancel") };
  item.show();
}

/** The status bar: one item for the pool, one while a statement runs. */
export function register(services: Services): Disposable {
  const disposables = new Disposables();
  const pool = disposables.add(window.createStatusBarItem("rockpool.pool", StatusBarAlignment.Left, 50));
  const running = disposables.add(
    window.createStatusBarItem("rockpool.running", StatusBarAlignment.Left, 49),
  );
  pool.name = "Rockpool: Pool";
  running.name = "Rockpool: Running Statement";
  let stopTick = () => {};
  const update = () => {
    stopTick();
    showConnection(services, pool);
    showRunning(services, running);
    if (services.runs.isRunning) stopTick = services.clock.after(TICK_MILLIS, update);
  };
  update();
  disposables.addAll(
    { dispose: () => stopTick() },
    services.monitor.onDidChange(update),
    services.runs.onDidChange(update),
    window.onDidChangeActiveTextEditor(update),
  );
  return disposables;
}
