const SLICE_MILLIS = 8;

/**
 * A long task in slices, between which the host does what else there is to do.
 *
 * Whoever runs a loop calls `breathe` every few thousand steps.
 */
export class Slices {
  readonly signal: AbortSignal;
  readonly #now: () => number;
  #since: number;

  constructor(signal: AbortSignal, now: () => number = () => performance.now()) {
    this.signal = signal;
    this.#now = now;
    this.#since = now();
  }

  /** @throws the signal's reason where it is aborted. */
  async breathe(): Promise<void> {
    this.signal.throwIfAborted();
    if (this.#now() - this.#since < SLICE_MILLIS) return;
    await new Promise<void>((resolve) => setImmediate(resolve));
    this.signal.throwIfAborted();
    this.#since = this.#now();
  }
}
