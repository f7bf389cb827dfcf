import { l10n, MarkdownString, ThemeColor, ThemeIcon, TreeItem } from "vscode";
import type { PoolView, SlotView, WaiterView } from "../../../shared/protocol/pool.ts";
import { formatCoarseAge } from "../../model/duration.ts";
import { lockWaitOf } from "../../model/pool/pool-nodes.ts";
import { slotNumber } from "../../model/pool/pool-view.ts";
import { escapeMarkdown } from "../../vscode/markdown.ts";
import { translated } from "../../vscode/translated.ts";

const SLOT_ICONS: Readonly<Record<SlotView["state"], [icon: string, color: string | null]>> = {
  connecting: ["loading~spin", null],
  idle: ["circle-outline", "charts.green"],
  running: ["play-circle", "charts.blue"],
  kept: ["lock", "charts.yellow"],
  used: ["circle-filled", "charts.blue"],
  cancelling: ["circle-slash", "symbolIcon.classForeground"],
  busy: ["circle-filled", "charts.foreground"],
  closing: ["circle-slash", null],
};

function stateText(state: SlotView["state"]): string {
  switch (state) {
    case "connecting":
      return l10n.t("connecting");
    case "idle":
      return l10n.t("idle");
    case "running":
      return l10n.t("running");
    case "kept":
      return l10n.t("kept");
    case "used":
      return l10n.t("used");
    case "cancelling":
      return l10n.t("cancelling");
    case "busy":
      return l10n.t("in the pool's hands");
    case "closing":
      return l10n.t("closing");
  }
}

export function slotItem(slot: SlotView, pool: PoolView, id: string): TreeItem {
  const number = slotNumber(slot.id);
  const item = new TreeItem(slot.holder === null ? `#${number}` : `#${number} ${slot.holder.label}`);
  item.id = id;
  item.contextValue = contextOf(slot, pool);
  item.description = descriptionOf(slot);
  item.iconPath = iconOf(slot);
  item.accessibilityInformation = { label: `${String(item.label)}, ${item.description}` };
  return item;
}

/** What the menus ask for: whose slot it is, its state, and what can be done with it. */
function contextOf(slot: SlotView, pool: PoolView): string {
  const flags = [
    slot.leak === null ? "" : ".leak",
    slot.leak?.stack == null ? "" : ".stack",
    placeOf(slot) === null ? "" : ".place",
    slot.backendPid === null ? "" : ".pid",
  ];
  return `slot.${pool.origin.kind}.${slot.state}${flags.join("")}`;
}

function placeOf({ leak, holder }: SlotView) {
  return leak?.place ?? holder?.place ?? null;
}

function descriptionOf(slot: SlotView): string {
  const parts = [
    slotText(slot),
    callerOf(slot) ?? "",
    slot.holder?.statement ?? "",
    slot.backendPid === null ? "" : `pid ${slot.backendPid}`,
    lockWaitOf(slot) ?? "",
  ];
  return parts.filter(Boolean).join(" · ");
}

/** What its program was asked for, where the row's name does not say it. */
function callerOf({ holder }: SlotView): string | null {
  return holder === null || holder.caller === holder.label ? null : holder.caller;
}

function slotText(slot: SlotView): string {
  const age = formatCoarseAge(slot.forMillis);
  if (slot.leak !== null) return `${l10n.t("suspected leak")} ${age}`.trim();
  const why = slot.isTransactionFailed
    ? l10n.t("failed transaction")
    : slot.reasons.map(translated).join(", ");
  const state =
    slot.state === "kept" ? why || slot.server?.state || stateText("kept") : stateText(slot.state);
  return `${state} ${age}`.trim();
}

function iconOf(slot: SlotView): ThemeIcon {
  if (slot.leak !== null) return new ThemeIcon("warning", new ThemeColor("problemsWarningIcon.foreground"));
  if (slot.isTransactionFailed) return new ThemeIcon("error", new ThemeColor("charts.red"));
  const [icon, color] = SLOT_ICONS[slot.state];
  return new ThemeIcon(icon, color === null ? undefined : new ThemeColor(color));
}

/** All that is known of a slot; made when somebody asks for it, so that what it tells changes no row. */
export function slotTooltip(slot: SlotView): MarkdownString {
  const text = new MarkdownString(undefined, true);
  const line = (words: string): void => void text.appendMarkdown(`${escapeMarkdown(words)}\n\n`);
  text.appendMarkdown(`**${escapeMarkdown(slot.id)}** · ${escapeMarkdown(slotText(slot))}\n\n`);
  if (slot.backendPid !== null) line(l10n.t("server process {0}", String(slot.backendPid)));
  if (slot.server !== null) {
    const { state, waitEvent } = slot.server;
    line(
      waitEvent === null
        ? l10n.t("the server says: {0}", state)
        : l10n.t("the server says: {0}, waits for {1}", state, waitEvent),
    );
  }
  if (slot.holder !== null) {
    line(l10n.t("held by {0}", slot.holder.label));
    const caller = callerOf(slot);
    if (caller !== null) line(l10n.t("for {0}", caller));
    if (slot.holder.traceId !== null) line(l10n.t("trace {0}", slot.holder.traceId));
    if (slot.holder.statement !== null) text.appendCodeblock(slot.holder.statement, "sql");
  }
  if (slot.leak?.stack != null) text.appendCodeblock(slot.leak.stack, "text");
  return text;
}

export function waiterItem(waiter: WaiterView, pool: PoolView, id: string): TreeItem {
  const { holder, forMillis } = waiter;
  const item = new TreeItem(holder.label);
  item.id = id;
  item.contextValue = `waiter.${pool.origin.kind}.waiting${holder.place === null ? "" : ".place"}`;
  item.iconPath = new ThemeIcon("watch", new ThemeColor("charts.purple"));
  const waiting = `${l10n.t("waiting")} ${formatCoarseAge(forMillis)}`.trim();
  item.description = holder.statement === null ? waiting : `${waiting} · ${holder.statement}`;
  item.accessibilityInformation = { label: `${holder.label}, ${item.description}` };
  return item;
}
