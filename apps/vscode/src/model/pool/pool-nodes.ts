import type { PoolView, SlotView, WaiterView } from "../../../shared/protocol/pool.ts";
import type { Clock } from "../database.ts";
import { formatCoarseAge } from "../duration.ts";

export interface PoolRoot {
  readonly kind: "pool";
  /** Of the pool. */
  readonly key: string;
  pool: PoolView;
  children: readonly PoolLeaf[];
}

export type PoolLeaf =
  | { readonly kind: "slot"; readonly id: string; readonly root: PoolRoot; slot: SlotView }
  | { readonly kind: "waiter"; readonly id: string; readonly root: PoolRoot; waiter: WaiterView }
  /** Callers of a program, of which no more is known than how many there are. */
  | { readonly kind: "queue"; readonly id: string; readonly root: PoolRoot; count: number };

/** The port on which programs report. */
export interface ReceiverView {
  readonly state: "starting" | "listening" | "failed";
  /** Where it listens, or why it does not. */
  readonly text: string;
  /** How many programs report that have a pool. */
  readonly programs: number;
  /** The user's variable by which programs send elsewhere; null where they are told to send here. */
  readonly keptVariable: string | null;
  /** Whether a failure is tried again. */
  readonly isTriedAgain: boolean;
}

export interface ReceiverRoot {
  readonly kind: "receiver";
  receiver: ReceiverView;
}

/** What the Pools tree shows: one object for as long as the thing it stands for is there. */
export type PoolNode = PoolRoot | PoolLeaf | ReceiverRoot;

/** What is to be drawn anew: `all` where pools came or went. */
export type PoolChanges = "all" | readonly PoolNode[];

const PROGRAM_ROW_MILLIS = 2_000;

/**
 * The elements of the Pools tree, and which of them look different from before.
 *
 * The tree replaces the buttons of each row that it draws anew, and a click whose button was replaced while it was pressed
 * is lost. So a row is drawn anew only where its text changes, and its text changes as seldom as it can.
 */
export class PoolNodes {
  readonly #clock: Clock;
  /** When a pool's row was drawn last, and what of it could not have waited. */
  readonly #drawn = new WeakMap<PoolRoot, { readonly at: number; readonly urgent: string }>();
  #pools: readonly PoolRoot[] = [];
  #receiver: ReceiverRoot | null = null;
  readonly #shown = new WeakMap<PoolNode, string>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get pools(): readonly PoolRoot[] {
    return this.#pools;
  }

  get roots(): readonly (PoolRoot | ReceiverRoot)[] {
    return this.#receiver === null ? this.#pools : [...this.#pools, this.#receiver];
  }

  /** @param receiver - null where there is none. */
  update(pools: readonly PoolView[], receiver: ReceiverView | null = null): PoolChanges {
    const before = this.roots;
    const known = this.#pools;
    this.#pools = pools.map((pool) => rootFor(pool, known));
    this.#receiver = receiverFor(receiver, this.#receiver);
    const { roots } = this;
    const isSame = before.length === roots.length && roots.every((root, at) => root === before[at]);
    const nodes: PoolNode[] = [...roots, ...this.#pools.flatMap(({ children }) => children)];
    const changed = nodes.filter((node) => this.#looksDifferent(node));
    return isSame ? changed : "all";
  }

  #looksDifferent(node: PoolNode): boolean {
    const shown = shownOf(node);
    if (this.#shown.get(node) === shown || (node.kind === "pool" && this.#mayWait(node))) return false;
    if (node.kind === "pool") this.#drawn.set(node, { at: this.#clock.now(), urgent: urgentOf(node) });
    // A leaf that is new is drawn with its pool.
    const isKnown = this.#shown.has(node) || node.kind === "pool" || node.kind === "receiver";
    this.#shown.set(node, shown);
    return isKnown;
  }

  /** A busy program's numbers differ in each report; a row that is drawn with each of them has no button that can be pressed. */
  #mayWait(root: PoolRoot): boolean {
    const drawn = this.#drawn.get(root);
    if (drawn === undefined || root.pool.origin.kind === "own") return false;
    return this.#clock.now() - drawn.at < PROGRAM_ROW_MILLIS && drawn.urgent === urgentOf(root);
  }
}

/** What of a pool's row may not wait: which rows lie below it, and whether one of them is a leak. */
function urgentOf({ children, pool }: PoolRoot): string {
  return JSON.stringify([children.map(({ id }) => id), pool.slots.some(({ leak }) => leak !== null)]);
}

function receiverFor(receiver: ReceiverView | null, before: ReceiverRoot | null): ReceiverRoot | null {
  if (receiver === null) return null;
  if (before === null) return { kind: "receiver", receiver };
  before.receiver = receiver;
  return before;
}

function rootFor(pool: PoolView, before: readonly PoolRoot[]): PoolRoot {
  const { key } = pool;
  const root = before.find((known) => known.key === key) ?? { kind: "pool", key, pool, children: [] };
  const known = new Map(root.children.map((leaf) => [leaf.id, leaf]));
  root.pool = pool;
  root.children = [
    ...pool.slots.map((slot) => slotLeaf(root, slot, known)),
    ...pool.waiters.map((waiter) => waiterLeaf(root, waiter, known)),
    ...queueLeaves(root, known),
  ];
  return root;
}

type KnownLeaves = ReadonlyMap<string, PoolLeaf>;

function slotLeaf(root: PoolRoot, slot: SlotView, known: KnownLeaves): PoolLeaf {
  const id = `slot ${root.key} ${slot.id}`;
  const leaf = known.get(id);
  if (leaf?.kind !== "slot") return { kind: "slot", id, root, slot };
  leaf.slot = slot;
  return leaf;
}

function waiterLeaf(root: PoolRoot, waiter: WaiterView, known: KnownLeaves): PoolLeaf {
  const id = `waiter ${root.key} ${waiter.holder.place?.path ?? waiter.holder.label}`;
  const leaf = known.get(id);
  if (leaf?.kind !== "waiter") return { kind: "waiter", id, root, waiter };
  leaf.waiter = waiter;
  return leaf;
}

function queueLeaves(root: PoolRoot, known: KnownLeaves): PoolLeaf[] {
  const count = (root.pool.waiting ?? 0) - root.pool.waiters.length;
  if (count <= 0) return [];
  const id = `queue ${root.key}`;
  const leaf = known.get(id);
  if (leaf?.kind !== "queue") return [{ kind: "queue", id, root, count }];
  leaf.count = count;
  return [leaf];
}

/** All of a node that is to be seen, with ages as they are shown. */
function shownOf(node: PoolNode): string {
  switch (node.kind) {
    case "pool":
      return JSON.stringify({
        ...seenOf(node.pool),
        slots: node.children.map(({ id }) => id),
        hasLeak: node.pool.slots.some(({ leak }) => leak !== null),
      });
    case "slot":
      return JSON.stringify(seenOfSlot(node.slot));
    case "waiter":
      return JSON.stringify({ ...node.waiter, forMillis: formatCoarseAge(node.waiter.forMillis) });
    case "queue":
      return String(node.count);
    case "receiver":
      return JSON.stringify(node.receiver);
  }
}

/** The slot without what only its tooltip tells, which is made when somebody asks for it. */
function seenOfSlot(slot: SlotView): object {
  const { leak, server, forMillis, ...rest } = slot;
  return {
    ...rest,
    age: formatCoarseAge(forMillis),
    lock: lockWaitOf(slot),
    leak: leak === null ? null : { place: leak.place, hasStack: leak.stack !== null },
    server: slot.state === "kept" && rest.reasons.length === 0 ? server?.state : null,
  };
}

/** What a statement waits for where another session has it; other waits come and go too fast for a row. */
export function lockWaitOf({ server }: SlotView): string | null {
  return server?.state === "active" && server.waitEvent?.startsWith("Lock:") === true
    ? server.waitEvent
    : null;
}

/** The pool without what its row does not show, above all what changes with each report. */
function seenOf({ name, origin, target, max, idle, used, connecting, waiting }: PoolView): object {
  const seen =
    origin.kind === "own" ? origin : { ...origin, lastSeenUnixMillis: origin.isStale ? "silent" : "" };
  return { name, origin: seen, target, max, idle, used, connecting, waiting };
}
