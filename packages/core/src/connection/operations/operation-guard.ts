import type { Channel } from "../channel.ts";
import { longestTimerMillis } from "../duration.ts";
import { timeoutError } from "../limit.ts";
import { onceAborted } from "../once-aborted.ts";
import type { OperationOptions } from "../query.ts";
import type { Operation } from "./operation.ts";

/** Watches for the abort or the timeout of one operation. */
export class OperationGuard {
  readonly #forget: (() => void) | null;
  #timer: NodeJS.Timeout | null = null;

  private constructor(channel: Channel, operation: Operation, options: OperationOptions) {
    const { signal, timeoutMillis } = options;
    this.#forget =
      signal === undefined ? null : onceAborted(signal, () => channel.interrupt(operation, signal.reason));
    if (timeoutMillis === undefined || timeoutMillis === null) return;
    this.#timer = setTimeout(
      () => channel.interrupt(operation, timeoutError(options)),
      Math.min(timeoutMillis, longestTimerMillis),
    );
  }

  /** Watches an operation from now on; null where its caller set no limit. */
  static watch(
    channel: Channel,
    operation: Operation,
    options: OperationOptions | undefined,
  ): OperationGuard | null {
    if (options === undefined) return null;
    if (options.signal === undefined && (options.timeoutMillis ?? null) === null) return null;
    return new OperationGuard(channel, operation, options);
  }

  end(): void {
    this.#forget?.();
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }
}
