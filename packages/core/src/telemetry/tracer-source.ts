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
  /** The provider where it is a proxy: it may find its SDK later. */
  #proxy: ProxyTracerProvider | null = null;
  #tracer: Tracer | null = null;

  /** @param own - the provider to use instead of the global one. */
  constructor(own: TracerProvider | null) {
    this.#own = own;
  }

  /** Null while no SDK is there. */
  get(): Tracer | null {
    const provider = this.#own ?? trace.getTracerProvider();
    if (provider !== this.#provider) this.#change(provider);
    if (this.#tracer === null && this.#proxy !== null) {
      this.#tracer = this.#proxy.getDelegateTracer(SCOPE_NAME, SCOPE_VERSION, OPTIONS) ?? null;
    }
    return this.#tracer;
  }

  #change(provider: TracerProvider): void {
    this.#provider = provider;
    this.#proxy = isProxy(provider) ? provider : null;
    this.#tracer = isProxy(provider) ? null : provider.getTracer(SCOPE_NAME, SCOPE_VERSION, OPTIONS);
  }
}

/** Told by its method: another copy of the API has another class. */
function isProxy(provider: TracerProvider): provider is ProxyTracerProvider {
  return "getDelegateTracer" in provider;
}
