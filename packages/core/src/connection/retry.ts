import { setTimeout as sleep } from "node:timers/promises";
import { ConfigError } from "../errors.ts";
import { checkOptions } from "../option-rules.ts";
import { longestTimerMillis } from "./duration.ts";
import { isServerError } from "./server-error.ts";
import { rulesOf } from "./verb-rules.ts";

/** When and how often a transaction is tried again. */
export interface RetryOptions {
  /** How often the callback runs at most, the first time included. At least 1. */
  attempts: number;
  /** The SQLSTATEs after which it is tried again. Default: `40001` (serialization failure) and `40P01` (deadlock). */
  codes?: readonly string[] | undefined;
  /** The longest pause before the second attempt, in milliseconds; it doubles with each further one. Default: 10. */
  minDelayMillis?: number | undefined;
  /** The longest pause before any attempt, in milliseconds. Default: 1 000. */
  maxDelayMillis?: number | undefined;
}

/** Time and chance as retries see them. */
export interface RetryWorld {
  /** Resolves after the pause; rejects with the signal's reason where that aborts first. */
  sleep(millis: number, signal: AbortSignal | null): Promise<void>;
  /** A number in [0, 1). */
  random(): number;
}

/** The clock of the process and `Math.random`: jitter needs spread, not secrecy. */
export const systemRetryWorld: RetryWorld = {
  random: () => Math.random(),
  async sleep(millis, signal) {
    try {
      await sleep(Math.min(millis, longestTimerMillis), undefined, signal === null ? undefined : { signal });
    } catch (error) {
      throw signal?.aborted === true ? signal.reason : error;
    }
  },
};

const defaultCodes: readonly string[] = ["40001", "40P01"];
const defaultMinDelayMillis = 10;
const defaultMaxDelayMillis = 1_000;

/** A driver error may come wrapped by whatever runs between the callback and the connection. */
const causeDepth = 5;

/** Decides after each failure whether to try again, and how long to wait before that. */
export class RetryPolicy {
  readonly #attempts: number;
  readonly #codes: ReadonlySet<string>;
  readonly #minDelayMillis: number;
  readonly #maxDelayMillis: number;

  constructor(options: RetryOptions | null) {
    checkOptions(rulesOf.retry, options ?? undefined);
    this.#attempts = options?.attempts ?? 1;
    this.#codes = new Set(options?.codes ?? defaultCodes);
    this.#minDelayMillis = options?.minDelayMillis ?? defaultMinDelayMillis;
    this.#maxDelayMillis = options?.maxDelayMillis ?? defaultMaxDelayMillis;
    if (!Number.isInteger(this.#attempts) || this.#attempts < 1) {
      throw new ConfigError("retry.attempts must be an integer of at least 1");
    }
    if (!(this.#minDelayMillis >= 0 && this.#maxDelayMillis >= this.#minDelayMillis)) {
      throw new ConfigError("retry.minDelayMillis must lie between 0 and retry.maxDelayMillis");
    }
  }

  /** Whether a failure of this attempt (the first is 1) is followed by another one. */
  allows(attempt: number, error: unknown): boolean {
    return attempt < this.#attempts && this.#isTransient(error);
  }

  /**
   * The pause after this attempt: any length up to a bound that doubles, so that transactions which collided do not
   * collide again.
   *
   * @see {@link https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/} full jitter
   */
  delayMillis(attempt: number, random: number): number {
    return random * Math.min(this.#maxDelayMillis, this.#minDelayMillis * 2 ** (attempt - 1));
  }

  #isTransient(error: unknown): boolean {
    let cause: unknown = error;
    for (let depth = 0; depth < causeDepth && cause instanceof Error; depth += 1) {
      if (isServerError(cause) && this.#codes.has(cause.code ?? "")) return true;
      cause = cause.cause;
    }
    return false;
  }
}
