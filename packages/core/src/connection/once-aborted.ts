/** Who waits for each signal; there is an entry, and a listener, only while somebody does. */
const waiting = new WeakMap<EventTarget, Set<() => void>>();

/**
 * Calls back when a signal aborts, unless the returned function was called before; harmless afterwards.
 *
 * Whoever waits for the same signal shares one listener of it: a program may give one signal to all of its calls, such as that of its
 * shutdown, and Node.js takes more than ten listeners for a leak.
 */
export function onceAborted(signal: AbortSignal, callback: () => void): () => void {
  const callbacks = waiting.get(signal) ?? listen(signal);
  // A function of its own, so that the same callback can wait twice.
  const own = (): void => callback();
  callbacks.add(own);
  return () => {
    if (callbacks.delete(own) && callbacks.size === 0) forget(signal);
  };
}

function listen(signal: AbortSignal): Set<() => void> {
  const callbacks = new Set<() => void>();
  waiting.set(signal, callbacks);
  signal.addEventListener("abort", tell);
  return callbacks;
}

function tell({ target }: Event): void {
  if (target === null) return;
  const callbacks = waiting.get(target);
  forget(target);
  for (const callback of callbacks ?? []) callback();
}

function forget(signal: EventTarget): void {
  waiting.delete(signal);
  signal.removeEventListener("abort", tell);
}
