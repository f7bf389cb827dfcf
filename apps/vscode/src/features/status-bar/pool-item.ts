import { l10n, StatusBarAlignment, type StatusBarItem, ThemeColor, window } from "vscode";
import type { PoolView } from "../../../shared/protocol/pool.ts";
import { formatAge } from "../../model/duration.ts";
import { type PoolTrouble, troubleOf } from "../../model/pool/pool-trouble.ts";
import type { Services } from "../../services.ts";
import { poolTooltip } from "../pools/pool-items.ts";
import { environmentBadge } from "./environment-badge.ts";

/** What the tooltip offers; it may run nothing else. */
const OFFERS = [
  "rockpool.pool.open",
  "rockpool.pool.resize",
  "rockpool.pool.ping",
  "rockpool.switchConnection",
  "rockpool.disconnect",
] as const;

export function createPoolItem(): StatusBarItem {
  const item = window.createStatusBarItem("rockpool.pool", StatusBarAlignment.Left, 50);
  item.name = "Rockpool: Pool";
  return item;
}

/** The pool of the active editor, or any where no SQL is open: how much of it is used, and who waits. */
export function showPool(services: Services, item: StatusBarItem): void {
  const document = window.activeTextEditor?.document;
  const connection =
    document === undefined ? services.connections.all[0] : services.sessions.connectionOf(document.uri);
  if (!connection) {
    if (document?.languageId === "sql") showOffer(item);
    else item.hide();
    return;
  }
  const own = services.poolSources.poolsOf(services.ownPools);
  const pool = own.find(({ name }) => name === connection.profile.name);
  if (pool === undefined) {
    item.hide();
    return;
  }
  const trouble = troubleOf(pool);
  const mark = trouble === null ? "" : " $(warning)";
  const badge = environmentBadge(connection);
  item.text = `${badge.prefix}${pool.name} ${pool.used}/${pool.max} $(clockface) ${pool.waiting}${mark}`;
  const warning = trouble === null ? undefined : new ThemeColor("statusBarItem.warningBackground");
  item.backgroundColor = badge.background ?? warning;
  item.command = { command: "rockpool.switchConnection", title: l10n.t("Switch connection") };
  item.tooltip = tooltipOf(pool, trouble);
  const counts = l10n.t(
    "{0}: {1} of {2} connections used, {3} waiting",
    pool.name,
    String(pool.used),
    String(pool.max),
    String(pool.waiting),
  );
  item.accessibilityInformation = { label: `${badge.label}${[counts, ...wordsOf(trouble)].join(", ")}` };
  item.show();
}

function tooltipOf(pool: PoolView, trouble: PoolTrouble | null) {
  const tooltip = poolTooltip(pool);
  if (trouble?.kind === "waiting") tooltip.appendMarkdown(`\n$(warning) ${wordsOf(trouble).join("")}\n`);
  tooltip.isTrusted = { enabledCommands: OFFERS };
  const texts = [
    l10n.t("Open Dashboard"),
    l10n.t("Resize"),
    l10n.t("Ping"),
    l10n.t("Switch"),
    l10n.t("Disconnect"),
  ];
  const links = OFFERS.map((command, at) => `[${texts[at]}](command:${command})`);
  tooltip.appendMarkdown(`\n${links.join(" · ")}`);
  return tooltip;
}

function wordsOf(trouble: PoolTrouble | null): string[] {
  if (trouble === null) return [];
  if (trouble.kind === "waiting")
    return [l10n.t("somebody has waited for {0}", formatAge(trouble.forMillis))];
  return [
    trouble.count === 1 ? l10n.t("1 suspected leak") : l10n.t("{0} suspected leaks", String(trouble.count)),
  ];
}

function showOffer(item: StatusBarItem): void {
  item.text = `$(plug) ${l10n.t("Connect")}`;
  item.tooltip = l10n.t("Connect this editor to PostgreSQL");
  item.command = "rockpool.connect";
  item.backgroundColor = undefined;
  item.accessibilityInformation = undefined;
  item.show();
}
