import { createNoopMeter, type MeterProvider, metrics } from "@opentelemetry/api";
import { PoolMetrics } from "./metrics.ts";
import { SCOPE_NAME, SCOPE_VERSION } from "./names.ts";
import type { PoolGauges } from "./pool-telemetry.ts";
import { SCHEMA_URL } from "./semconv.ts";

/**
 * Finds the instruments of one pool, and makes them anew where the meter provider has changed.
 *
 * Unlike tracers, instruments that were made before the SDK started stay without effect for ever.
 *
 * @see {@link https://github.com/open-telemetry/opentelemetry-js/issues/3622}
 */
export class MeterSource {
  readonly #own: MeterProvider | null;
  readonly #poolName: string;
  readonly #gauges: () => PoolGauges;
  #provider: MeterProvider | null = null;
  #metrics: PoolMetrics | null = null;
  #isClosed = false;

  /** @param own - the provider to use instead of the global one. */
  constructor(own: MeterProvider | null, pool: { name: string; gauges: () => PoolGauges }) {
    this.#own = own;
    this.#poolName = pool.name;
    this.#gauges = pool.gauges;
  }

  /** Null while no SDK is there. */
  get(): PoolMetrics | null {
    const provider = this.#own ?? metrics.getMeterProvider();
    if (provider !== this.#provider) this.#change(provider);
    return this.#metrics;
  }

  close(): void {
    this.#isClosed = true;
    this.#metrics?.close();
  }

  #change(provider: MeterProvider): void {
    this.#provider = provider;
    this.#metrics?.detach();
    this.#metrics = null;
    const meter = provider.getMeter(SCOPE_NAME, SCOPE_VERSION, { schemaUrl: SCHEMA_URL });
    if (meter === createNoopMeter()) return;
    this.#metrics = new PoolMetrics(meter, this.#poolName, this.#gauges);
    if (this.#isClosed) this.#metrics.close();
  }
}
