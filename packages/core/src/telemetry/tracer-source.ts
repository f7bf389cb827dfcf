import { type ProxyTracerProvider, type Tracer, type TracerProvider, trace } from "@opentelemetry/api";
import { SCOPE_NAME, SCOPE_VERSION } from "./names.ts";
import { SCHEMA_URL } from "./semconv.ts";

const OPTIONS = { schemaUrl: SCHEMA_URL };

/**
 * Finds the tracer, and tells when there is none, so that a program without an SDK pays for nothing but the look.
 *
 * A global SDK may start at any time; it is found at the next look.
 */
export class TracerSource {
  readonly #own: TracerProvider | null;
  #provider: TracerProvider | null = null;
  #tracer: Tracer | null = null;

  /** @param own - the provider to use instead of the global one. */
  constructor(own: TracerProvider | null) {
    this.#own = own;
  }

  /** Null while no SDK is there. */
  get(): Tracer | null {
    const provider = this.#own ?? trace.getTracerProvider();
    if (provider !== this.#provider) {
      this.#provider = provider;
      this.#tracer = null;
    }
    this.#tracer ??= tracerOf(provider);
    return this.#tracer;
  }
}

function tracerOf(provider: TracerProvider): Tracer | null {
  if (!isProxy(provider)) return provider.getTracer(SCOPE_NAME, SCOPE_VERSION, OPTIONS);
  return provider.getDelegateTracer(SCOPE_NAME, SCOPE_VERSION, OPTIONS) ?? null;
}

/** Told by its method: another copy of the API has another class. */
function isProxy(provider: TracerProvider): provider is ProxyTracerProvider {
  return "getDelegateTracer" in provider;
}
