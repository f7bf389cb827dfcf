/** Those who wait for one signal, and the one listener that they share. */
interface Waiters {
  readonly callbacks: Set<() => void>;
  readonly listener: () => void;
}

/** There is an entry, and a listener, only while somebody waits. */
const waiting = new WeakMap<AbortSignal, Waiters>();

/**
 * Calls back when a signal aborts, unless the returned function was called before; harmless afterwards.
 *
 * Whoever waits for the same signal shares one listener of it: a program may give one signal to all of its calls, such as that of its
 * shutdown, and Node.js takes more than ten listeners for a leak.
 */
export function onceAborted(signal: AbortSignal, callback: () => void): () => void {
  const { callbacks } = waiting.get(signal) ?? listen(signal);
  // A function of its own, so that the same callback can wait twice.
  const own = (): void => callback();
  callbacks.add(own);
  return () => {
    if (callbacks.delete(own) && callbacks.size === 0) forget(signal);
  };
}

function listen(signal: AbortSignal): Waiters {
  const callbacks = new Set<() => void>();
  const listener = (): void => {
    forget(signal);
    for (const callback of callbacks) callback();
  };
  const waiters = { callbacks, listener };
  waiting.set(signal, waiters);
  signal.addEventListener("abort", listener);
  return waiters;
}

function forget(signal: AbortSignal): void {
  const waiters = waiting.get(signal);
  if (waiters === undefined) return;
  waiting.delete(signal);
  signal.removeEventListener("abort", waiters.listener);
}
