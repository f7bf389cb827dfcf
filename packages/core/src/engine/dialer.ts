import { Reminder } from "./alarm.ts";
import { Dial } from "./dial.ts";
import type { Evictions } from "./evictions.ts";
import type { Growth } from "./growth.ts";
import type { Ledger } from "./ledger.ts";
import type { ConnectFailure } from "./ports.ts";
import { Slot } from "./slot.ts";
import type { Waiter } from "./waiter.ts";

/** Who is told what came of a connect. */
export interface DialOutcome<C> {
  opened(slot: Slot<C>, now: number): void;
  /** @param failure - `fatal` where trying again cannot help. */
  failed(error: unknown, failure: ConnectFailure, now: number): void;
}

/** Opens connections, as many as {@link Growth} wants and `max` has room for. */
export class Dialer<C, W extends Waiter<Slot<C>>> {
  readonly #ledger: Ledger<C, W>;
  readonly #growth: Growth<C, W>;
  readonly #evictions: Evictions;
  readonly #outcome: DialOutcome<C>;
  readonly #dials = new Set<Dial<C>>();
  readonly #nextLook: Reminder;
  #lastSlotId = 0;
  #isPlanned = false;

  constructor(
    ledger: Ledger<C, W>,
    parts: { growth: Growth<C, W>; evictions: Evictions; outcome: DialOutcome<C> },
    look: (now: number) => void,
  ) {
    this.#ledger = ledger;
    this.#growth = parts.growth;
    this.#evictions = parts.evictions;
    this.#outcome = parts.outcome;
    this.#nextLook = new Reminder((now) => {
      const wasPlanned = this.#isPlanned;
      this.#isPlanned = false;
      this.#growth.look(now);
      if (wasPlanned && this.#growth.wanted(now) <= 0) this.#ledger.counters.createElided += 1;
      look(now);
    });
  }

  /** Begins as many connects as are wanted now, and sees to it that somebody looks again where something is lacking. */
  dial(now: number): void {
    const growth = this.#growth;
    growth.look(now);
    while (this.#hasRoom(now) && growth.wanted(now) > 0) {
      this.#start(now);
      growth.look(now);
    }
    this.#isPlanned = this.#ledger.total < this.#ledger.sizes.max && growth.wanted(now) > 0;
    const at = growth.nextLookAt(now);
    if (at !== null) this.#ledger.alarms.setNoLaterThan(this.#nextLook, at, now);
  }

  /** Connects under way, for a user interface. */
  get underWay(): Iterable<Dial<C>> {
    return this.#dials;
  }

  abortAll(reason: Error, now: number): void {
    for (const dial of [...this.#dials]) dial.abort(reason, now);
  }

  #hasRoom(now: number): boolean {
    const { total, sizes, connecting } = this.#ledger;
    return total < sizes.max && connecting < this.#growth.limit(now) && now >= this.#growth.backOff.until;
  }

  #start(now: number): void {
    const { connector, observer, options, queue, alarms, isServing } = this.#ledger;
    this.#lastSlotId += 1;
    const dial = new Dial<C>(this.#lastSlotId, { startedAt: now, epoch: this.#evictions.epoch }, alarms);
    this.#dials.add(dial);
    this.#ledger.connecting += 1;
    const demandedBy = isServing ? queue.first : null;
    observer?.connectStarted(dial.slotId, demandedBy);
    let connected: Promise<C>;
    try {
      connected = connector.connect({ slotId: dial.slotId, demandedBy, signal: dial.signal });
    } catch (error) {
      connected = Promise.reject(error);
    }
    dial.watch(connected, options.connectTimeoutMillis, {
      connected: (connection) => this.#connected(dial, connection),
      failed: (error) => this.#failed(dial, error),
      late: (connection) => this.#destroy(connection),
    });
  }

  #end(dial: Dial<C>): number {
    this.#dials.delete(dial);
    this.#ledger.connecting -= 1;
    return this.#ledger.clock.now();
  }

  #connected(dial: Dial<C>, connection: C): void {
    const { counters, connector, census, slots, observer, phase } = this.#ledger;
    let host: string;
    try {
      host = connector.hostOf(connection);
    } catch (error) {
      this.#destroy(connection);
      this.#failed(dial, error);
      return;
    }
    const now = this.#end(dial);
    const connectMillis = now - dial.startedAt;
    const birth = {
      id: dial.slotId,
      connection,
      host,
      bornAt: now,
      expiresAt: this.#expiry(now),
      epoch: dial.epoch,
    };
    const slot = new Slot<C>(birth, census);
    slots.add(slot);
    counters.creates += 1;
    counters.connectMillis += connectMillis;
    this.#growth.measured(connectMillis);
    if (this.#evictions.isStale(dial.epoch, host)) slot.doom = "evicted";
    if (phase === "closing") slot.doom = "shutdown";
    observer?.connected(slot, connectMillis);
    this.#outcome.opened(slot, now);
  }

  #failed(dial: Dial<C>, error: unknown): void {
    const { counters, observer, phase } = this.#ledger;
    const now = this.#end(dial);
    const failure = this.#classify(error);
    if (phase !== "closing") {
      if (failure === "capacity") counters.createRefusals += 1;
      else counters.createErrors += 1;
      this.#ledger.trouble = { cause: error };
      this.#growth.backOff.fail(dial.startedAt, now);
    }
    observer?.connectFailed(dial.slotId, error, failure);
    this.#outcome.failed(error, failure, now);
  }

  #classify(error: unknown): ConnectFailure {
    try {
      return this.#ledger.connector.classifyConnectFailure(error);
    } catch {
      return "failure";
    }
  }

  #destroy(connection: C): void {
    try {
      this.#ledger.connector.destroy(connection);
    } catch {
      // It belongs to nobody, so there is nobody to tell.
    }
  }

  /** Lifetimes are spread, so that connections opened together do not end together. */
  #expiry(now: number): number | null {
    const { maxLifetimeMillis, lifetimeJitter } = this.#ledger.options;
    if (maxLifetimeMillis === null) return null;
    return now + maxLifetimeMillis * (1 - lifetimeJitter * this.#ledger.random.next());
  }
}
