import { context, createContextKey, diag } from "@opentelemetry/api";
import type { PgInstrumentationPolicy } from "./options.ts";

/**
 * The key by which the SDK's tracers know that they must not record; the same for every copy of the API and of the SDK.
 *
 * @see {@link https://github.com/open-telemetry/opentelemetry-js/blob/main/packages/opentelemetry-core/src/trace/suppress-tracing.ts}
 */
const SUPPRESS_TRACING = createContextKey("OpenTelemetry SDK Context Key SUPPRESS_TRACING");

function withoutTracing<T>(call: () => T): T {
  return context.with(context.active().setValue(SUPPRESS_TRACING, true), call);
}

/** Keeps `@opentelemetry/instrumentation-pg` from telling again what Rockpool tells, as the policy says. */
export class DriverShield {
  readonly #policy: PgInstrumentationPolicy;
  readonly #isDriverPatched: () => boolean;
  #hasTold = false;

  constructor(policy: PgInstrumentationPolicy, isDriverPatched: () => boolean) {
    this.#policy = policy;
    this.#isDriverPatched = isDriverPatched;
  }

  /** What to run a call into the driver with; null where it can run as it is. */
  get wrap(): (<T>(call: () => T) => T) | null {
    return this.#policy === "suppress" && this.#isAtWork() ? withoutTracing : null;
  }

  /** True where queries and connects are the other instrumentation's to tell. */
  get defers(): boolean {
    return this.#policy === "defer" && this.#isAtWork();
  }

  #isAtWork(): boolean {
    if (!this.#isDriverPatched()) return false;
    if (!this.#hasTold) {
      this.#hasTold = true;
      diag.info(
        `rockpool: the driver is instrumented by another library too; onPgInstrumentation is ${this.#policy}`,
      );
    }
    return true;
  }
}
