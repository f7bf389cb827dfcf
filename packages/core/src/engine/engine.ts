import type { HolderInfo } from "../errors.ts";
import { Closer } from "./closer.ts";
import { DeadlockWatch } from "./deadlock.ts";
import { Dialer } from "./dialer.ts";
import { Evictions } from "./evictions.ts";
import { Filling } from "./filling.ts";
import { Growth } from "./growth.ts";
import { HandOut } from "./hand-out.ts";
import { type EngineParts, Ledger } from "./ledger.ts";
import { checkSizes, mustBeCount, type SizeChanges } from "./options.ts";
import type { CloseReason } from "./ports.ts";
import { Reception } from "./reception.ts";
import { Returns } from "./returns.ts";
import { type EngineCloseOptions, Shutdown } from "./shutdown.ts";
import type { Slot } from "./slot.ts";
import { type EngineStats, type SlotView, zeroCounters } from "./stats.ts";
import { Upkeep } from "./upkeep.ts";
import { slotViewsOf, statsOf } from "./views.ts";
import type { Borrower, Waiter } from "./waiter.ts";
import { WaiterQueue } from "./waiter-queue.ts";

export type { EngineCloseOptions, EngineParts };

/**
 * The pool itself, without I/O: who gets which connection, when one is opened and when it is closed.
 *
 * Everything happens within the call that causes it; only the connector's promises are waited for, and each of them is
 * bounded. Invariants, true whenever a call returns:
 *
 * 1. connecting + idle + validating + acquired + resetting + closing = total ≤ max, unless `max` has just been lowered;
 *    then total only falls.
 * 2. A connection is in exactly one state, and leased to at most one caller.
 * 3. While connections are handed out, somebody who waits finds no idle connection, unless so many are being validated,
 *    prepared or reset as there are waiters, and then an alarm is set.
 * 4. While somebody waits and total < max, a connect is under way or an alarm is set.
 * 5. Callers are served in the order in which they came, and each is settled exactly once.
 * 6. A connection that is in use is closed only after its lease ended, or when `close` runs out of patience.
 */
export class Engine<C, W extends Waiter<Slot<C>>> {
  readonly name: string;

  readonly #ledger: Ledger<C, W>;
  readonly #evictions: Evictions = new Evictions();
  readonly #growth: Growth<C, W>;
  readonly #filling: Filling<C, W>;
  readonly #closer: Closer<C, W>;
  readonly #handOut: HandOut<C, W>;
  readonly #reception: Reception<C, W>;
  readonly #deadlocks: DeadlockWatch<C, W>;
  readonly #returns: Returns<C, W>;
  readonly #dialer: Dialer<C, W>;
  readonly #upkeep: Upkeep<C, W>;
  readonly #shutdown: Shutdown<C, W>;

  constructor(parts: EngineParts<C, W>) {
    const turn = (now: number) => this.#turn(now);
    const queue = new WaiterQueue<W>(parts.clock, (waiter) => this.#reception.timeOut(waiter));
    const ledger = new Ledger<C, W>(parts, queue);
    const growth = new Growth<C, W>(ledger);
    const closer = new Closer<C, W>(ledger, turn);
    const handOut = new HandOut<C, W>(
      ledger,
      { closer, growth },
      {
        turn,
        granted: (now) => this.#upkeep.granted(now),
        rested: (slot, now) => this.#upkeep.rested(slot, now),
        keptAlive: (now) => this.#upkeep.run(now),
      },
    );
    this.name = parts.name;
    this.#ledger = ledger;
    this.#growth = growth;
    this.#closer = closer;
    this.#handOut = handOut;
    this.#filling = new Filling<C, W>(ledger, growth);
    this.#reception = new Reception<C, W>(ledger, handOut, turn);
    this.#deadlocks = new DeadlockWatch<C, W>(ledger, this.#reception);
    this.#returns = new Returns<C, W>(ledger, { closer, handOut }, turn);
    this.#upkeep = new Upkeep<C, W>(ledger, { closer, handOut }, turn);
    this.#dialer = new Dialer<C, W>(
      ledger,
      {
        growth,
        evictions: this.#evictions,
        outcome: { opened: (...news) => this.#opened(...news), failed: (...news) => this.#failed(...news) },
      },
      turn,
    );
    this.#shutdown = new Shutdown<C, W>(
      ledger,
      { closer, dialer: this.#dialer, reception: this.#reception },
      turn,
    );
  }

  /** Starts to fill up to `min` and `minIdle`; idempotent. An acquire does not need it. */
  open(): void {
    this.#growth.isFilling = true;
    this.#turn(this.#now());
  }

  /**
   * Resolves as soon as `min`, `minIdle` and what `prewarm` asked for are met.
   *
   * Rejects with the connect error where trying again cannot help, with AcquireTimeoutError (phase connect) at the timeout,
   * and with PoolClosedError when the pool closes.
   */
  whenFilled(timeoutMillis: number | null): Promise<void> {
    return this.#filling.whenFilled(timeoutMillis);
  }

  /**
   * Opens connections until `count` exist, as far as `max` has room; once.
   *
   * @throws {ConfigError} it is not a whole number.
   */
  prewarm(count: number): void {
    mustBeCount("the number of connections to prewarm", count, 0);
    const { sizes, options } = this.#ledger;
    this.#growth.prewarmed = Math.min(count, sizes.max, options.maxIdle ?? sizes.max);
    this.#turn(this.#now());
  }

  /** Settles the waiter now or later, exactly once. Never throws. */
  acquire(waiter: W): void {
    this.#reception.acquire(waiter);
  }

  /** Takes a waiter out of the queue and rejects it with `reason`; false where it had been settled already. */
  cancel(waiter: W, reason: unknown): boolean {
    return this.#reception.cancel(waiter, reason);
  }

  /**
   * The connection at hand, not validated, or null where a caller would have to wait.
   *
   * @throws {PoolClosedError} the pool is closed, closing or draining.
   * @throws {PoolSuspendedError} the pool is suspended.
   */
  tryAcquire(borrower: Borrower | null): Slot<C> | null {
    return this.#reception.tryAcquire(borrower);
  }

  /** Gives a lease back. Does nothing where the connection is not in use. */
  release(slot: Slot<C>): void {
    this.#returns.release(slot);
  }

  /** Gives a lease back and closes its connection. Does nothing where the connection is not in use. */
  discard(slot: Slot<C>, reason: CloseReason = "discarded"): void {
    this.#returns.discard(slot, reason);
  }

  /** The connection broke, whatever it was doing: in use, it is closed when it comes back, else at once. */
  connectionLost(slot: Slot<C>, options: { evictHost: boolean }): void {
    const { name } = slot.state;
    if (name === "closing" || name === "closed") return;
    const now = this.#now();
    if (slot.doom !== "broken") this.#ledger.counters.connectionsLost += 1;
    this.#closer.doom(slot, "broken", now);
    // The others that were lost with it tell the same; what was opened since then is sound.
    const isNews = options.evictHost && !this.#evictions.isStale(slot.epoch, slot.host);
    if (isNews) this.evictHost(slot.host);
    else this.#turn(now);
  }

  /** Nothing that was opened on that server until now is handed out again. */
  evictHost(host: string): void {
    this.#evictions.evictHost(host);
    this.#evictStale();
  }

  /** Nothing that was opened until now is handed out again. Resolves when whatever nobody held has been closed. */
  evictAll(): Promise<void> {
    const { slots, latches } = this.#ledger;
    this.#ledger.generation += 1;
    this.#evictions.evictAll();
    this.#evictStale();
    const closing = [...slots].filter((slot) => slot.state.name === "closing");
    return new Promise((resolve) => {
      latches.add({
        isMet: () => closing.every((slot) => slot.state.name === "closed"),
        settle: () => resolve(),
      });
      latches.check();
    });
  }

  /** Closes what lies idle; what the minimum asks for is opened anew. */
  evictIdle(): void {
    const { slots, idle } = this.#ledger;
    const now = this.#now();
    // An observer that hears of one may have taken another one meanwhile; one under keepalive lies idle too.
    for (const slot of [...slots]) {
      if (slot.isListed || slot === idle.reserved) this.#closer.doom(slot, "evicted", now);
    }
    this.#turn(now);
  }

  /**
   * Changes how many connections are kept. Lowering `max` closes idle connections at once and others when they come back.
   *
   * @throws {ConfigError} the sizes contradict each other; nothing has changed.
   */
  resize(changes: SizeChanges): void {
    const { sizes, options } = this.#ledger;
    const { max = sizes.max, min = sizes.min, minIdle = sizes.minIdle } = changes;
    this.#ledger.sizes = checkSizes({ max, min, minIdle }, options.maxIdle);
    const now = this.#now();
    this.#upkeep.resized(now);
    this.#turn(now);
  }

  /** Hands nothing out and opens nothing until `resume`; callers queue in order, and their deadlines go on. */
  suspend(): void {
    if (this.#ledger.phase === "open") this.#ledger.isSuspended = true;
  }

  resume(): void {
    this.#ledger.isSuspended = false;
    this.#turn(this.#now());
  }

  /** Refuses new acquires, serves those who wait already, suspended or not, and resolves when nothing is in use and nobody waits. */
  drain(): Promise<void> {
    return this.#shutdown.drain();
  }

  /** Ends everything; see {@link EngineCloseOptions}. Idempotent; a later call can shorten the timeout. Never rejects. */
  close(options: EngineCloseOptions<C>): Promise<void> {
    return this.#shutdown.close(options);
  }

  /** How many callers wait, without the cost of a snapshot. */
  get waiting(): number {
    return this.#ledger.queue.length;
  }

  /** The most connections at present. */
  get max(): number {
    return this.#ledger.sizes.max;
  }

  /** True while acquires are taken and served. */
  get isTaking(): boolean {
    return this.#ledger.phase === "open" && !this.#ledger.isSuspended;
  }

  /** True while those who wait are served. */
  get isServing(): boolean {
    return this.#ledger.isServing;
  }

  stats(): EngineStats {
    return statsOf(this.#ledger);
  }

  /** The same as {@link Engine.stats}; then the counters start from zero. */
  takeStats(): EngineStats {
    const stats = this.stats();
    this.#ledger.counters = zeroCounters();
    return stats;
  }

  /** Every connection, those being opened included. */
  slots(): SlotView<C>[] {
    return slotViewsOf(this.#ledger, this.#dialer.underWay);
  }

  /** Who holds the connections; the stacks are known only while leak detection is on. */
  holders(): HolderInfo[] {
    return this.#ledger.holders();
  }

  /** Does whatever has become possible. */
  #turn(now: number): void {
    const { queue, idle, latches } = this.#ledger;
    if (queue.length > 0 && idle.length > 0) {
      this.#growth.look(now);
      this.#handOut.serve(now);
    }
    if (queue.length > 0 || this.#growth.isKeeping) this.#dialer.dial(now);
    this.#deadlocks.look(now);
    latches.check();
  }

  #opened(slot: Slot<C>, now: number): void {
    this.#handOut.deliver(slot, now);
    this.#turn(now);
  }

  #failed(error: unknown, failure: "capacity" | "fatal" | "failure", now: number): void {
    const { census } = this.#ledger;
    if (failure === "fatal" && census.open === census.closing) {
      this.#reception.rejectAll(error, "acquireErrors");
      this.#filling.fail(error);
    }
    this.#turn(now);
  }

  #evictStale(): void {
    const now = this.#now();
    const stale = [...this.#ledger.slots].filter((slot) => this.#evictions.isStale(slot.epoch, slot.host));
    // All at once: an observer that hears of the first may acquire, and must not get the second.
    for (const slot of stale) slot.doom ??= "evicted";
    for (const slot of stale) this.#closer.doom(slot, slot.doom ?? "evicted", now);
    this.#turn(now);
  }

  #now(): number {
    return this.#ledger.clock.now();
  }
}
