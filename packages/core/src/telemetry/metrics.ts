/**
 * Every instrument of the pool.
 *
 * @see {@link https://opentelemetry.io/docs/specs/semconv/db/database-metrics/}
 */
import type {
  Attributes,
  BatchObservableCallback,
  BatchObservableResult,
  Counter,
  Histogram,
  Meter,
  Observable,
  ObservableCounter,
  ObservableUpDownCounter,
} from "@opentelemetry/api";
import type { AcquireSource, CloseReason } from "../engine/ports.ts";
import type { Endpoint } from "./endpoint.ts";
import type { Failure } from "./failure.ts";
import { Measurements } from "./measurements.ts";
import * as names from "./names.ts";
import type { PoolGauges } from "./pool-telemetry.ts";
import * as semconv from "./semconv.ts";
import { seconds } from "./units.ts";

/** More cost more: the SDK sorts and hashes them at each point. */
const MAX_ATTRIBUTES = 5;
const USES_BUCKETS = [1, 2, 5, 10, 50, 100, 500, 1_000, 5_000, 10_000];
const SOURCES: readonly AcquireSource[] = ["idle", "new", "queued"];
const NOTHING: PoolGauges = { idle: 0, used: 0, max: 0, maxIdle: 0, minIdle: 0, waiting: 0 };

/** The instruments of one pool with one meter. */
export class PoolMetrics {
  readonly #meter: Meter;
  readonly #pool: Attributes;
  readonly #idle: Attributes;
  readonly #used: Attributes;
  readonly #bySource: Readonly<Record<AcquireSource, Attributes>>;
  readonly #observed: Observed;
  /** Counted here and observed: this one is on the way of every caller. */
  readonly #acquires: Record<AcquireSource, number> = { idle: 0, new: 0, queued: 0 };
  readonly #duration: Histogram;
  readonly #createTime: Histogram;
  readonly #waitTime: Measurements;
  readonly #useTime: Measurements;
  /** Of operations that succeeded, by where they went; those that failed are few and differ. */
  readonly #durations: Map<Endpoint, Measurements> = new Map();
  readonly #timeouts: Counter;
  readonly #uses: Histogram;
  readonly #closed: Counter;
  readonly #callback: BatchObservableCallback;
  #gauges: (() => PoolGauges) | null;
  #isStopped = false;

  constructor(meter: Meter, poolName: string, gauges: () => PoolGauges) {
    this.#meter = meter;
    this.#gauges = gauges;
    this.#pool = { [semconv.POOL_NAME]: poolName };
    this.#idle = { ...this.#pool, [semconv.CONNECTION_STATE]: semconv.STATE_IDLE };
    this.#used = { ...this.#pool, [semconv.CONNECTION_STATE]: semconv.STATE_USED };
    this.#bySource = {
      idle: { ...this.#pool, [names.ACQUIRE_SOURCE]: "idle" },
      new: { ...this.#pool, [names.ACQUIRE_SOURCE]: "new" },
      queued: { ...this.#pool, [names.ACQUIRE_SOURCE]: "queued" },
    };
    this.#duration = time(meter, semconv.OPERATION_DURATION, "Duration of database client operations.");
    this.#createTime = time(
      meter,
      semconv.CONNECTION_CREATE_TIME,
      "The time it took to create a new connection.",
    );
    const waitTime = "The time it took to obtain an open connection from the pool.";
    this.#waitTime = new Measurements(time(meter, semconv.CONNECTION_WAIT_TIME, waitTime), this.#pool);
    const useTime = "The time between borrowing a connection and returning it to the pool.";
    this.#useTime = new Measurements(time(meter, semconv.CONNECTION_USE_TIME, useTime), this.#pool);
    this.#timeouts = meter.createCounter(semconv.CONNECTION_TIMEOUTS, {
      unit: "{timeout}",
      description:
        "The number of connection timeouts that have occurred trying to obtain a connection from the pool.",
    });
    this.#uses = meter.createHistogram(names.METRIC_USES, {
      unit: "{use}",
      description: "How often a connection had been used when it was closed.",
      advice: { explicitBucketBoundaries: USES_BUCKETS },
    });
    this.#closed = meter.createCounter(names.METRIC_CLOSED, {
      unit: "{connection}",
      description: "The number of connections closed, by reason.",
    });
    this.#observed = createObserved(meter);
    this.#callback = (result) => this.#observe(result);
    meter.addBatchObservableCallback(this.#callback, Object.values<Observable>({ ...this.#observed }));
  }

  acquired(source: AcquireSource, waitMillis: number): void {
    this.#acquires[source] += 1;
    this.#waitTime.add(seconds(waitMillis));
  }

  timedOut(): void {
    this.#timeouts.add(1, this.#pool);
  }

  released(heldMillis: number): void {
    this.#useTime.add(seconds(heldMillis));
  }

  connected(connectMillis: number): void {
    this.#createTime.record(seconds(connectMillis), this.#pool);
  }

  closed(reason: CloseReason, uses: number): void {
    this.#closed.add(1, { ...this.#pool, [names.CLOSE_REASON]: reason });
    this.#uses.record(uses, this.#pool);
  }

  /** @param operation.summary - null where it shall not be an attribute. */
  operation(
    durationMillis: number,
    operation: { endpoint: Endpoint; summary: string | null; failure: Failure | null },
  ): void {
    const { endpoint, summary, failure } = operation;
    if (summary === null && failure === null) this.#durationsOf(endpoint).add(seconds(durationMillis));
    else this.#duration.record(seconds(durationMillis), operationAttributes(operation));
  }

  /**
   * Stops reporting, after one last report in which every state is zero: the SDK repeats what an asynchronous instrument reported last for as long
   * as the process lives.
   */
  close(): void {
    this.#gauges = null;
  }

  /** Stops at once, for a meter that is no longer in use. */
  detach(): void {
    this.#gauges = null;
    this.#stop();
  }

  #durationsOf(endpoint: Endpoint): Measurements {
    let durations = this.#durations.get(endpoint);
    if (durations === undefined) {
      durations = new Measurements(this.#duration, endpoint.attributes);
      if (this.#isStopped) durations.pass();
      this.#durations.set(endpoint, durations);
    }
    return durations;
  }

  get #measurements(): readonly Measurements[] {
    return [this.#waitTime, this.#useTime, ...this.#durations.values()];
  }

  #observe(result: BatchObservableResult): void {
    // Not at once: the SDK walks the very list that the callback is removed from, and would miss the next one.
    if (this.#gauges === null) queueMicrotask(() => this.#stop());
    for (const measurements of this.#measurements) measurements.flush();
    const now = this.#gauges === null ? NOTHING : this.#gauges();
    const observed = this.#observed;
    result.observe(observed.count, now.idle, this.#idle);
    result.observe(observed.count, now.used, this.#used);
    result.observe(observed.max, now.max, this.#pool);
    result.observe(observed.idleMax, now.maxIdle, this.#pool);
    result.observe(observed.idleMin, now.minIdle, this.#pool);
    result.observe(observed.pending, now.waiting, this.#pool);
    for (const source of SOURCES) {
      const count = this.#acquires[source];
      if (count > 0) result.observe(observed.acquires, count, this.#bySource[source]);
    }
  }

  #stop(): void {
    this.#isStopped = true;
    for (const measurements of this.#measurements) measurements.pass();
    this.#meter.removeBatchObservableCallback(
      this.#callback,
      Object.values<Observable>({ ...this.#observed }),
    );
  }
}

interface Observed {
  readonly count: ObservableUpDownCounter;
  readonly max: ObservableUpDownCounter;
  readonly idleMax: ObservableUpDownCounter;
  readonly idleMin: ObservableUpDownCounter;
  readonly pending: ObservableUpDownCounter;
  readonly acquires: ObservableCounter;
}

/** Observed, never counted, so that they cannot drift from the pool's own numbers and cost nothing in between. */
function createObserved(meter: Meter): Observed {
  const connections = (name: string, description: string) =>
    meter.createObservableUpDownCounter(name, { unit: "{connection}", description });
  return {
    count: connections(
      semconv.CONNECTION_COUNT,
      "The number of connections that are currently in state described by the state attribute.",
    ),
    max: connections(semconv.CONNECTION_LIMIT, "The maximum number of open connections allowed."),
    idleMax: connections(semconv.CONNECTION_IDLE_MAX, "The maximum number of idle open connections allowed."),
    idleMin: connections(semconv.CONNECTION_IDLE_MIN, "The minimum number of idle open connections allowed."),
    pending: meter.createObservableUpDownCounter(semconv.CONNECTION_PENDING_REQUESTS, {
      unit: "{request}",
      description: "The number of current pending requests for an open connection.",
    }),
    acquires: meter.createObservableCounter(names.METRIC_ACQUIRES, {
      unit: "{acquire}",
      description: "The number of connections given to callers, by where they came from.",
    }),
  };
}

function time(meter: Meter, name: string, description: string): Histogram {
  const explicitBucketBoundaries = [...semconv.DURATION_BUCKETS_SECONDS];
  return meter.createHistogram(name, { unit: "s", description, advice: { explicitBucketBoundaries } });
}

/** By requirement level, so that the cap takes away what is only recommended: the address first goes, then nothing. */
function operationAttributes(operation: {
  endpoint: Endpoint;
  summary: string | null;
  failure: Failure | null;
}): Attributes {
  const { endpoint, summary, failure } = operation;
  const attributes: Attributes = {
    [semconv.DB_SYSTEM_NAME]: semconv.SYSTEM_POSTGRESQL,
    [semconv.DB_NAMESPACE]: endpoint.database,
  };
  let room = MAX_ATTRIBUTES - 2;
  const add = (name: string, value: string | number | null) => {
    if (value === null || room === 0) return;
    attributes[name] = value;
    room -= 1;
  };
  add(semconv.ERROR_TYPE, failure?.type ?? null);
  add(semconv.DB_RESPONSE_STATUS_CODE, failure?.sqlstate ?? null);
  add(semconv.SERVER_PORT, endpoint.port);
  add(semconv.SERVER_ADDRESS, endpoint.address);
  add(semconv.DB_QUERY_SUMMARY, summary);
  return attributes;
}
