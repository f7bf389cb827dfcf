import { onceAborted } from "../connection/once-aborted.ts";
import type { Lane } from "../engine/deadlines.ts";
import type { Holder } from "../engine/holder.ts";
import type { Grant } from "../engine/ports.ts";
import type { Slot } from "../engine/slot.ts";
import type { Waiter } from "../engine/waiter.ts";
import type { Checkout } from "../telemetry/pool-telemetry.ts";
import type { CallerTrace } from "./caller-trace.ts";
import type { Lease } from "./lease.ts";
import type { Member } from "./member.ts";
import type { Vigil } from "./vigil.ts";

/** What a caller of `acquire` can say. */
export interface AcquireOptions {
  /** Leaves the queue; the promise then rejects with the signal's reason. Connects that are under way go on. */
  signal?: AbortSignal | undefined;
  /**
   * How long to wait for a connection, in milliseconds: one deadline over queueing, connecting, validating and hooks.
   * `null` = no limit. Default: the pool's `acquireTimeoutMillis`.
   */
  timeoutMillis?: number | null | undefined;
}

/** What an acquisition is made of. */
export interface AcquisitionTerms {
  readonly timeoutMillis: number | null;
  readonly holder: Holder | null;
  readonly lessee: Holder | null;
  readonly checkout: Checkout;
  readonly signal: AbortSignal | null;
  /** The stack of the acquire, where it is wanted. */
  readonly trace: CallerTrace | null;
}

/** Where an acquisition goes when it is settled or given up. */
export interface AcquisitionDesk {
  grant(slot: Slot<Member>): Lease;
  abandon(acquisition: Acquisition, reason: unknown): void;
  /** What keeps the process alive for those who wait. */
  readonly vigil: Vigil;
}

/**
 * One caller that wants a lease, from the call to the answer.
 *
 * Most are answered within the call; only the others need a promise of their own and a listener for their signal.
 */
export class Acquisition implements Waiter<Slot<Member>> {
  readonly timeoutMillis: number | null;
  readonly holder: Holder | null;
  readonly lessee: Holder | null;
  readonly checkout: Checkout;
  readonly #desk: AcquisitionDesk;
  readonly #signal: AbortSignal | null;
  readonly #trace: CallerTrace | null;
  #state: "asked" | "waiting" | "granted" | "refused" = "asked";
  #isAborted = false;
  #lease: Lease | null = null;
  #reason: unknown = null;
  #forget: (() => void) | null = null;
  #resolve: ((lease: Lease) => void) | null = null;
  #reject: ((reason: unknown) => void) | null = null;

  since = 0;
  isQueued = false;
  ahead: this | null = null;
  behind: this | null = null;
  lane: Lane<this> | null = null;
  earlier: this | null = null;
  later: this | null = null;

  constructor(desk: AcquisitionDesk, terms: AcquisitionTerms) {
    this.timeoutMillis = terms.timeoutMillis;
    this.holder = terms.holder;
    this.lessee = terms.lessee;
    this.checkout = terms.checkout;
    this.#desk = desk;
    this.#signal = terms.signal;
    this.#trace = terms.trace;
  }

  get stack(): string | null {
    return this.#trace?.stack ?? null;
  }

  /** The answer, now or later. Called once, right after the engine was asked. */
  answer(): Promise<Lease> {
    if (this.#lease !== null) return Promise.resolve(this.#lease);
    if (this.#state === "refused") return Promise.reject(this.#reason);
    this.#state = "waiting";
    if (this.#signal !== null) this.#forget = onceAborted(this.#signal, () => this.#abort());
    this.#desk.vigil.begin();
    return new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
      // A listener that was told of the wait may have aborted it already.
      if (this.#signal?.aborted) this.#abort();
    });
  }

  /** True once the caller gave up, so that it is rejected with its own reason. */
  get isAborted(): boolean {
    return this.#isAborted;
  }

  fulfil(slot: Slot<Member>, _grant: Grant): void {
    const lease = this.#desk.grant(slot);
    this.#endWait();
    this.#state = "granted";
    if (this.#resolve === null) this.#lease = lease;
    else this.#resolve(lease);
  }

  reject(reason: unknown): void {
    this.#endWait();
    this.#state = "refused";
    if (this.#reject === null) this.#reason = reason;
    else this.#reject(reason);
  }

  #abort(): void {
    this.#isAborted = true;
    this.#desk.abandon(this, this.#signal?.reason);
  }

  #endWait(): void {
    if (this.#state !== "waiting") return;
    this.#forget?.();
    this.#desk.vigil.end();
  }
}
