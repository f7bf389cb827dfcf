import type { QueryOptions, QueryResult, QueryValue } from "../connection/query.ts";
import type { Clock } from "../engine/ports.ts";
import { type Lane, type LaneParts, Lanes } from "./lanes.ts";
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

/**
 * Sends fast independent statements of different callers down the same connection without waiting for each other's answers. Invariants:
 *
 * - only statements that leave nothing behind in the session, and whose recent executions were fast, are shared;
 * - a statement that must be cancellable is never shared, since a cancel could hit a neighbour.
 */
export class SharedLanes {
  readonly #lanes: Lanes;
  readonly #clock: Clock;
  readonly #speed: StatementSpeed;
  #sharedQueries = 0;

  constructor(parts: LaneParts) {
    this.#lanes = new Lanes(parts);
    this.#clock = parts.clock;
    this.#speed = new StatementSpeed(parts.options.fastMillis);
  }

  stats(): SharingStats {
    const { open } = this.#lanes;
    const sharedInFlight = open.reduce((sum, lane) => sum + lane.inFlight, 0);
    return { sharedQueries: this.#sharedQueries, sharedInFlight, sharedConnections: open.length };
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
    const lane = this.#lanes.find();
    return lane === null ? null : this.#send<R>(lane, text, values, options);
  }

  /** Runs a statement that has a connection of its own, and learns how fast it is. */
  async learn<R>(text: string, execute: () => Promise<QueryResult<R>>): Promise<QueryResult<R>> {
    if (!this.#speed.isWorthTiming(text)) return execute();
    const start = this.#clock.now();
    const result = await execute();
    this.#speed.record(text, this.#clock.now() - start);
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
    const sentAt = this.#clock.now();
    try {
      const result = await lane.slot.connection.session.pipelined<R>(text, values, options);
      const now = this.#clock.now();
      // What the server spent on this one alone, whatever it had to do before.
      this.#speed.record(text, now - Math.max(sentAt, lane.answeredAt));
      lane.answeredAt = now;
      return result;
    } finally {
      this.#lanes.done(lane);
    }
  }
}
