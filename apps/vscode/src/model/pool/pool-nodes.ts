import type { PoolView, SlotView, WaiterView } from "../../../shared/protocol/pool.ts";
import { formatCoarseAge } from "../duration.ts";

export interface PoolRoot {
  readonly kind: "pool";
  /** Of the pool. */
  readonly key: string;
  pool: PoolView;
  children: readonly PoolLeaf[];
}

export type PoolLeaf =
  | { readonly kind: "slot"; readonly id: string; readonly pool: string; slot: SlotView }
  | { readonly kind: "waiter"; readonly id: string; readonly pool: string; waiter: WaiterView };

/** What the Pools tree shows: one object for as long as the thing it stands for is there. */
export type PoolNode = PoolRoot | PoolLeaf;

/** What is to be drawn anew: `all` where pools came or went. */
export type PoolChanges = "all" | readonly PoolNode[];

/**
 * The elements of the Pools tree, and which of them look different from before.
 *
 * The tree replaces the buttons of each row that it draws anew, and a click whose button was replaced while it was pressed
 * is lost. So a row is drawn anew only where its text changes, and its text changes as seldom as it can.
 */
export class PoolNodes {
  #roots: readonly PoolRoot[] = [];
  readonly #shown = new WeakMap<PoolNode, string>();

  get roots(): readonly PoolRoot[] {
    return this.#roots;
  }

  update(pools: readonly PoolView[]): PoolChanges {
    const before = this.#roots;
    this.#roots = pools.map((pool) => rootFor(pool, before));
    const isSame = before.length === pools.length && this.#roots.every((root, at) => root === before[at]);
    const nodes = this.#roots.flatMap((root) => [root, ...root.children]);
    const changed = nodes.filter((node) => this.#looksDifferent(node));
    return isSame ? changed : "all";
  }

  #looksDifferent(node: PoolNode): boolean {
    const shown = shownOf(node);
    if (this.#shown.get(node) === shown) return false;
    // A leaf that is new is drawn with its pool.
    const isKnown = this.#shown.has(node) || node.kind === "pool";
    this.#shown.set(node, shown);
    return isKnown;
  }
}

function rootFor(pool: PoolView, before: readonly PoolRoot[]): PoolRoot {
  const { key } = pool;
  const root = before.find((known) => known.key === key) ?? { kind: "pool", key, pool, children: [] };
  const known = new Map(root.children.map((leaf) => [leaf.id, leaf]));
  root.pool = pool;
  root.children = [
    ...pool.slots.map((slot) => slotLeaf(key, slot, known)),
    ...pool.waiters.map((waiter) => waiterLeaf(key, waiter, known)),
  ];
  return root;
}

function slotLeaf(pool: string, slot: SlotView, known: ReadonlyMap<string, PoolLeaf>): PoolLeaf {
  const id = `slot ${pool} ${slot.id}`;
  const leaf = known.get(id);
  if (leaf?.kind !== "slot") return { kind: "slot", id, pool, slot };
  leaf.slot = slot;
  return leaf;
}

function waiterLeaf(pool: string, waiter: WaiterView, known: ReadonlyMap<string, PoolLeaf>): PoolLeaf {
  const id = `waiter ${pool} ${waiter.holder.place?.path ?? waiter.holder.label}`;
  const leaf = known.get(id);
  if (leaf?.kind !== "waiter") return { kind: "waiter", id, pool, waiter };
  leaf.waiter = waiter;
  return leaf;
}

/** All of a node that is to be seen, with ages as they are shown. */
function shownOf(node: PoolNode): string {
  switch (node.kind) {
    case "pool":
      return JSON.stringify({ ...node.pool, slots: node.children.map(({ id }) => id), waiters: [] });
    case "slot":
      return JSON.stringify({ ...node.slot, forMillis: formatCoarseAge(node.slot.forMillis) });
    case "waiter":
      return JSON.stringify({ ...node.waiter, forMillis: formatCoarseAge(node.waiter.forMillis) });
  }
}
