import { type Attributes, textOf } from "../model/attributes.ts";
import type { ReceivedMetric } from "../model/metric.ts";
import { compareText } from "../timeline/recent-spans.ts";
import { senderOf } from "../timeline/sender.ts";
import { FIELDS, POOL_NAMES, TIMES } from "./metric-names.ts";
import type { PoolNumbers } from "./pool-numbers.ts";
import { PoolRecord } from "./pool-record.ts";

/** What `PoolMetrics` accepts. */
export interface PoolMetricsOptions {
  /** How many pools are kept; beyond it the one that was quiet longest goes. At least 1. Default: 256. */
  maxPools?: number;
}

/**
 * Keeps the latest numbers of each pool, from the `db.client.connection.*` metrics of any process in any language.
 *
 * @example
 * const pools = new PoolMetrics();
 * receiver.onMetrics((metrics) => pools.add(metrics));
 * for (const pool of pools.pools()) console.log(pool.poolName, pool.used, pool.idle, pool.pending);
 */
export class PoolMetrics {
  readonly #maxPools: number;
  readonly #records = new Map<string, PoolRecord>();
  readonly #listeners = new Set<() => void>();

  /** @throws {RangeError} `maxPools` is not a whole number of at least 1. */
  constructor(options: PoolMetricsOptions = {}) {
    const { maxPools = 256 } = options;
    if (!Number.isSafeInteger(maxPools) || maxPools < 1) {
      throw new RangeError(`maxPools must be a whole number of at least 1, not ${maxPools}`);
    }
    this.#maxPools = maxPools;
  }

  /** Takes a batch of metrics; those of no pool are skipped. */
  add(metrics: Iterable<ReceivedMetric>): void {
    let isChanged = false;
    for (const metric of metrics) isChanged = this.#take(metric) || isChanged;
    if (isChanged) for (const listener of this.#listeners) listener();
  }

  /** The pools, by service, process and name. */
  pools(): readonly PoolNumbers[] {
    return [...this.#records.values()].map((record) => record.toNumbers()).sort(byPlace);
  }

  /** Calls the listener after each batch that changed a pool, until what is returned is disposed of. */
  onChange(listener: () => void): Disposable {
    const own = (): void => listener();
    this.#listeners.add(own);
    return { [Symbol.dispose]: () => void this.#listeners.delete(own) };
  }

  /** Forgets all pools. */
  clear(): void {
    this.#records.clear();
  }

  #take({ name, unit, data, resource }: ReceivedMetric): boolean {
    const field = FIELDS.get(name);
    const time = TIMES.get(name);
    if (data.type === "histogram" && time !== undefined) {
      for (const point of data.points) {
        this.#recordOf(resource, point.attributes)?.time(time, point, {
          unit,
          temporality: data.temporality,
        });
      }
      return true;
    }
    if (data.type === "histogram" || field === undefined) return false;
    const temporality = data.type === "sum" ? data.temporality : "cumulative";
    for (const point of data.points)
      this.#recordOf(resource, point.attributes)?.number(field, point, temporality);
    return true;
  }

  #recordOf(resource: Attributes, attributes: Attributes): PoolRecord | null {
    const poolName = POOL_NAMES.map((key) => textOf(attributes, key)).find((value) => value !== null);
    if (poolName === null || poolName === undefined) return null;
    const sender = senderOf(resource);
    const key = `${sender.key} ${poolName}`;
    const known = this.#records.get(key);
    if (known !== undefined) return known;
    if (this.#records.size >= this.#maxPools) this.#dropQuietest();
    const record = new PoolRecord(key, poolName, sender);
    this.#records.set(key, record);
    return record;
  }

  #dropQuietest(): void {
    const [quietest] = [...this.#records.values()].sort((a, b) => a.updatedUnixMillis - b.updatedUnixMillis);
    if (quietest !== undefined) this.#records.delete(quietest.key);
  }
}

function byPlace(a: PoolNumbers, b: PoolNumbers): number {
  return (
    compareText(a.serviceName ?? "", b.serviceName ?? "") ||
    compareText(a.process ?? "", b.process ?? "") ||
    compareText(a.poolName, b.poolName)
  );
}
