import {
  type Disposable,
  EventEmitter,
  l10n,
  MarkdownString,
  ThemeColor,
  ThemeIcon,
  type TreeDataProvider,
  TreeItem,
  TreeItemCollapsibleState,
} from "vscode";
import type { PoolView, SlotView, WaiterView } from "../../../shared/protocol/pool.ts";
import { formatCoarseAge } from "../../model/duration.ts";
import { type PoolNode, PoolNodes } from "../../model/pool/pool-nodes.ts";
import { slotNumber } from "../../model/pool/pool-view.ts";
import { escapeMarkdown } from "../../vscode/markdown.ts";
import type { PoolMonitor } from "./pool-monitor.ts";

const SLOT_ICONS: Readonly<Record<SlotView["state"], [icon: string, color: string | null]>> = {
  connecting: ["loading~spin", null],
  idle: ["circle-outline", "charts.green"],
  running: ["play-circle", "charts.blue"],
  kept: ["lock", "charts.yellow"],
  used: ["circle-filled", "charts.blue"],
  cancelling: ["circle-slash", "charts.orange"],
  busy: ["circle-filled", "charts.foreground"],
  closing: ["circle-slash", null],
};

/** The Pools view: each pool, its slots with who holds them, and who waits. */
export class PoolsTree implements TreeDataProvider<PoolNode>, Disposable {
  readonly #monitor: PoolMonitor;
  readonly #changed = new EventEmitter<PoolNode[] | undefined>();
  readonly #nodes = new PoolNodes();
  readonly onDidChangeTreeData = this.#changed.event;

  constructor(monitor: PoolMonitor) {
    this.#monitor = monitor;
    this.#nodes.update(monitor.pools);
  }

  /** Draws anew what looks different, and nothing else, so that a press of a button on another row is heard. */
  refresh(): void {
    const changes = this.#nodes.update(this.#monitor.pools);
    if (changes === "all") this.#changed.fire(undefined);
    else if (changes.length > 0) this.#changed.fire([...changes]);
  }

  getChildren(node?: PoolNode): PoolNode[] {
    if (node === undefined) return [...this.#nodes.roots];
    return node.kind === "pool" ? [...node.children] : [];
  }

  getTreeItem(node: PoolNode): TreeItem {
    switch (node.kind) {
      case "pool":
        return poolItem(node.pool);
      case "slot":
        return slotItem(node.slot, node.id);
      case "waiter":
        return waiterItem(node.waiter, node.id);
    }
  }

  dispose(): void {
    this.#changed.dispose();
  }
}

function poolItem(pool: PoolView): TreeItem {
  const item = new TreeItem(pool.name, TreeItemCollapsibleState.Expanded);
  item.id = `pool ${pool.key}`;
  item.contextValue = "pool";
  item.iconPath = new ThemeIcon("database");
  item.description = l10n.t(
    "{0} used · {1} idle · {2} waiting",
    shown(pool.used),
    shown(pool.idle),
    shown(pool.waiting),
  );
  item.tooltip = poolTooltip(pool);
  item.accessibilityInformation = {
    label: l10n.t(
      "Pool {0}: {1} of {2} connections used, {3} idle, {4} waiting",
      pool.name,
      shown(pool.used),
      shown(pool.max),
      shown(pool.idle),
      shown(pool.waiting),
    ),
  };
  return item;
}

/** A number, or a dash where the pool's program does not tell it. */
function shown(value: number | null): string {
  return value === null ? "–" : String(value);
}

/** A table of the pool's numbers; the status bar shows it too. */
export function poolTooltip(pool: PoolView): MarkdownString {
  const text = new MarkdownString(undefined, true);
  text.appendMarkdown(`**${escapeMarkdown(pool.name)}**\n\n`);
  if (pool.target !== null) text.appendMarkdown(`${escapeMarkdown(pool.target)}\n\n`);
  text.appendMarkdown("| | |\n|:--|--:|\n");
  const rows: [string, number | null][] = [
    [l10n.t("used"), pool.used],
    [l10n.t("idle"), pool.idle],
    [l10n.t("connecting"), pool.connecting],
    [l10n.t("waiting"), pool.waiting],
    [l10n.t("open at most"), pool.max],
  ];
  for (const [name, value] of rows) text.appendMarkdown(`| ${name} | ${shown(value)} |\n`);
  return text;
}

const STATE_TEXT: Readonly<Record<SlotView["state"], string>> = {
  connecting: "connecting",
  idle: "idle",
  running: "running",
  kept: "kept",
  used: "used",
  cancelling: "cancelling",
  busy: "in the pool's hands",
  closing: "closing",
};

function slotText(slot: SlotView): string {
  const why = slot.isTransactionFailed ? "failed transaction" : slot.reasons.join(", ");
  const state = slot.state === "kept" && why !== "" ? why : STATE_TEXT[slot.state];
  return `${state} ${formatCoarseAge(slot.forMillis)}`.trim();
}

function slotItem(slot: SlotView, id: string): TreeItem {
  const number = slotNumber(slot.id);
  const [icon, color] = SLOT_ICONS[slot.state];
  const item = new TreeItem(slot.holder === null ? `#${number}` : `#${number} ${slot.holder.label}`);
  const pid = slot.backendPid === null ? "" : ` · pid ${slot.backendPid}`;
  const statement = slot.holder?.statement ? ` · ${slot.holder.statement}` : "";
  item.id = id;
  item.contextValue = `slot.${slot.state}`;
  item.description = `${slotText(slot)}${statement}${pid}`;
  item.iconPath = new ThemeIcon(
    slot.isTransactionFailed ? "error" : icon,
    color === null ? undefined : new ThemeColor(slot.isTransactionFailed ? "charts.red" : color),
  );
  item.tooltip = slotTooltip(slot);
  item.accessibilityInformation = { label: `${String(item.label)}, ${item.description}` };
  return item;
}

function slotTooltip(slot: SlotView): MarkdownString {
  const text = new MarkdownString(undefined, true);
  text.appendMarkdown(`**${escapeMarkdown(slot.id)}** · ${slotText(slot)}\n\n`);
  if (slot.backendPid !== null) text.appendMarkdown(`${l10n.t("server process")} ${slot.backendPid}\n\n`);
  if (slot.holder !== null) {
    text.appendMarkdown(`${l10n.t("held by")} ${escapeMarkdown(slot.holder.label)}\n`);
    if (slot.holder.statement !== null) text.appendCodeblock(slot.holder.statement, "sql");
  }
  return text;
}

function waiterItem(waiter: WaiterView, id: string): TreeItem {
  const { holder, forMillis } = waiter;
  const item = new TreeItem(holder.label);
  item.id = id;
  item.contextValue = "waiter.waiting";
  item.iconPath = new ThemeIcon("watch", new ThemeColor("charts.purple"));
  const waiting = `${l10n.t("waiting")} ${formatCoarseAge(forMillis)}`.trim();
  item.description = holder.statement === null ? waiting : `${waiting} · ${holder.statement}`;
  item.accessibilityInformation = { label: `${holder.label}, ${item.description}` };
  return item;
}
