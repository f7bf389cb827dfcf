const SIGNALS = ["SIGTERM", "SIGINT"] as const;

type ExitSignal = (typeof SIGNALS)[number];

/** What the exit hooks call on; both resolve within a bound, whatever the exporters do. */
export interface Flushable {
  flush(): Promise<void>;
  shutdown(): Promise<void>;
}

/**
 * Sends what is buffered before the process ends, and returns a function that removes the hooks.
 *
 * Where nobody else listens to a signal, telemetry is shut down and the signal raised again, so that the process
 * ends as it would have without us. Where the application has its own handler, that handler decides when the process ends
 * and may still end spans while it drains: then the hook only flushes and the rest leaves on `beforeExit`.
 */
export function installExitHooks(target: Flushable): () => void {
  const handlers = SIGNALS.map((signal) => ({ signal, handler: () => onSignal(signal, target, remove) }));
  const onBeforeExit = (): void => {
    remove();
    void target.shutdown();
  };
  function remove(): void {
    for (const { signal, handler } of handlers) process.removeListener(signal, handler);
    process.removeListener("beforeExit", onBeforeExit);
  }
  // First in line, so that a handler which removes itself before it runs (`once`) still counts as one.
  for (const { signal, handler } of handlers) process.prependListener(signal, handler);
  process.on("beforeExit", onBeforeExit);
  return remove;
}

function onSignal(signal: ExitSignal, target: Flushable, remove: () => void): void {
  if (process.listenerCount(signal) > 1) {
    void target.flush();
    return;
  }
  // A second signal while the flush runs must end the process at once, so nobody may listen any more.
  remove();
  void target.shutdown().finally(() => process.kill(process.pid, signal));
}
