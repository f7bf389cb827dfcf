import { Reminder } from "./alarm.ts";
import type { Closer } from "./closer.ts";
import type { HandOut } from "./hand-out.ts";
import type { Ledger } from "./ledger.ts";
import type { Slot } from "./slot.ts";
import type { Waiter } from "./waiter.ts";

/** How long before the end of a connection its replacement is opened, at most. */
const longestLeadMillis = 5_000;
/** The share of `idleTimeoutMillis` that passes between two closings. */
const closingStep = 0.05;

/**
 * What time does to connections: the end of surplus and of old ones, keepalives, and the report of leaks. It acts on idle
 * connections only, and reads the others.
 */
export class Upkeep<C, W extends Waiter<Slot<C>>> {
  readonly #ledger: Ledger<C, W>;
  readonly #closer: Closer<C, W>;
  readonly #handOut: HandOut<C, W>;
  readonly #reminder: Reminder;
  readonly #quietMillis: number;
  readonly #leadMillis: number;
  #mayCloseSurplusAt: number = Number.NEGATIVE_INFINITY;

  constructor(
    ledger: Ledger<C, W>,
    parts: { closer: Closer<C, W>; handOut: HandOut<C, W> },
    turn: (now: number) => void,
  ) {
    const { idleTimeoutMillis, keepaliveIntervalMillis, maxLifetimeMillis } = ledger.options;
    this.#ledger = ledger;
    this.#closer = parts.closer;
    this.#handOut = parts.handOut;
    this.#quietMillis = Math.min(
      idleTimeoutMillis ?? Number.POSITIVE_INFINITY,
      keepaliveIntervalMillis ?? Number.POSITIVE_INFINITY,
    );
    this.#leadMillis = Math.min(longestLeadMillis, (maxLifetimeMillis ?? 0) / 20);
    this.#reminder = new Reminder((now) => {
      this.run(now);
      turn(now);
    });
  }

  /** A connection became idle. */
  rested(slot: Slot<C>, now: number): void {
    this.#closeReplaced(now);
    const retireAt = slot.expiresAt === null ? Number.POSITIVE_INFINITY : slot.expiresAt - this.#leadMillis;
    const at = Math.min(now + this.#quietMillis, Math.max(now, retireAt));
    if (at < Number.POSITIVE_INFINITY) this.#ledger.alarms.setNoLaterThan(this.#reminder, at, now);
  }

  /** A connection went into use. */
  granted(now: number): void {
    const { leakThresholdMillis } = this.#ledger.options;
    if (leakThresholdMillis === null) return;
    this.#ledger.alarms.setNoLaterThan(this.#reminder, now + leakThresholdMillis, now);
  }

  /** The sizes have changed: what was needed may not be any more. */
  resized(now: number): void {
    this.#closeExcess(now);
    this.run(now);
  }

  /** Does whatever is due, and sees to it that the next thing is done in time. */
  run(now: number): void {
    this.#reportLeaks(now);
    this.#closeReplaced(now);
    this.#endLifetimes(now);
    this.#closeSurplus(now);
    this.#keepAlive(now);
    const at = this.#nextAt(now);
    if (at < Number.POSITIVE_INFINITY) {
      this.#ledger.alarms.set(this.#reminder, Math.max(1, at - now), now);
    }
  }

  #reportLeaks(now: number): void {
    const { options, slots, counters, observer } = this.#ledger;
    const threshold = options.leakThresholdMillis;
    if (threshold === null) return;
    for (const slot of slots) {
      const { state } = slot;
      if (state.name !== "acquired" || slot.isLeakReported || now - state.since < threshold) continue;
      slot.isLeakReported = true;
      counters.leaksSuspected += 1;
      observer?.leakSuspected(slot, now - state.since, state.borrower?.stack ?? null);
    }
  }

  #endLifetimes(now: number): void {
    const { idle } = this.#ledger;
    for (const slot of [...idle]) {
      if (!slot.isListed || slot.expiresAt === null) continue;
      if (now >= slot.expiresAt) this.#closer.closeIdle(slot, "lifetime", now);
      else if (now >= slot.expiresAt - this.#leadMillis && !slot.isRetiring) idle.markRetiring(slot);
    }
  }

  /** The replacements are up, or none is needed: those whose end is near need not wait for it. */
  #closeReplaced(now: number): void {
    if (this.#ledger.idle.retiring === 0) return;
    for (const slot of [...this.#ledger.idle]) {
      if (slot.isListed && slot.isRetiring && this.#hasSpare) this.#closer.closeIdle(slot, "lifetime", now);
    }
  }

  /** Whether the minimum would still be met with one idle connection less; one that is being opened is none yet. */
  get #hasSpare(): boolean {
    const { lasting, connecting, sizes, idle } = this.#ledger;
    return lasting - connecting > sizes.min && idle.lowWater.level > sizes.minIdle;
  }

  /** One at a time: the next one goes only after a while in which nobody needed it either. */
  #closeSurplus(now: number): void {
    const { idle, options } = this.#ledger;
    const { oldest } = idle;
    if (options.idleTimeoutMillis === null || oldest === null) return;
    if (now < this.#surplusAt(options.idleTimeoutMillis)) return;
    this.#mayCloseSurplusAt = now + options.idleTimeoutMillis * closingStep;
    idle.retire(oldest, this.#keptIdle);
    this.#closer.close(oldest, "idle", now);
  }

  /** When an idle connection will have been surplus for long enough. */
  #surplusAt(idleTimeoutMillis: number): number {
    const since = this.#ledger.idle.lowWater.since(this.#keptIdle);
    if (since === null) return Number.POSITIVE_INFINITY;
    return Math.max(since + idleTimeoutMillis, this.#mayCloseSurplusAt);
  }

  /** How many idle connections the minimum needs. */
  get #keptIdle(): number {
    const { sizes, lasting, idle } = this.#ledger;
    return Math.max(sizes.minIdle, sizes.min - (lasting - idle.lowWater.level));
  }

  /** One at a time, so that the rest stay at hand. */
  #keepAlive(now: number): void {
    const { options, idle } = this.#ledger;
    const interval = options.keepaliveIntervalMillis;
    if (interval === null || idle.reserved !== null) return;
    const slot = this.#leastProven();
    if (slot !== null && now - slot.provenAt >= interval) this.#handOut.keepAlive(slot, now);
  }

  #leastProven(): Slot<C> | null {
    let least: Slot<C> | null = null;
    for (const slot of this.#ledger.idle) if (least === null || slot.provenAt < least.provenAt) least = slot;
    return least;
  }

  #closeExcess(now: number): void {
    const { idle, sizes } = this.#ledger;
    while (this.#ledger.lasting > sizes.max && idle.oldest !== null) {
      this.#closer.closeIdle(idle.oldest, "overflow", now);
    }
  }

  #nextAt(now: number): number {
    const { options, idle } = this.#ledger;
    let at = this.#nextLeakAt();
    for (const slot of idle) {
      if (slot.expiresAt === null) continue;
      const retireAt = slot.expiresAt - this.#leadMillis;
      at = Math.min(at, now < retireAt ? retireAt : slot.expiresAt);
    }
    if (options.idleTimeoutMillis !== null && idle.oldest !== null) {
      at = Math.min(at, this.#surplusAt(options.idleTimeoutMillis));
    }
    return Math.min(at, this.#nextKeepaliveAt(now));
  }

  #nextKeepaliveAt(now: number): number {
    const { options, idle } = this.#ledger;
    if (options.keepaliveIntervalMillis === null) return Number.POSITIVE_INFINITY;
    // One that is interrupted is not reported.
    if (idle.reserved !== null) return now + options.validateTimeoutMillis;
    const slot = this.#leastProven();
    return slot === null ? Number.POSITIVE_INFINITY : slot.provenAt + options.keepaliveIntervalMillis;
  }

  #nextLeakAt(): number {
    const { options, slots } = this.#ledger;
    let at = Number.POSITIVE_INFINITY;
    if (options.leakThresholdMillis === null) return at;
    for (const slot of slots) {
      const { state } = slot;
      if (state.name !== "acquired" || slot.isLeakReported) continue;
      at = Math.min(at, state.since + options.leakThresholdMillis);
    }
    return at;
  }
}
