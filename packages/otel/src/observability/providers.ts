import { context, metrics, ProxyTracerProvider, propagation, trace } from "@opentelemetry/api";

/**
 * Where `@opentelemetry/api` 1.x keeps the providers of the process. Its own accessors answer with a stand-in when nothing
 * is registered, so only this tells the two apart.
 *
 * @see {@link https://github.com/open-telemetry/opentelemetry-js/blob/main/api/src/internal/global-utils.ts}
 */
const API_GLOBAL: symbol = Symbol.for("opentelemetry.js.api.1");

/** Whether some SDK is registered already, so that another one would be refused without effect. */
export function isSdkRegistered(): boolean {
  const registered: unknown = Reflect.get(globalThis, API_GLOBAL);
  return (
    typeof registered === "object" &&
    registered !== null &&
    ("trace" in registered || "metrics" in registered)
  );
}

/** Sends what the registered span processors and metric readers have buffered. */
export async function flushProviders(): Promise<void> {
  const tracerProvider = trace.getTracerProvider();
  const delegate =
    tracerProvider instanceof ProxyTracerProvider ? tracerProvider.getDelegate() : tracerProvider;
  await Promise.allSettled([forceFlush(delegate), forceFlush(metrics.getMeterProvider())]);
}

/** Takes the providers out of the API, so that spans cost nothing any more and an SDK can be started again. */
export function unregisterProviders(): void {
  trace.disable();
  metrics.disable();
  context.disable();
  propagation.disable();
}

/** Resolves when the work settles or the time has passed, whichever is first; never rejects. */
export async function settleWithin(work: Promise<unknown>, millis: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const elapsed = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, millis);
  });
  await Promise.race([work.catch(() => undefined), elapsed]);
  clearTimeout(timer);
}

async function forceFlush(provider: object): Promise<void> {
  if ("forceFlush" in provider && typeof provider.forceFlush === "function") await provider.forceFlush();
}
