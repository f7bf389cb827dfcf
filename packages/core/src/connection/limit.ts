import { QueryTimeoutError } from "../errors.ts";
import { longestTimerMillis, mustBeDuration } from "./duration.ts";
import { onceAborted } from "./once-aborted.ts";
import type { OperationOptions } from "./query.ts";

/** How long a caller that gave up waits for the server to confirm that what it gave up has ended. */
export const patienceMillis = 1_000;

/** The key of what the caller gave as `timeoutMillis`, where only the rest of it is left for an operation. */
const stated: unique symbol = Symbol("stated timeout");

/** The same options with what is left of their `timeoutMillis`; the error of the timeout tells the whole. */
export function withRest<O extends OperationOptions>(options: O, restMillis: number): O {
  return { ...options, timeoutMillis: restMillis, [stated]: options.timeoutMillis ?? restMillis };
}

/**
 * Refuses limits under which nothing can be started, before an operation is made.
 *
 * @throws {ConfigError} the time limit is none; or the reason of a signal that has aborted.
 */
export function checkLimits(options: OperationOptions | undefined): void {
  if (options === undefined) return;
  if (options.timeoutMillis !== undefined) mustBeDuration("timeoutMillis", options.timeoutMillis);
  options.signal?.throwIfAborted();
}

/** The error for an operation whose `timeoutMillis` has passed. */
export function timeoutError(options: OperationOptions & { readonly [stated]?: number }): QueryTimeoutError {
  return new QueryTimeoutError(options[stated] ?? options.timeoutMillis ?? 0);
}

/** The caller's signal and the caller's time limit as one signal, for work of several operations. */
export class Limit {
  /** Null where there is no limit. */
  readonly signal: AbortSignal | null;
  readonly #timer: NodeJS.Timeout | null;
  readonly #forget: (() => void) | null;

  /** @param passed - makes the reason of an abort by the time limit. */
  constructor(options: OperationOptions, passed: () => Error = () => timeoutError(options)) {
    const { signal, timeoutMillis = null } = options;
    if (timeoutMillis === null) {
      this.signal = signal ?? null;
      this.#timer = null;
      this.#forget = null;
      return;
    }
    const controller = new AbortController();
    const onAbort = (): void => controller.abort(signal?.reason);
    this.signal = controller.signal;
    this.#timer = setTimeout(() => controller.abort(passed()), Math.min(timeoutMillis, longestTimerMillis));
    this.#forget = signal === undefined ? null : onceAborted(signal, onAbort);
    if (signal?.aborted === true) onAbort();
  }

  /** Forgets the caller's signal and stops the timer. */
  end(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#forget?.();
  }
}

/** The same options with one more signal. */
export function withSignal<O extends OperationOptions>(options: O, signal: AbortSignal | null): O {
  if (signal === null) return options;
  if (options.signal === undefined) return { ...options, signal };
  return { ...options, signal: AbortSignal.any([options.signal, signal]) };
}

/** Resolves or rejects as the work does, but no later than the signal aborts; the work is then left to itself. */
export function untilAborted<T>(work: Promise<T>, signal: AbortSignal | null): Promise<T> {
  if (signal === null) return work;
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason);
    work.then(resolve, reject).finally(onceAborted(signal, onAbort));
    if (signal.aborted) onAbort();
  });
}

/** Waits for work that may go on by itself, but not longer than so. */
export function atMost(work: Promise<void>, millis: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, millis);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

/**
 * Resolves or rejects as the work does, but no later than a while after the signal aborts: time enough for a server that answers.
 *
 * @param undo - is given what the work brings after that.
 */
export function soonAfterAbort<T>(
  work: Promise<T>,
  signal: AbortSignal | null,
  undo: (late: T) => Promise<void> = async () => {},
): Promise<T> {
  if (signal === null) return work;
  return new Promise((resolve, reject) => {
    let timer: NodeJS.Timeout | null = null;
    let isLeft = false;
    const leave = (): void => {
      isLeft = true;
      reject(signal.reason);
    };
    const onAbort = (): void => {
      timer = setTimeout(leave, patienceMillis);
    };
    const forget = onceAborted(signal, onAbort);
    const end = (): void => {
      forget();
      if (timer !== null) clearTimeout(timer);
    };
    work.then((value) => (isLeft ? undo(value) : resolve(value)), reject).finally(end);
    if (signal.aborted) onAbort();
  });
}
