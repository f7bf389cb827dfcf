import {
  type AcquirePhase,
  AcquireTimeoutError,
  PoolClosedError,
  PoolSuspendedError,
  QueueFullError,
} from "../errors.ts";
import type { HandOut } from "./hand-out.ts";
import type { Ledger } from "./ledger.ts";
import type { Slot } from "./slot.ts";
import type { Borrower, Waiter } from "./waiter.ts";

type Failure = "acquireTimeouts" | "acquireAborts" | "acquireRejected" | "acquireErrors";

/** Where callers come in, wait, and are turned away. */
export class Reception<C, W extends Waiter<Slot<C>>> {
  readonly #ledger: Ledger<C, W>;
  readonly #handOut: HandOut<C, W>;
  readonly #turn: (now: number) => void;

  /** @param turn - called when somebody new waits. */
  constructor(ledger: Ledger<C, W>, handOut: HandOut<C, W>, turn: (now: number) => void) {
    this.#ledger = ledger;
    this.#handOut = handOut;
    this.#turn = turn;
  }

  acquire(waiter: W): void {
    const { clock, counters, queue, observer } = this.#ledger;
    const now = clock.now();
    counters.acquires += 1;
    if (waiter.holder !== null) this.#noteNested(waiter);
    const slot =
      this.#ledger.isServing && this.#isTaking && queue.length === 0 ? this.#handOut.takeReady(now) : null;
    if (slot !== null) {
      counters.acquiresImmediate += 1;
      const grant = this.#handOut.grant(slot, waiter, { waitMillis: 0, now });
      observer?.acquired(slot, waiter, grant);
      if (this.#ledger.sizes.minIdle > 0) this.#turn(now);
      waiter.fulfil(slot, grant);
      return;
    }
    const refusal = this.#refusal(waiter);
    if (refusal !== null) {
      this.#fail(waiter, refusal, "acquireRejected");
      return;
    }
    queue.add(waiter, now);
    observer?.waiting(waiter);
    this.#turn(now);
  }

  tryAcquire(borrower: Borrower | null): Slot<C> | null {
    const { name, clock, counters, queue, observer } = this.#ledger;
    if (!this.#isTaking) throw new PoolClosedError(name);
    if (this.#ledger.isSuspended) throw new PoolSuspendedError(name);
    if (queue.length > 0) return null;
    const now = clock.now();
    const slot = this.#handOut.takeUnvalidated(now);
    if (slot === null) return null;
    counters.acquires += 1;
    counters.acquiresImmediate += 1;
    const grant = this.#handOut.grant(slot, borrower, { waitMillis: 0, now });
    observer?.acquired(slot, null, grant);
    if (this.#ledger.sizes.minIdle > 0) this.#turn(now);
    return slot;
  }

  cancel(waiter: W, reason: unknown): boolean {
    if (!waiter.isQueued) return false;
    this.#leave(waiter, reason, "acquireAborts");
    return true;
  }

  timeOut(waiter: W): void {
    const phase = this.#phaseOf(waiter);
    const { trouble, options, isSuspended } = this.#ledger;
    const error = new AcquireTimeoutError({
      timeoutMillis: waiter.timeoutMillis ?? 0,
      phase,
      numbers: this.#ledger.numbers(),
      holders: options.leakThresholdMillis === null ? [] : this.#ledger.holders(),
      isSuspended,
      ...(trouble === null ? {} : { cause: trouble.cause }),
    });
    this.#leave(waiter, error, "acquireTimeouts");
  }

  /** Turns everybody away who waits. */
  rejectAll(reason: unknown, failure: "acquireRejected" | "acquireErrors"): void {
    const { queue } = this.#ledger;
    // A caller that comes again at once is not among those to be turned away now.
    const { last } = queue;
    for (let waiter = queue.first; waiter !== null; waiter = queue.first) {
      this.#leave(waiter, reason, failure);
      if (waiter === last) return;
    }
  }

  /** Turns one away who waits. */
  turnAway(waiter: W, reason: Error): void {
    this.#leave(waiter, reason, "acquireRejected");
  }

  get #isTaking(): boolean {
    return this.#ledger.phase === "open";
  }

  #noteNested(waiter: W): void {
    this.#ledger.counters.nestedAcquires += 1;
    if (this.#ledger.options.nestedAcquire !== "allow") this.#ledger.observer?.nestedAcquire(waiter);
  }

  /** Why a caller may not even wait; null where it may. */
  #refusal(waiter: W): Error | null {
    const { name, queue, options, sizes, census, isSuspended } = this.#ledger;
    if (!this.#isTaking) return new PoolClosedError(name);
    if (isSuspended && waiter.timeoutMillis === 0) return new PoolSuspendedError(name);
    if (options.maxWaiting === null) return null;
    // Those for whom there is a connection, or room for one, wait for that alone and not for another caller.
    const servable = isSuspended ? 0 : Math.max(0, sizes.max - census.acquired - census.closing);
    if (queue.length < options.maxWaiting + servable) return null;
    return new QueueFullError(options.maxWaiting, this.#ledger.numbers());
  }

  #leave(waiter: W, reason: unknown, failure: Failure): void {
    const phase = this.#phaseOf(waiter);
    this.#ledger.queue.remove(waiter);
    this.#fail(waiter, reason, failure, phase);
    this.#ledger.latches.check();
  }

  #fail(waiter: W, reason: unknown, failure: Failure, phase: AcquirePhase = "wait"): void {
    this.#ledger.counters[failure] += 1;
    this.#ledger.observer?.acquireFailed(waiter, reason, phase);
    waiter.reject(reason);
  }

  /** What the pool was doing for a waiter: whatever is ready first goes to the first in the queue. */
  #phaseOf(waiter: W): AcquirePhase {
    const { queue, census, sizes, connecting, total, isServing } = this.#ledger;
    if (!isServing) return "wait";
    const preparing = census.preparing;
    const validating = preparing + census.validating;
    const connects = validating + connecting + Math.max(0, sizes.max - total);
    const position = queue.positionOf(waiter, connects);
    if (position < preparing) return "prepare";
    if (position < validating) return "validate";
    return position < connects ? "connect" : "wait";
  }
}
