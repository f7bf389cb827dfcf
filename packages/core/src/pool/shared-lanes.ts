import type { QueryOptions, QueryResult, QueryValue } from "../connection/query.ts";
import type { Engine } from "../engine/engine.ts";
import type { Slot } from "../engine/slot.ts";
import type { Acquisition } from "./acquisition.ts";
import type { Desk } from "./desk.ts";
import type { Member } from "./member.ts";
import type { PipeliningOptions } from "./options.ts";
import type { PoolObserver } from "./pool-observer.ts";
import { StatementSpeed } from "./statement-speed.ts";

/** What sharing has done so far. */
export interface SharingStats {
  /** Statements that shared a connection. */
  readonly sharedQueries: number;
  /** Shared statements that were sent and not answered. */
  readonly sharedInFlight: number;
  /** Connections that callers share at the moment; they count as acquired. */
  readonly sharedConnections: number;
}

/** The numbers of a pool whose connections are never shared. */
export const nothingShared: SharingStats = { sharedQueries: 0, sharedInFlight: 0, sharedConnections: 0 };

/** A connection that several callers share while any of them has a statement under way. */
interface Lane {
  readonly slot: Slot<Member>;
  inFlight: number;
  /** When the last answer came: the server began with the next statement then. */
  answeredAt: number;
}

/**
 * Sends fast independent statements of different callers down the same connection without waiting for each other's answers.
 *
 * A lane is an ordinary lease, held by the pool itself and given back with the last answer. Invariants:
 * - only statements that leave nothing behind in the session, and whose recent executions were fast, are shared;
 * - a statement that must be cancellable is never shared, since a cancel could hit a neighbour;
 * - where lanes could take every connection, none takes a statement while a caller waits, so that it drains and is released.
 */
export class SharedLanes {
  readonly #engine: Engine<Member, Acquisition>;
  readonly #observer: PoolObserver;
  readonly #desk: Desk;
  readonly #options: Required<PipeliningOptions>;
  readonly #now: () => number;
  readonly #trustMillis: number | null;
  readonly #speed: StatementSpeed;
  readonly #lanes: Lane[] = [];
  #sharedQueries = 0;

  constructor(parts: {
    engine: Engine<Member, Acquisition>;
    observer: PoolObserver;
    desk: Desk;
    options: Required<PipeliningOptions>;
    now: () => number;
    /** How long a connection may have been silent; as for any other caller. */
    trustMillis: number | null;
  }) {
    this.#engine = parts.engine;
    this.#observer = parts.observer;
    this.#desk = parts.desk;
    this.#options = parts.options;
    this.#now = parts.now;
    this.#trustMillis = parts.trustMillis;
    this.#speed = new StatementSpeed(parts.options.fastMillis);
  }

  stats(): SharingStats {
    const sharedInFlight = this.#lanes.reduce((sum, lane) => sum + lane.inFlight, 0);
    return { sharedQueries: this.#sharedQueries, sharedInFlight, sharedConnections: this.#lanes.length };
  }

  /** The same; then the counter starts from zero. */
  takeStats(): SharingStats {
    const stats = this.stats();
    this.#sharedQueries = 0;
    return stats;
  }

  /** The answer of a statement that shares a connection; null where this one must have its own. */
  run<R>(
    text: string,
    values: readonly QueryValue[] | undefined,
    options: QueryOptions,
  ): Promise<QueryResult<R>> | null {
    if (options.signal !== undefined || (options.timeoutMillis ?? null) !== null || options.prepare === false)
      return null;
    if (!this.#speed.isFast(text)) return null;
    const lane = this.#findLane();
    return lane === null ? null : this.#send<R>(lane, text, values, options);
  }

  /** Runs a statement that has a connection of its own, and learns how fast it is. */
  async learn<R>(text: string, execute: () => Promise<QueryResult<R>>): Promise<QueryResult<R>> {
    if (!this.#speed.isWorthTiming(text)) return execute();
    const start = this.#now();
    const result = await execute();
    this.#speed.record(text, this.#now() - start);
    return result;
  }

  async #send<R>(
    lane: Lane,
    text: string,
    values: readonly QueryValue[] | undefined,
    options: QueryOptions,
  ): Promise<QueryResult<R>> {
    lane.inFlight += 1;
    this.#sharedQueries += 1;
    const sentAt = this.#now();
    try {
      const result = await lane.slot.connection.session.pipelined<R>(text, values, options);
      const now = this.#now();
      // What the server spent on this one alone, whatever it had to do before.
      this.#speed.record(text, now - Math.max(sentAt, lane.answeredAt));
      lane.answeredAt = now;
      return result;
    } finally {
      lane.inFlight -= 1;
      if (lane.inFlight === 0) this.#release(lane);
    }
  }

  #findLane(): Lane | null {
    const { waiting, max } = this.#engine;
    if (waiting > 0 && this.#options.connections >= max) return null;
    let best: Lane | null = null;
    for (const lane of this.#lanes) {
      const isUsable = lane.inFlight < this.#options.depth && lane.slot.doom === null;
      if (isUsable && (best === null || lane.inFlight < best.inFlight)) best = lane;
    }
    if (best !== null && (best.inFlight === 0 || this.#lanes.length >= this.#options.connections))
      return best;
    return this.#openLane() ?? best;
  }

  #openLane(): Lane | null {
    if (this.#lanes.length >= this.#options.connections || !this.#engine.isServing) return null;
    const slot = this.#observer.sharing(() => this.#engine.tryAcquire(null));
    if (slot === null) return null;
    if (this.#trustMillis !== null && this.#now() - slot.provenAt > this.#trustMillis) {
      // It must be validated first, which an ordinary acquire does.
      this.#desk.release(slot);
      return null;
    }
    const lane: Lane = { slot, inFlight: 0, answeredAt: 0 };
    this.#lanes.push(lane);
    return lane;
  }

  #release(lane: Lane): void {
    const index = this.#lanes.indexOf(lane);
    if (index === -1) return;
    this.#lanes.splice(index, 1);
    this.#desk.release(lane.slot);
  }
}
