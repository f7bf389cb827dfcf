import type { Engine } from "../../../src/engine/engine.ts";
import type { Holder } from "../../../src/engine/holder.ts";
import type { EngineOptions } from "../../../src/engine/options.ts";
import type { CloseReason, EngineObserver, Grant } from "../../../src/engine/ports.ts";
import type { EngineStats } from "../../../src/engine/stats.ts";
import type { AcquirePhase } from "../../../src/errors.ts";
import type { Caller, FakeSlot } from "./caller.ts";
import type { FakeConnection, FakeConnector } from "./fake-connector.ts";
import type { VirtualClock } from "./virtual-clock.ts";

interface World {
  readonly options: EngineOptions;
  readonly clock: VirtualClock;
  readonly connector: FakeConnector<Caller>;
}

/** A holder that was at work is looked at again within 16 ms, and must then have been quiet for a turn. */
const slowestVerdictMillis = 20;

/**
 * A small model of a pool: a queue, a set of leases and a few sums, kept from what callers did and were told. It knows
 * nothing of the engine's insides, and complains as soon as the engine does what a pool must not.
 */
export class Oracle implements EngineObserver<FakeSlot, Caller> {
  readonly leases = new Set<FakeSlot>();
  readonly queue: Caller[] = [];
  readonly #world: World;
  readonly #slots = new Map<number, FakeSlot>();
  readonly #provenAt = new Map<FakeConnection, number>();
  readonly #lost = new Set<FakeSlot>();
  /** Those that are closing. */
  readonly #ending = new Set<FakeSlot>();
  /** How often each had been prepared when it was last leased. */
  readonly #prepared = new Map<FakeSlot, number>();
  sizes: { readonly max: number; readonly min: number };
  isSuspended = false;
  /** When a holder or a connection last did anything, and when a caller last left. */
  #stirredAt = 0;
  #leftAt = 0;
  /** Since when nothing can happen any more; null while it can. */
  #stuckAt: number | null = null;
  #connecting = 0;
  #lastRequested = 0;
  #evictedUpTo = 0;
  #isClosing = false;
  #mayDestroyLeases = false;
  /** How many waited when the counters were last taken. */
  #carried = 0;
  readonly sums = {
    acquires: 0,
    granted: 0,
    timeouts: 0,
    aborts: 0,
    rejected: 0,
    errors: 0,
    releases: 0,
    opened: 0,
    closed: 0,
  };

  constructor(world: World) {
    this.#world = world;
    this.sizes = world.options;
  }

  /** What the engine did wrong first; null while there is nothing. Thrown into the engine, it could be swallowed there. */
  violation: Error | null = null;

  complain(message: string): void {
    this.violation ??= new Error(message);
  }

  // What callers do.

  asked(caller: Caller): void {
    this.sums.acquires += 1;
    if (!caller.isSettled && !this.queue.includes(caller))
      this.complain(`${caller.name} neither settled nor queued`);
  }

  tried(): void {
    this.sums.acquires += 1;
  }

  evictedAll(): void {
    this.#evictedUpTo = this.#lastRequested;
  }

  closing(slot: FakeSlot, reason: CloseReason): void;
  closing(): void;
  closing(slot?: FakeSlot, reason?: CloseReason): void {
    if (slot === undefined) {
      this.#isClosing = true;
      return;
    }
    const mayEndLease = this.#mayDestroyLeases && reason === "shutdown";
    if (this.leases.has(slot) && !mayEndLease)
      this.complain(`slot ${slot.id} closed (${reason}) while in use`);
    this.leases.delete(slot);
    if (reason === "shutdown" && !this.#isClosing)
      this.complain("closed for a shutdown that nobody asked for");
    this.#ending.add(slot);
    if (reason === "idle" && this.#slots.size + this.#connecting - this.#ending.size < this.sizes.min)
      this.complain(`slot ${slot.id} was closed as surplus though min is ${this.sizes.min}`);
  }

  lost(slot: FakeSlot): void {
    this.#lost.add(slot);
  }

  /** A holder did something with its connection. */
  stirred(): void {
    this.#stirredAt = this.#now;
  }

  patienceIsOver(): void {
    this.#mayDestroyLeases = true;
  }

  // What the engine tells.

  waiting(caller: Caller): void {
    if (caller.holder !== null) this.stirred();
    this.queue.push(caller);
  }

  connectStarted(slotId: number): void {
    if (slotId !== this.#lastRequested + 1) this.complain(`slot ${slotId} after ${this.#lastRequested}`);
    this.#lastRequested = slotId;
    this.#connecting += 1;
    if (this.#isClosing) this.complain("a connect began while closing");
  }

  connected(slot: FakeSlot): void {
    this.stirred();
    this.#connecting -= 1;
    this.sums.opened += 1;
    this.#slots.set(slot.id, slot);
    this.#provenAt.set(slot.connection, this.#now);
  }

  connectFailed(): void {
    this.stirred();
    this.#connecting -= 1;
  }

  acquired(slot: FakeSlot, caller: Caller | null, grant: Grant): void {
    this.sums.granted += 1;
    this.stirred();
    if (caller !== null && this.queue.length > 0) {
      const first = this.queue.shift();
      if (first !== caller) this.complain(`${caller.name} was served before ${first?.name}`);
    } else if (this.queue.length > 0) this.complain("tryAcquire overtook the queue");
    if (this.leases.has(slot)) this.complain(`slot ${slot.id} is leased twice`);
    this.leases.add(slot);
    this.#checkGranted(slot, caller, grant);
  }

  acquireFailed(caller: Caller, reason: unknown, _phase: AcquirePhase): void {
    const code = reason instanceof Error && "code" in reason ? reason.code : "";
    if (code === "POOL_DEADLOCK") this.#checkDeadlock(caller);
    this.#leftAt = this.#now;
    const at = this.queue.indexOf(caller);
    if (at >= 0) this.queue.splice(at, 1);
    if (code === "POOL_ACQUIRE_TIMEOUT") this.#checkTimeout(caller);
    else if (reason === "aborted") this.sums.aborts += 1;
    else if (reason instanceof Error && reason.message === "fatal") this.sums.errors += 1;
    else if (String(code).startsWith("POOL_")) this.sums.rejected += 1;
    else this.complain(`unexpected refusal ${String(reason)}`);
  }

  released(slot: FakeSlot): void {
    this.sums.releases += 1;
    if (!this.leases.delete(slot)) this.complain(`slot ${slot.id} released without a lease`);
    this.#provenAt.set(slot.connection, this.#now);
  }

  closed(slot: FakeSlot): void {
    this.sums.closed += 1;
    this.stirred();
    this.#ending.delete(slot);
    if (!this.#slots.delete(slot.id)) this.complain(`slot ${slot.id} closed twice`);
    if (slot.connection.isOpen) this.complain(`slot ${slot.id} counts as closed, but its socket is open`);
  }

  leakSuspected(slot: FakeSlot): void {
    if (!this.leases.has(slot)) this.complain(`slot ${slot.id} is not in use and cannot leak`);
  }

  nestedAcquire(): void {}

  proven(connection: FakeConnection): void {
    this.#provenAt.set(connection, this.#now);
  }

  slot(id: number): FakeSlot | undefined {
    return this.#slots.get(id);
  }

  /** The counters start again from zero. */
  forget(taken: EngineStats): void {
    this.#checkSums(taken);
    for (const name of Object.keys(this.sums)) this.sums[name as keyof Oracle["sums"]] = 0;
    this.#carried = this.queue.length;
  }

  // What must hold between any two steps.

  check(engine: Engine<FakeConnection, Caller>, limit: number): void {
    const stats = engine.stats();
    const sum =
      stats.connecting + stats.idle + stats.acquired + stats.validating + stats.resetting + stats.closing;
    this.#equal("total", stats.total, sum);
    this.#equal("connecting", stats.connecting, this.#connecting);
    this.#equal("acquired", stats.acquired, this.leases.size);
    this.#equal("waiting", stats.waiting, this.queue.length);
    this.#equal("slots", stats.total - stats.connecting, this.#slots.size);
    this.#equal(
      "open sockets",
      this.#world.connector.open.length,
      [...this.#slots.values()].filter((slot) => slot.connection.isOpen).length,
    );
    if (stats.total > limit) this.complain(`${stats.total} connections, allowed are ${limit}`);
    this.#checkSums(stats);
    this.#checkProgress(stats);
    this.#checkPatience(stats);
    const views = engine.slots();
    this.#equal("views", views.length, stats.total);
  }

  #checkSums(stats: EngineStats): void {
    const { sums } = this;
    this.#equal("acquires", stats.acquires, sums.acquires);
    this.#equal("granted", stats.acquiresImmediate + stats.acquiresQueued, sums.granted);
    this.#equal("timeouts", stats.acquireTimeouts, sums.timeouts);
    this.#equal("aborts", stats.acquireAborts, sums.aborts);
    this.#equal("rejected", stats.acquireRejected, sums.rejected);
    this.#equal("errors", stats.acquireErrors, sums.errors);
    this.#equal("releases", stats.releases, sums.releases);
    this.#equal("creates", stats.creates, sums.opened);
    const closed = Object.values(stats.closed).reduce((total, count) => total + count, 0);
    this.#equal("closed", closed, sums.closed);
    const settled = sums.granted + sums.timeouts + sums.aborts + sums.rejected + sums.errors;
    this.#equal("settled", sums.acquires + this.#carried, settled + this.queue.length);
  }

  #checkProgress(stats: EngineStats): void {
    if (stats.state === "suspended" || stats.waiting === 0) return;
    if (stats.state === "closing" || stats.state === "closed")
      this.complain("somebody waits for a closed pool");
    const arriving = stats.validating + stats.resetting;
    if (stats.idle > 0 && stats.waiting > arriving)
      this.complain("somebody waits while a connection is idle");
    const isServed = stats.total >= stats.max || stats.connecting > 0 || this.#world.clock.pending > 0;
    if (!isServed) this.complain("somebody waits, there is room, and nothing will ever happen");
  }

  /** In a deadlock, somebody is told soon. */
  #checkPatience(stats: EngineStats): void {
    if (!this.#isStuck(stats.max) || this.#world.options.nestedAcquire !== "throw") {
      this.#stuckAt = null;
      return;
    }
    this.#stuckAt ??= this.#now;
    if (this.#now - Math.max(this.#stuckAt, this.#stirredAt, this.#leftAt) > slowestVerdictMillis)
      this.complain("somebody waits in a deadlock");
  }

  /** Said anew, from what the callers know: every connection is held by somebody who does nothing and inside whom somebody waits. */
  #isStuck(max: number): boolean {
    if (this.#connecting > 0 || this.leases.size !== this.#slots.size || this.leases.size < max) return false;
    const waitingIn = new Set<Holder>();
    for (const caller of this.queue) for (const holder of holdersOf(caller)) waitingIn.add(holder);
    return [...this.leases].every(
      ({ lessee, connection }) => lessee !== null && waitingIn.has(lessee) && !connection.isAtWork,
    );
  }

  /** Nobody is told of a deadlock that there is not, nor before a turn in which nobody did anything. */
  #checkDeadlock(victim: Caller): void {
    const quiet = this.#now - this.#stirredAt;
    if (!this.#isStuck(0)) this.complain(`${victim.name} was told of a deadlock that there was not`);
    if (quiet < 1) this.complain(`${victim.name} was told of a deadlock after ${quiet} ms`);
    const holding = new Set([...this.leases].map((slot) => slot.lessee));
    if (!holdersOf(victim).some((holder) => holding.has(holder)))
      this.complain(`${victim.name} is in nobody's way, but was turned away`);
  }

  #checkGranted(slot: FakeSlot, caller: Caller | null, grant: Grant): void {
    const { options } = this.#world;
    if (this.isSuspended) this.complain(`slot ${slot.id} is leased while the pool is suspended`);
    const { preparations, resets } = slot.connection;
    if (preparations <= (this.#prepared.get(slot) ?? 0))
      this.complain(`slot ${slot.id} is leased unprepared`);
    if (resets < slot.useCount - 1) this.complain(`slot ${slot.id} was not looked at after a release`);
    this.#prepared.set(slot, preparations);
    if (!slot.connection.isOpen) this.complain(`slot ${slot.id} is leased with a closed socket`);
    if (slot.connection.closeReason !== null) this.complain(`slot ${slot.id} is leased while it closes`);
    if (this.#lost.has(slot)) this.complain(`slot ${slot.id} is leased after it broke`);
    if (slot.id <= this.#evictedUpTo) this.complain(`slot ${slot.id} is leased after it was evicted`);
    if (slot.expiresAt !== null && this.#now >= slot.expiresAt)
      this.complain(`slot ${slot.id} is leased after its end`);
    if (options.maxUses !== null && slot.useCount > options.maxUses)
      this.complain(`slot ${slot.id} is overused`);
    if (options.maxIdle === 0 && slot.useCount > 1) this.complain(`slot ${slot.id} is used twice`);
    const quiet = this.#now - (this.#provenAt.get(slot.connection) ?? 0);
    const { validateAfterIdleMillis } = options;
    if (caller !== null && validateAfterIdleMillis !== null && quiet > validateAfterIdleMillis) {
      this.complain(`slot ${slot.id} is leased unproven after ${quiet} ms (${grant.source})`);
    }
  }

  #checkTimeout(caller: Caller): void {
    this.sums.timeouts += 1;
    const waited = this.#now - caller.since;
    // A timer takes a millisecond at least.
    const isOnTime = waited === caller.timeoutMillis || (caller.timeoutMillis === 0 && waited === 1);
    if (!isOnTime) this.complain(`${caller.name} timed out after ${waited}, not ${caller.timeoutMillis}`);
  }

  #equal(what: string, actual: number, expected: number): void {
    if (actual !== expected) this.complain(`${what} is ${actual}, but must be ${expected}`);
  }

  get #now(): number {
    return this.#world.clock.now();
  }
}

/** The contexts that a caller is in, from the innermost. */
function holdersOf(caller: Caller): Holder[] {
  const holders: Holder[] = [];
  for (let holder = caller.holder; holder !== null; holder = holder.parent) holders.push(holder);
  return holders;
}
