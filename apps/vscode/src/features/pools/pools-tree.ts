import { type Disposable, EventEmitter, type TreeDataProvider, type TreeItem } from "vscode";
import type { Clock } from "../../model/database.ts";
import type { PoolMonitor } from "../../model/pool/pool-monitor.ts";
import { type PoolNode, PoolNodes, type ReceiverView } from "../../model/pool/pool-nodes.ts";
import type { Receiver } from "../receiver/receiver.ts";
import { itemOf, poolTooltip } from "./pool-items.ts";
import { slotTooltip } from "./slot-items.ts";

/** The Pools view: each pool, its slots with who holds them, who waits, and where programs can report. */
export class PoolsTree implements TreeDataProvider<PoolNode>, Disposable {
  readonly #monitor: PoolMonitor;
  readonly #receiver: Receiver;
  readonly #changed = new EventEmitter<PoolNode[] | undefined>();
  readonly #nodes: PoolNodes;
  readonly onDidChangeTreeData = this.#changed.event;

  constructor(parts: { monitor: PoolMonitor; receiver: Receiver; clock: Clock }) {
    this.#monitor = parts.monitor;
    this.#receiver = parts.receiver;
    this.#nodes = new PoolNodes(parts.clock);
    this.#nodes.update(this.#monitor.pools, receiverView(this.#receiver));
  }

  /** Draws anew what looks different, and nothing else, so that a press of a button on another row is heard. */
  refresh(): void {
    const changes = this.#nodes.update(this.#monitor.pools, receiverView(this.#receiver));
    if (changes === "all") this.#changed.fire(undefined);
    else if (changes.length > 0) this.#changed.fire([...changes]);
  }

  getChildren(node?: PoolNode): PoolNode[] {
    if (node === undefined) return [...this.#nodes.roots];
    return node.kind === "pool" ? [...node.children] : [];
  }

  getTreeItem(node: PoolNode): TreeItem {
    return itemOf(node);
  }

  resolveTreeItem(item: TreeItem, node: PoolNode): TreeItem {
    if (node.kind === "slot") item.tooltip = slotTooltip(node.slot);
    if (node.kind === "pool") item.tooltip = poolTooltip(node.pool);
    return item;
  }

  dispose(): void {
    this.#changed.dispose();
  }
}

function receiverView({ state, programCount: programs }: Receiver): ReceiverView | null {
  const none = { text: "", programs: 0, keptVariable: null, isTriedAgain: false };
  switch (state.kind) {
    case "off":
      return null;
    case "starting":
      return { ...none, state: "starting" };
    case "failed":
      return { ...none, state: "failed", text: state.message, isTriedAgain: state.isTriedAgain };
    case "listening":
      return { ...none, state: "listening", text: state.url, programs, keptVariable: state.keptVariable };
  }
}
