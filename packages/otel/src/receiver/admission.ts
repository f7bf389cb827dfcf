import { HttpError } from "./http-error.ts";
import type { MemoryGate } from "./read-body.ts";

/** How much may be in progress at once. */
export interface AdmissionLimits {
  readonly maxPendingRequests: number;
  readonly maxPendingBytes: number;
}

/** Senders back off by this many seconds, and send the same batch again. */
const RETRY_LATER = { "retry-after": "1" };

/** Admits requests while there is room for them. Invariant: both counts are the sums over the admitted requests. */
export class Admission {
  readonly #limits: AdmissionLimits;
  #requests = 0;
  #bytes = 0;

  constructor(limits: AdmissionLimits) {
    this.#limits = limits;
  }

  /** Bytes held for requests in progress. */
  get pendingBytes(): number {
    return this.#bytes;
  }

  /**
   * Runs one request, and gives back what it reserved when it ends.
   *
   * @throws {HttpError} 429, too many requests are in progress; 503 from the gate, they hold too much.
   */
  async run<T>(work: (gate: MemoryGate) => Promise<T>): Promise<T> {
    if (this.#requests >= this.#limits.maxPendingRequests) {
      throw new HttpError(429, `${this.#requests} requests are in progress`, RETRY_LATER);
    }
    this.#requests += 1;
    let reserved = 0;
    const reserve = (bytes: number): void => {
      if (this.#bytes + bytes > this.#limits.maxPendingBytes) {
        throw new HttpError(503, `requests in progress hold ${this.#bytes} bytes`, RETRY_LATER);
      }
      reserved += bytes;
      this.#bytes += bytes;
    };
    try {
      return await work({ reserve });
    } finally {
      this.#requests -= 1;
      this.#bytes -= reserved;
    }
  }
}
