import type { HolderInfo, PoolNumbers } from "../errors.ts";
import { Alarms } from "./alarm.ts";
import { Census } from "./census.ts";
import { IdleList } from "./idle-list.ts";
import { Latches } from "./latches.ts";
import { checkSizes, type EngineOptions, type Sizes } from "./options.ts";
import type { Clock, CloseReason, Connector, EngineObserver, RandomSource } from "./ports.ts";
import type { Slot } from "./slot.ts";
import { type Counters, zeroCounters } from "./stats.ts";
import type { Waiter } from "./waiter.ts";
import type { WaiterQueue } from "./waiter-queue.ts";

/** What an engine is made of. */
export interface EngineParts<C, W> {
  readonly name: string;
  readonly options: EngineOptions;
  readonly connector: Connector<C, W>;
  readonly clock: Clock;
  readonly random: RandomSource;
  readonly observer: EngineObserver<Slot<C>, W> | null;
}

/** Everything the engine knows, in one place: its parts share it and nobody else sees it. */
export class Ledger<C, W extends Waiter<Slot<C>>> {
  readonly name: string;
  readonly options: EngineOptions;
  readonly connector: Connector<C, W>;
  readonly clock: Clock;
  readonly random: RandomSource;
  readonly observer: EngineObserver<Slot<C>, W> | null;
  readonly queue: WaiterQueue<W>;

  readonly alarms: Alarms;
  readonly census: Census = new Census();
  /** Every slot that is not closed. */
  readonly slots: Set<Slot<C>> = new Set();
  readonly idle: IdleList<C>;
  readonly latches: Latches = new Latches();
  sizes: Sizes;
  counters: Counters = zeroCounters();
  /** Connects under way. */
  connecting = 0;
  phase: "open" | "draining" | "closing" | "closed" = "open";
  isSuspended = false;
  generation = 0;
  /** Why connections last could not be had; null since the last success. */
  trouble: { readonly cause: unknown } | null = null;

  constructor(parts: EngineParts<C, W>, queue: WaiterQueue<W>) {
    this.name = parts.name;
    this.options = parts.options;
    this.connector = parts.connector;
    this.clock = parts.clock;
    this.random = parts.random;
    this.observer = parts.observer;
    this.queue = queue;
    this.alarms = new Alarms(parts.clock);
    this.idle = new IdleList<C>(parts.options.idleOrder);
    this.sizes = checkSizes(parts.options, parts.options.maxIdle);
  }

  /** Connections in whatever state, those being opened and closed included: never more than `max`. */
  get total(): number {
    return this.census.open + this.connecting;
  }

  /** Connections that will still be there when those that are closing have gone. */
  get lasting(): number {
    return this.total - this.census.closing;
  }

  /** Whether connections are handed out. */
  get isServing(): boolean {
    return !this.isSuspended && (this.phase === "open" || this.phase === "draining");
  }

  /** Why a connection that is not in use any more must not be used again; null where it may be. */
  verdictOn(slot: Slot<C>, now: number): CloseReason | null {
    if (slot.doom !== null) return slot.doom;
    if (slot.expiresAt !== null && now >= slot.expiresAt) return "lifetime";
    const { maxUses, maxIdle } = this.options;
    if (maxUses !== null && slot.useCount >= maxUses) return "max_uses";
    if (maxIdle === 0 && slot.useCount > 0) return "overflow";
    return this.lasting > this.sizes.max ? "overflow" : null;
  }

  connectionId(slotId: number): string {
    return `${this.name}#${slotId}`;
  }

  numbers(): PoolNumbers {
    return {
      max: this.sizes.max,
      total: this.total,
      idle: this.census.idle,
      acquired: this.census.acquired,
      connecting: this.connecting,
      waiting: this.queue.length,
    };
  }

  /** Who holds the connections, whether or not leak detection is on; without it there is no stack. */
  holders(): HolderInfo[] {
    const now = this.clock.now();
    const holders: HolderInfo[] = [];
    for (const slot of this.slots) {
      const state = slot.state;
      if (state.name !== "acquired") continue;
      holders.push({
        connectionId: this.connectionId(slot.id),
        heldMillis: now - state.since,
        stack: state.borrower?.stack ?? null,
      });
    }
    return holders;
  }
}
