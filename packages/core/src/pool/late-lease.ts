import { onceAborted } from "../connection/once-aborted.ts";
import { LeaseReleasedError } from "../errors.ts";
import type { Lease } from "./lease.ts";

/**
 * A lease that is taken with the first use and given back once, whatever comes first: `end()`, or the abort of the caller's signal, which
 * must not wait for a next use that may never come.
 *
 * Invariant: after either nothing is held and nobody waits for it, even where the lease was granted at that very moment.
 */
export class LateLease {
  readonly #acquire: (leaving: AbortSignal) => Promise<Lease>;
  readonly #signal: AbortSignal | null;
  readonly #leaving = new AbortController();
  #lease: Lease | null = null;
  #forget: (() => void) | null = null;

  /** @param acquire - takes the lease; the signal aborts where it is not wanted any more. */
  constructor(acquire: (leaving: AbortSignal) => Promise<Lease>, signal: AbortSignal | null) {
    this.#acquire = acquire;
    this.#signal = signal;
  }

  /** Called once. */
  async take(): Promise<Lease> {
    const { signal } = this.#leaving;
    signal.throwIfAborted();
    const lease = await this.#acquire(signal);
    this.#lease = lease;
    if (signal.aborted) lease.release();
    else if (this.#signal !== null) this.#forget = onceAborted(this.#signal, () => this.#aborted());
    return lease;
  }

  /** What to tell a caller for an error: the reason of the abort where that is why the lease is gone. */
  explain(error: unknown): unknown {
    return error instanceof LeaseReleasedError && this.#signal?.aborted === true
      ? this.#signal.reason
      : error;
  }

  /** Gives the lease back, or leaves the queue; harmless when that was done. */
  end(): void {
    this.#forget?.();
    this.#leaving.abort();
    this.#lease?.release();
  }

  /** What runs hears of the abort too, and must be the first, so that it ends with the caller's reason. */
  #aborted(): void {
    queueMicrotask(() => this.end());
  }
}
