import type { Lease } from "./lease.ts";

/**
 * A lease that is taken with the first use and given back once, whatever comes first.
 *
 * Invariant: after `end()` nothing is held and nobody waits for it, even where the lease was granted at that very moment.
 */
export class LateLease {
  readonly #acquire: (leaving: AbortSignal) => Promise<Lease>;
  readonly #leaving = new AbortController();
  #lease: Lease | null = null;

  /** @param acquire - takes the lease; the signal aborts where it is not wanted any more. */
  constructor(acquire: (leaving: AbortSignal) => Promise<Lease>) {
    this.#acquire = acquire;
  }

  /** Called once. */
  async take(): Promise<Lease> {
    const { signal } = this.#leaving;
    signal.throwIfAborted();
    const lease = await this.#acquire(signal);
    this.#lease = lease;
    if (signal.aborted) lease.release();
    return lease;
  }

  /** Gives the lease back, or leaves the queue; harmless when that was done. */
  end(): void {
    this.#leaving.abort();
    this.#lease?.release();
  }
}
