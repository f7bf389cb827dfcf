import { type Attributes, textOf } from "../model/attributes.ts";
import type { HistogramPoint, NumberPoint, Temporality } from "../model/metric.ts";
import type { Sender } from "../timeline/sender.ts";
import { type PoolField, type PoolTime, STATES } from "./metric-names.ts";
import type { PoolNumbers } from "./pool-numbers.ts";
import { addDistribution, distributionOf, type TimeDistribution } from "./time-distribution.ts";

/** More values of one attribute than any convention has mean a sender that misuses it. */
const MAX_VALUES = 32;

/** The numbers of one pool as they come in. */
export class PoolRecord {
  readonly key: string;
  readonly #poolName: string;
  readonly #sender: Sender;
  readonly #numbers = new Map<PoolField | "used" | "idle", number>();
  readonly #times = new Map<PoolTime, TimeDistribution>();
  readonly #acquires = new Map<string, number>();
  readonly #closed = new Map<string, number>();
  #updatedUnixMillis = 0;

  constructor(key: string, poolName: string, sender: Sender) {
    this.key = key;
    this.#poolName = poolName;
    this.#sender = sender;
  }

  get updatedUnixMillis(): number {
    return this.#updatedUnixMillis;
  }

  number(field: PoolField, point: NumberPoint, temporality: Temporality): void {
    this.#touch(point);
    const isDelta = temporality === "delta";
    if (field === "acquires")
      put(this.#acquires, textOf(point.attributes, "rockpool.acquire.source"), point.value, isDelta);
    else if (field === "closed")
      put(this.#closed, textOf(point.attributes, "rockpool.close.reason"), point.value, isDelta);
    else if (field === "count") put(this.#numbers, stateOf(point.attributes), point.value, isDelta);
    else put(this.#numbers, field, point.value, isDelta);
  }

  time(field: PoolTime, point: HistogramPoint, options: { unit: string; temporality: Temporality }): void {
    this.#touch(point);
    const read = distributionOf(point, options.unit);
    const total =
      options.temporality === "delta" ? addDistribution(this.#times.get(field) ?? null, read) : read;
    this.#times.set(field, total);
  }

  toNumbers(): PoolNumbers {
    const number = (field: PoolField | "used" | "idle"): number | null => this.#numbers.get(field) ?? null;
    return {
      key: this.key,
      senderKey: this.#sender.key,
      poolName: this.#poolName,
      serviceName: this.#sender.serviceName,
      process: this.#sender.process,
      used: number("used"),
      idle: number("idle"),
      max: number("max"),
      idleMin: number("idleMin"),
      idleMax: number("idleMax"),
      pending: number("pending"),
      timeouts: number("timeouts"),
      waitTime: this.#times.get("waitTime") ?? null,
      useTime: this.#times.get("useTime") ?? null,
      createTime: this.#times.get("createTime") ?? null,
      acquiresBySource: Object.fromEntries(this.#acquires),
      closedByReason: Object.fromEntries(this.#closed),
      updatedUnixMillis: this.#updatedUnixMillis,
    };
  }

  #touch(point: { timeUnixMillis: number }): void {
    this.#updatedUnixMillis = Math.max(this.#updatedUnixMillis, point.timeUnixMillis);
  }
}

function stateOf(attributes: Attributes): "used" | "idle" | null {
  const state = STATES.map((name) => textOf(attributes, name)).find((value) => value !== null);
  return state === "used" || state === "idle" ? state : null;
}

function put<K>(map: Map<K, number>, key: K | null, value: number, isDelta: boolean): void {
  if (key === null || (!map.has(key) && map.size >= MAX_VALUES)) return;
  map.set(key, isDelta ? (map.get(key) ?? 0) + value : value);
}
