import { longestTimerMillis } from "../connection/duration.ts";
import { onceAborted } from "../connection/once-aborted.ts";

/** An attempt took longer than it may. */
class TimeLimitError extends Error {
  readonly code = "timeout";

  constructor(millis: number) {
    super(`no answer within ${millis} ms`);
  }
}

/** Runs something under a signal that also aborts when a limit has passed; null = no limit. */
export async function withTimeLimit<T>(
  signal: AbortSignal,
  millis: number | null,
  run: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  if (millis === null) return run(signal);
  const controller = new AbortController();
  const onAbort = (): void => controller.abort(signal.reason);
  const timer = setTimeout(
    () => controller.abort(new TimeLimitError(millis)),
    Math.min(millis, longestTimerMillis),
  );
  const forget = onceAborted(signal, onAbort);
  try {
    signal.throwIfAborted();
    return await run(controller.signal);
  } finally {
    clearTimeout(timer);
    forget();
  }
}

/** Waits for a promise that knows no signal; the promise itself goes on when the signal aborts. */
export function abortable<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason);
    if (signal.aborted) onAbort();
    promise.then(resolve, reject).finally(onceAborted(signal, onAbort));
  });
}
