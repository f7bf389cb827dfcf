import type { Engine } from "../../../src/engine/engine.ts";
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

/**
 * A small model of a pool: a queue, a set of leases and a few sums, kept from what callers did and were told. It knows
 * nothing of the engine's insides, and throws as soon as the engine does what a pool must not.
 */
export class Oracle implements EngineObserver<FakeSlot, Caller> {
  readonly leases = new Set<FakeSlot>();
  readonly queue: Caller[] = [];
  readonly #world: World;
  readonly #slots = new Map<number, FakeSlot>();
  readonly #provenAt = new Map<FakeConnection, number>();
  readonly #lost = new Set<FakeSlot>();
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
  }

  // What callers do.

  asked(caller: Caller): void {
    this.sums.acquires += 1;
    if (!caller.isSettled && !this.queue.includes(caller))
      throw new Error(`${caller.name} neither settled nor queued`);
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
      throw new Error(`slot ${slot.id} closed (${reason}) while in use`);
    this.leases.delete(slot);
    if (reason === "shutdown" && !this.#isClosing)
      throw new Error("closed for a shutdown that nobody asked for");
  }

  lost(slot: FakeSlot): void {
    this.#lost.add(slot);
  }

  patienceIsOver(): void {
    this.#mayDestroyLeases = true;
  }

  // What the engine tells.

  waiting(caller: Caller): void {
    this.queue.push(caller);
  }

  connectStarted(slotId: number): void {
    if (slotId !== this.#lastRequested + 1) throw new Error(`slot ${slotId} after ${this.#lastRequested}`);
    this.#lastRequested = slotId;
    this.#connecting += 1;
    if (this.#isClosing) throw new Error("a connect began while closing");
  }

  connected(slot: FakeSlot): void {
    this.#connecting -= 1;
    this.sums.opened += 1;
    this.#slots.set(slot.id, slot);
    this.#provenAt.set(slot.connection, this.#now);
  }

  connectFailed(): void {
    this.#connecting -= 1;
  }

  acquired(slot: FakeSlot, caller: Caller | null, grant: Grant): void {
    this.sums.granted += 1;
    if (caller !== null && this.queue.length > 0) {
      const first = this.queue.shift();
      if (first !== caller) throw new Error(`${caller.name} was served before ${first?.name}`);
    } else if (this.queue.length > 0) throw new Error("tryAcquire overtook the queue");
    if (this.leases.has(slot)) throw new Error(`slot ${slot.id} is leased twice`);
    this.leases.add(slot);
    this.#checkGranted(slot, caller, grant);
  }

  acquireFailed(caller: Caller, reason: unknown, _phase: AcquirePhase): void {
    const at = this.queue.indexOf(caller);
    if (at >= 0) this.queue.splice(at, 1);
    const code = reason instanceof Error && "code" in reason ? reason.code : "";
    if (code === "POOL_ACQUIRE_TIMEOUT") this.#checkTimeout(caller);
    else if (reason === "aborted") this.sums.aborts += 1;
    else if (reason instanceof Error && reason.message === "fatal") this.sums.errors += 1;
    else if (String(code).startsWith("POOL_")) this.sums.rejected += 1;
    else throw new Error(`unexpected refusal ${String(reason)}`);
  }

  released(slot: FakeSlot): void {
    this.sums.releases += 1;
    if (!this.leases.delete(slot)) throw new Error(`slot ${slot.id} released without a lease`);
    this.#provenAt.set(slot.connection, this.#now);
  }

  closed(slot: FakeSlot): void {
    this.sums.closed += 1;
    if (!this.#slots.delete(slot.id)) throw new Error(`slot ${slot.id} closed twice`);
    if (slot.connection.isOpen) throw new Error(`slot ${slot.id} counts as closed, but its socket is open`);
  }

  leakSuspected(slot: FakeSlot): void {
    if (!this.leases.has(slot)) throw new Error(`slot ${slot.id} is not in use and cannot leak`);
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
    if (stats.total > limit) throw new Error(`${stats.total} connections, allowed are ${limit}`);
    this.#checkSums(stats);
    this.#checkProgress(stats);
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
      throw new Error("somebody waits for a closed pool");
    const arriving = stats.validating + stats.resetting;
    if (stats.idle > 0 && stats.waiting > arriving)
      throw new Error("somebody waits while a connection is idle");
    const isServed = stats.total >= stats.max || stats.connecting > 0 || this.#world.clock.pending > 0;
    if (!isServed) throw new Error("somebody waits, there is room, and nothing will ever happen");
  }

  #checkGranted(slot: FakeSlot, caller: Caller | null, grant: Grant): void {
    const { options } = this.#world;
    if (!slot.connection.isOpen) throw new Error(`slot ${slot.id} is leased with a closed socket`);
    if (slot.connection.closeReason !== null) throw new Error(`slot ${slot.id} is leased while it closes`);
    if (this.#lost.has(slot)) throw new Error(`slot ${slot.id} is leased after it broke`);
    if (slot.id <= this.#evictedUpTo) throw new Error(`slot ${slot.id} is leased after it was evicted`);
    if (slot.expiresAt !== null && this.#now >= slot.expiresAt)
      throw new Error(`slot ${slot.id} is leased after its end`);
    if (options.maxUses !== null && slot.useCount > options.maxUses)
      throw new Error(`slot ${slot.id} is overused`);
    if (options.maxIdle === 0 && slot.useCount > 1) throw new Error(`slot ${slot.id} is used twice`);
    const quiet = this.#now - (this.#provenAt.get(slot.connection) ?? 0);
    const { validateAfterIdleMillis } = options;
    if (caller !== null && validateAfterIdleMillis !== null && quiet > validateAfterIdleMillis) {
      throw new Error(`slot ${slot.id} is leased unproven after ${quiet} ms (${grant.source})`);
    }
  }

  #checkTimeout(caller: Caller): void {
    this.sums.timeouts += 1;
    const waited = this.#now - caller.since;
    // A timer takes a millisecond at least.
    const isOnTime = waited === caller.timeoutMillis || (caller.timeoutMillis === 0 && waited === 1);
    if (!isOnTime) throw new Error(`${caller.name} timed out after ${waited}, not ${caller.timeoutMillis}`);
  }

  #equal(what: string, actual: number, expected: number): void {
    if (actual !== expected) throw new Error(`${what} is ${actual}, but must be ${expected}`);
  }

  get #now(): number {
    return this.#world.clock.now();
  }
}
