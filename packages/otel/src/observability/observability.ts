import { flushProviders, settleWithin, unregisterProviders } from "./providers.ts";

/** The running telemetry of this process; ends with `shutdown()`, `await using`, a signal or an empty event loop. */
export interface Observability extends AsyncDisposable {
  /** False where `OTEL_SDK_DISABLED` is true, so that nothing was started. */
  readonly isEnabled: boolean;
  /** Sends the spans and metrics that are buffered; resolves after `shutdownTimeoutMillis` at the latest, and never rejects. */
  flush(): Promise<void>;
  /** Sends what is buffered and stops; later calls give the same promise. Never rejects: exporters report to `diag`. */
  shutdown(): Promise<void>;
}

/** What a `RunningObservability` is made of. */
export interface RunningParts {
  readonly sdk: { shutdown(): Promise<void> };
  readonly timeoutMillis: number;
  /** False where another SDK was there first, whose providers are not ours to take away. */
  readonly ownsProviders: boolean;
  readonly onShutdown: () => void;
}

/** Telemetry that was started. */
export class RunningObservability implements Observability {
  readonly isEnabled = true;
  readonly #parts: RunningParts;
  #shutdown: Promise<void> | null = null;

  constructor(parts: RunningParts) {
    this.#parts = parts;
  }

  async flush(): Promise<void> {
    await settleWithin(flushProviders(), this.#parts.timeoutMillis);
  }

  shutdown(): Promise<void> {
    this.#shutdown ??= this.#stop();
    return this.#shutdown;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.shutdown();
  }

  async #stop(): Promise<void> {
    this.#parts.onShutdown();
    await settleWithin(this.#parts.sdk.shutdown(), this.#parts.timeoutMillis);
    if (this.#parts.ownsProviders) unregisterProviders();
  }
}

/** Telemetry that `OTEL_SDK_DISABLED` keeps off. */
export const DISABLED_OBSERVABILITY: Observability = {
  isEnabled: false,
  flush: async () => {},
  shutdown: async () => {},
  [Symbol.asyncDispose]: async () => {},
};
