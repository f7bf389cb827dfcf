import { type Census, rankOf } from "./census.ts";
import type { Holder } from "./holder.ts";
import type { CloseReason } from "./ports.ts";
import type { Task } from "./task.ts";
import type { Borrower } from "./waiter.ts";

/** What a connection is doing; `since` is when it began to. */
export type SlotState =
  | { readonly name: "idle"; readonly since: number }
  | {
      readonly name: "validating";
      readonly since: number;
      readonly task: Task;
    }
  | { readonly name: "preparing"; readonly since: number; readonly task: Task }
  | { readonly name: "acquired"; readonly since: number; readonly borrower: Borrower | null }
  | { readonly name: "resetting"; readonly since: number; readonly task: Task }
  | { readonly name: "closing"; readonly since: number; readonly reason: CloseReason; readonly task: Task }
  | { readonly name: "closed"; readonly since: number; readonly reason: CloseReason };

export type SlotStateName = SlotState["name"];

/** Every legal move. A slot is born idle, when its connection has been opened. */
const transitions: Readonly<Record<SlotStateName, readonly SlotStateName[]>> = {
  idle: ["acquired", "validating", "preparing", "closing"],
  acquired: ["acquired", "idle", "resetting", "preparing", "closing"],
  validating: ["idle", "acquired", "preparing", "closing"],
  preparing: ["idle", "acquired", "closing"],
  resetting: ["idle", "acquired", "preparing", "closing"],
  closing: ["closed"],
  closed: [],
};

/** The same by rank, with one bit for each target. */
const legalTargets: readonly number[] = [
  0,
  ...Object.values(transitions).map((targets) => targets.reduce((mask, to) => mask | (1 << rankOf(to)), 0)),
];

/**
 * The pool's record of one open connection, from the moment it was opened until its socket is gone.
 *
 * Readable by everyone; only the engine writes it.
 */
export class Slot<C> {
  /** Unique in the pool, ascending from 1. */
  readonly id: number;
  readonly connection: C;
  /** The server that holds the connection. */
  readonly host: string;
  /** When the connection had been opened, on the engine's clock. */
  readonly bornAt: number;
  /** From then on it is not handed out; null = never. */
  readonly expiresAt: number | null;
  /** How many evictions had happened when its connect began. */
  readonly epoch: number;
  /** How often it has been handed out, the present lease included. */
  useCount = 0;
  /** When the server last answered on it. */
  provenAt: number;
  /** Since when it has not been used; null while it is, and before it first lay idle. */
  restedAt: number | null = null;
  /** Why it will be closed as soon as it comes back; null while it is sound. */
  doom: CloseReason | null = null;
  /** A replacement has been asked for, since its lifetime is about to end. */
  isRetiring = false;
  isLeakReported = false;
  /** Whether it is among the idle ones, and its place there. */
  isListed = false;
  older: Slot<C> | null = null;
  newer: Slot<C> | null = null;

  readonly #census: Census;
  #state: SlotState;

  constructor(birth: SlotBirth<C>, census: Census) {
    this.id = birth.id;
    this.connection = birth.connection;
    this.host = birth.host;
    this.bornAt = birth.bornAt;
    this.provenAt = birth.bornAt;
    this.expiresAt = birth.expiresAt;
    this.epoch = birth.epoch;
    this.#census = census;
    this.#state = { name: "idle", since: birth.bornAt };
    census.born();
  }

  get state(): SlotState {
    return this.#state;
  }

  /** The context that holds it; null where it is not in use or that is not known. */
  get lessee(): Holder | null {
    return this.#state.name === "acquired" ? (this.#state.borrower?.lessee ?? null) : null;
  }

  /** The one way from state to state. */
  moveTo(next: SlotState): void {
    const from = this.#state.name;
    const targets = legalTargets[rankOf(from)] ?? 0;
    if ((targets & (1 << rankOf(next.name))) === 0) {
      throw new Error(`bug: slot ${this.id} cannot go from ${from} to ${next.name}`);
    }
    this.#census.moved(from, next.name);
    this.#state = next;
  }
}

/** What is known of a connection when it has been opened. */
export interface SlotBirth<C> {
  readonly id: number;
  readonly connection: C;
  readonly host: string;
  readonly bornAt: number;
  readonly expiresAt: number | null;
  readonly epoch: number;
}
