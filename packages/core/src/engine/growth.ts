import { BackOff } from "./back-off.ts";
import type { Ledger } from "./ledger.ts";
import type { Slot } from "./slot.ts";
import type { Waiter } from "./waiter.ts";

/** Assumed until the first connect has been measured. */
const firstGuessMillis = 100;
// Fast connects follow each other quickly anyway: one at a time gives ten in that time where each takes 10 ms.
const shortestStepMillis = 100;

/**
 * How many connections should be opened now.
 *
 * Nobody is bound to the connection that is opened for him: a connection that comes back serves the first in the queue
 * long before a new one is up. So one connect at a time is enough at first. Each time that something has been lacking for
 * as long as a connect takes, one more connect may be under way at once, and one connection less that is being
 * validated, prepared or reset is counted on.
 */
export class Growth<C, W extends Waiter<Slot<C>>> {
  readonly backOff: BackOff;
  /** How many connections `prewarm` asked for; 0 once they exist. */
  prewarmed = 0;
  /** Whether `min` and `minIdle` are kept. */
  isFilling = false;

  readonly #ledger: Ledger<C, W>;
  #stepMillis: number = firstGuessMillis;
  /** Since when something has been lacking that a connect or a validation could give. */
  #lackingSince: number | null = null;
  #missing = 0;

  constructor(ledger: Ledger<C, W>) {
    this.#ledger = ledger;
    this.backOff = new BackOff(ledger.random);
  }

  /** Whether connections are opened though nobody waits. */
  get isKeeping(): boolean {
    const { min, minIdle } = this.#ledger.sizes;
    return this.prewarmed > 0 || (this.isFilling && (min > 0 || minIdle > 0));
  }

  /** Notes how long a connect took. */
  measured(connectMillis: number): void {
    this.#stepMillis = Math.max(shortestStepMillis, connectMillis);
  }

  /** Looks at what is lacking; the other questions are answered from this look. */
  look(now: number): void {
    const { queue, isServing, total, sizes, idle } = this.#ledger;
    this.#missing = this.#countMissing();
    const isLacking = this.#missing > 0 || (isServing && queue.length > 0);
    const canAct = total < sizes.max || idle.length > 0;
    if (!isLacking || !canAct) this.#lackingSince = null;
    else this.#lackingSince ??= now;
  }

  /** How many connects should begin, over those under way, to serve everybody who waits and to keep the minimum. */
  wanted(now: number): number {
    const { queue, isServing, connecting } = this.#ledger;
    const unserved = isServing ? queue.length - connecting - this.countedOn(now) : 0;
    return Math.max(this.#missing, unserved);
  }

  /** How many connections that are being validated, prepared or reset will soon serve a waiter each. */
  countedOn(now: number): number {
    return Math.max(0, this.#ledger.census.arriving - this.#step(now));
  }

  /** How many connects may be under way at once. */
  limit(now: number): number {
    // Without reuse no connection ever comes back, so there is nothing to wait for.
    return this.#ledger.options.maxIdle === 0 ? Number.POSITIVE_INFINITY : 1 + this.#step(now);
  }

  /** When to look again, if nothing else happens; null where nothing is lacking. */
  nextLookAt(now: number): number | null {
    const since = this.#since();
    if (since === null) return null;
    if (now < this.backOff.until) return this.backOff.until;
    return since + (this.#step(now) + 1) * this.#stepMillis;
  }

  /** Whether `min`, `minIdle` and `prewarm` are met. */
  get isFilled(): boolean {
    const { sizes, census, idle, lasting } = this.#ledger;
    const open = census.open - census.closing;
    const isWarm = open >= Math.min(sizes.max, Math.max(sizes.min, this.prewarmed));
    return isWarm && (idle.lowWater.level >= sizes.minIdle || (lasting >= sizes.max && open === lasting));
  }

  /** How many times the time of a connect has passed while something was lacking. */
  #step(now: number): number {
    const since = this.#since();
    return since === null ? 0 : Math.max(0, Math.floor((now - since) / this.#stepMillis));
  }

  #since(): number | null {
    if (this.#lackingSince === null) return null;
    const since =
      this.#missing > 0 ? this.#lackingSince : Math.max(this.#lackingSince, this.#ledger.queue.since);
    return Math.max(since, this.backOff.failedAt);
  }

  /** How many connections the minimum lacks. One that is about to end counts as gone, so that its replacement is in time. */
  #countMissing(): number {
    const { sizes, phase, isSuspended, lasting, idle, connecting, queue } = this.#ledger;
    if (phase !== "open" || isSuspended) return 0;
    if (this.prewarmed > 0 && this.isFilled) this.prewarmed = 0;
    const least = Math.max(this.isFilling ? sizes.min : 0, this.prewarmed);
    const leastIdle = this.isFilling ? sizes.minIdle : 0;
    if (least === 0 && leastIdle === 0) return 0;
    const missing = least - (lasting - idle.retiring);
    const missingIdle =
      leastIdle - (idle.lowWater.level - idle.retiring) - Math.max(0, connecting - queue.length);
    return Math.max(0, missing, missingIdle);
  }
}
