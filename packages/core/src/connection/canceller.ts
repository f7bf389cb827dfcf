import { type CancelKey, sendCancelRequest } from "./cancel-request.ts";
import type { SessionOptions } from "./session-options.ts";

/** Who waits for the end of a cancel. */
export interface CancelOwner {
  /** No cancel request can act any more. */
  finished(): void;
  /** The connection can't be trusted any more. */
  gaveUp(error: Error): void;
}

const defaultGraceMillis = 5_000;
/** A request that arrives before the statement it is meant for does nothing, so it is sent again after a while. */
const firstRepeatMillis = 50;

/**
 * Cancels what a session runs, and knows how long a cancel request may still act.
 *
 * Invariant: `isPending` from the first request until the statement has ended *and* the server has closed the stream of the
 * last request; where either takes too long, the connection ends instead.
 */
export class Canceller {
  readonly #options: SessionOptions;
  readonly #key: CancelKey;
  readonly #owner: CancelOwner;
  readonly #graceMillis: number;
  #limit: AbortController | null = null;
  #wake: (() => void) | null = null;

  constructor(options: SessionOptions, key: CancelKey, owner: CancelOwner) {
    this.#options = options;
    this.#key = key;
    this.#owner = owner;
    this.#graceMillis = options.cancelGraceMillis ?? defaultGraceMillis;
  }

  get isPending(): boolean {
    return this.#limit !== null;
  }

  /** Sends requests until what runs has ended; one cancel at a time, a second one joins the first. */
  start(hasEnded: () => boolean): void {
    if (this.#limit !== null) return;
    const limit = new AbortController();
    this.#limit = limit;
    const timer = setTimeout(() => limit.abort(), this.#graceMillis);
    limit.signal.addEventListener("abort", () => clearTimeout(timer), { once: true });
    void this.#cancel(hasEnded, limit.signal).then((isSafe) => {
      clearTimeout(timer);
      if (this.#limit !== limit) return;
      this.#limit = null;
      if (isSafe) this.#owner.finished();
      else this.#owner.gaveUp(new Error(`the server did not act on a cancel within ${this.#graceMillis} ms`));
    });
  }

  /** Something has ended on the wire: look whether it was what the cancel is for. */
  wake(): void {
    this.#wake?.();
  }

  /** The connection has ended: nothing is left to protect. */
  stop(): void {
    const limit = this.#limit;
    this.#limit = null;
    limit?.abort();
  }

  /** Resolves with true when no request can act any more and what ran has ended. */
  async #cancel(hasEnded: () => boolean, limit: AbortSignal): Promise<boolean> {
    let pause = firstRepeatMillis;
    do {
      const outcome = await sendCancelRequest(this.#options.cancel, this.#key, limit);
      if (outcome === "unknown") return false;
      if (!hasEnded() && !limit.aborted) await this.#pause(pause, limit);
      pause *= 2;
    } while (!hasEnded() && !limit.aborted);
    return hasEnded();
  }

  #pause(millis: number, limit: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.#wake?.(), millis);
      this.#wake = () => {
        this.#wake = null;
        clearTimeout(timer);
        limit.removeEventListener("abort", wake);
        resolve();
      };
      const wake = this.#wake;
      limit.addEventListener("abort", wake, { once: true });
    });
  }
}
