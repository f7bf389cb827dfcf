import { l10n, MarkdownString, ThemeColor, ThemeIcon, TreeItem, TreeItemCollapsibleState } from "vscode";
import type { PoolView } from "../../../shared/protocol/pool.ts";
import { leaksOf } from "../../model/pool/leaks.ts";
import type { PoolNode, ReceiverView } from "../../model/pool/pool-nodes.ts";
import { escapeMarkdown } from "../../vscode/markdown.ts";
import { slotItem, waiterItem } from "./slot-items.ts";

/** A row of the Pools tree. */
export function itemOf(node: PoolNode): TreeItem {
  switch (node.kind) {
    case "pool":
      return poolItem(node.pool);
    case "slot":
      return slotItem(node.slot, node.root.pool, node.id);
    case "waiter":
      return waiterItem(node.waiter, node.root.pool, node.id);
    case "queue":
      return queueItem(node.count, node.id);
    case "receiver":
      return receiverItem(node.receiver);
  }
}

/** A number, or a dash where the pool's program does not tell it. */
function shown(value: number | null): string {
  return value === null ? "–" : String(value);
}

function poolItem(pool: PoolView): TreeItem {
  const { origin } = pool;
  const name = nameOf(pool);
  const item = new TreeItem(name, TreeItemCollapsibleState.Expanded);
  item.id = `pool ${pool.key}`;
  item.contextValue = `pool.${origin.kind}`;
  item.iconPath = poolIcon(pool);
  item.description =
    origin.kind === "own"
      ? numbersOf(pool)
      : [silenceOf(pool) || numbersOf(pool), programOf(pool)].filter(Boolean).join(" · ");
  const label = l10n.t(
    "Pool {0}: {1} of {2} connections used, {3} idle, {4} waiting",
    name,
    shown(pool.used),
    shown(pool.max),
    shown(pool.idle),
    shown(pool.waiting),
  );
  const more = [
    connectingOf(pool),
    programOf(pool),
    silenceOf(pool),
    leaksOf(pool).length > 0 ? l10n.t("suspected leak") : "",
  ];
  item.accessibilityInformation = { label: [label, ...more.filter(Boolean)].join(", ") };
  return item;
}

function numbersOf(pool: PoolView): string {
  const parts = [
    l10n.t("{0} used", shown(pool.used)),
    l10n.t("{0} idle", shown(pool.idle)),
    connectingOf(pool),
    l10n.t("{0} waiting", shown(pool.waiting)),
  ];
  return parts.filter(Boolean).join(" · ");
}

/** Nothing where none is being opened, as is so nearly always. */
function connectingOf({ connecting }: PoolView): string {
  return connecting === null || connecting === 0 ? "" : l10n.t("{0} connecting", String(connecting));
}

/** A program may have left its pool's name empty. */
function nameOf({ name }: PoolView): string {
  return name === "" ? l10n.t("unnamed pool") : name;
}

function poolIcon(pool: PoolView): ThemeIcon {
  const { origin } = pool;
  if (origin.kind === "program" && origin.isStale)
    return new ThemeIcon("debug-disconnect", new ThemeColor("disabledForeground"));
  if (leaksOf(pool).length > 0)
    return new ThemeIcon("warning", new ThemeColor("problemsWarningIcon.foreground"));
  return new ThemeIcon(origin.kind === "own" ? "database" : "server-process");
}

/** The program whose pool it is, and the process where it tells it. */
export function programOf({ origin }: PoolView): string {
  if (origin.kind === "own") return "";
  const pid = origin.process === null ? null : (/^(\d+)(?:@|$)/.exec(origin.process)?.[1] ?? null);
  const service = origin.serviceName ?? l10n.t("unnamed program");
  return pid === null ? service : `${service} (${pid})`;
}

function silenceOf({ origin }: PoolView): string {
  return origin.kind === "program" && origin.isStale ? l10n.t("silent") : "";
}

/** A table of the pool's numbers; the status bar shows it too. */
export function poolTooltip(pool: PoolView): MarkdownString {
  const text = new MarkdownString(undefined, true);
  text.appendMarkdown(`**${escapeMarkdown(nameOf(pool))}**\n\n`);
  const program = programOf(pool);
  if (program !== "") text.appendMarkdown(`${escapeMarkdown(l10n.t("of the program {0}", program))}\n\n`);
  if (pool.target !== null) text.appendMarkdown(`${escapeMarkdown(pool.target)}\n\n`);
  text.appendMarkdown("| | |\n|:--|--:|\n");
  const rows: [string, number | null][] = [
    [l10n.t("used"), pool.used],
    [l10n.t("idle"), pool.idle],
    [l10n.t("connecting"), pool.connecting],
    [l10n.t("waiting"), pool.waiting],
    [l10n.t("open at most"), pool.max],
  ];
  const told = rows.filter(([, value]) => value !== null);
  for (const [name, value] of told) text.appendMarkdown(`| ${name} | ${shown(value)} |\n`);
  for (const slot of leaksOf(pool))
    text.appendMarkdown(
      `\n$(warning) ${escapeMarkdown(l10n.t("{0} is held and does nothing: a suspected leak", slot.id))}\n`,
    );
  return text;
}

function queueItem(count: number, id: string): TreeItem {
  const item = new TreeItem(
    count === 1 ? l10n.t("1 caller waits") : l10n.t("{0} callers wait", String(count)),
  );
  item.id = id;
  item.contextValue = "queue";
  item.iconPath = new ThemeIcon("watch", new ThemeColor("charts.purple"));
  return item;
}

const RECEIVER_ICONS: Readonly<Record<ReceiverView["state"], ThemeIcon>> = {
  starting: new ThemeIcon("loading~spin"),
  listening: new ThemeIcon("broadcast"),
  failed: new ThemeIcon("error", new ThemeColor("list.errorForeground")),
};

function receiverItem(receiver: ReceiverView): TreeItem {
  const { state, text, programs } = receiver;
  const item = new TreeItem(l10n.t("Your programs"));
  item.id = "receiver";
  item.contextValue = `receiver.${state}`;
  item.iconPath = RECEIVER_ICONS[state];
  const count = programs === 0 ? l10n.t("none reports yet") : l10n.t("{0} reporting", String(programs));
  item.description = state === "listening" ? `${count} · ${text.replace("http://", "")}` : text;
  item.tooltip = receiverTooltip(receiver);
  item.accessibilityInformation = { label: `${String(item.label)}, ${item.description}` };
  return item;
}

function receiverTooltip(receiver: ReceiverView): MarkdownString {
  const tooltip = new MarkdownString();
  tooltip.appendMarkdown(`${escapeMarkdown(receiver.text)}\n\n`);
  tooltip.appendText(receiverHint(receiver));
  return tooltip;
}

function receiverHint({ state, keptVariable, isTriedAgain }: ReceiverView): string {
  if (state !== "listening") return isTriedAgain ? l10n.t("It is tried again until it is free.") : "";
  return keptVariable === null
    ? l10n.t(
        "New terminals and launches of Node.js programs are told this address. It is open to this machine only: where the window is remote, to the remote one.",
      )
    : l10n.t(
        "{0} of your environment sends telemetry elsewhere, so programs are not told this address.",
        keptVariable,
      );
}
