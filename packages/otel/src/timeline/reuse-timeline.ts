import { textOf } from "../model/attributes.ts";
import type { ReceivedSpan } from "../model/span.ts";
import { failureOf } from "./failure-of.ts";
import { fromSdkSpan, type SdkSpan } from "./from-sdk-span.ts";
import { Lane, type LaneLimits } from "./lane.ts";
import { byPlace } from "./lane-order.ts";
import * as names from "./names.ts";
import { isOfConnection, OpenCheckouts } from "./open-checkouts.ts";
import { RecentSpans } from "./recent-spans.ts";
import { senderOf } from "./sender.ts";
import { periodOf } from "./snapshot-period.ts";
import type { FailedAcquire, TimelineSnapshot } from "./timeline-model.ts";
import { withoutBallast } from "./without-ballast.ts";

/** What a `ReuseTimeline` accepts; all are counts of at least 1. */
export interface ReuseTimelineOptions {
  /** Connections; beyond it the one of which nothing was heard for longest goes. Default: 128. */
  maxLanes?: number;
  /** Checkouts of one connection; beyond it the oldest goes. Default: 500. */
  maxCheckoutsPerLane?: number;
  /** Queries of one connection; beyond it the oldest goes. Default: 1 000. */
  maxQueriesPerLane?: number;
  /** Requests that got no connection; beyond it the oldest goes. Default: 500. */
  maxFailedAcquires?: number;
  /** Checkouts of this process that have not ended; beyond it a held connection shows as idle. Default: 1 000. */
  maxHeldCheckouts?: number;
}

/**
 * Draws one lane for each physical connection from its spans alone: who opened it, who used it and how, why it closed.
 *
 * It is a span processor for the SDK of this process, and takes spans of other processes by `add`. What it shows does not depend
 * on the order in which spans arrive. Where sampling leaves gaps, the count of uses still orders what is there and tells how much
 * is missing.
 *
 * @example
 * const timeline = new ReuseTimeline();
 * receiver.onSpans((spans) => timeline.add(spans));
 * for (const lane of timeline.snapshot().lanes) console.log(lane.connectionId, lane.checkouts.length);
 */
export class ReuseTimeline {
  readonly #maxLanes: number;
  readonly #limits: LaneLimits;
  readonly #maxFailed: number;
  readonly #lanes = new Map<string, Lane>();
  readonly #open: OpenCheckouts;
  readonly #listeners = new Set<() => void>();
  #failed: RecentSpans;

  /** @throws {RangeError} A limit is not a whole number of at least 1. */
  constructor(options: ReuseTimelineOptions = {}) {
    this.#maxLanes = limit("maxLanes", options.maxLanes ?? 128);
    this.#open = new OpenCheckouts(limit("maxHeldCheckouts", options.maxHeldCheckouts ?? 1_000));
    this.#limits = {
      maxCheckoutsPerLane: limit("maxCheckoutsPerLane", options.maxCheckoutsPerLane ?? 500),
      maxQueriesPerLane: limit("maxQueriesPerLane", options.maxQueriesPerLane ?? 1_000),
    };
    this.#maxFailed = limit("maxFailedAcquires", options.maxFailedAcquires ?? 500);
    this.#failed = new RecentSpans(this.#maxFailed);
  }

  /** Takes finished spans; those that tell nothing of a connection are skipped. */
  add(spans: Iterable<ReceivedSpan>): void {
    let isChanged = false;
    for (const span of spans) isChanged = this.#take(span) || isChanged;
    if (isChanged) this.#notify();
  }

  /** What is known now; objects of an earlier snapshot never change. */
  snapshot(): TimelineSnapshot {
    const held = this.#heldByLane();
    const lanes = [...this.#lanes.values()].map((lane) => lane.toLane(held.get(lane.key))).sort(byPlace);
    const failedAcquires = this.#failed.toArray().map(failedAcquireOf);
    return { lanes, failedAcquires, period: periodOf(lanes, failedAcquires) };
  }

  /** Calls the listener after each batch that changed a lane, until what is returned is disposed of. */
  onChange(listener: () => void): Disposable {
    const own = (): void => listener();
    this.#listeners.add(own);
    return { [Symbol.dispose]: () => void this.#listeners.delete(own) };
  }

  /** Forgets all that is finished. */
  clear(): void {
    this.#lanes.clear();
    this.#failed = new RecentSpans(this.#maxFailed);
    this.#notify();
  }

  /** For the SDK: a checkout that has begun shows as held once it has its connection. */
  onStart(span: SdkSpan): void {
    this.#open.start(span);
  }

  /** For the SDK: a span has ended. */
  onEnd(span: SdkSpan): void {
    this.#open.end(span);
    if (isOfConnection(span.name, span.attributes)) this.add([fromSdkSpan(span)]);
  }

  /** For the SDK: nothing waits to be sent. */
  async forceFlush(): Promise<void> {}

  /** For the SDK: what was drawn stays. */
  async shutdown(): Promise<void> {
    this.#open.clear();
  }

  #take(span: ReceivedSpan): boolean {
    if (!isOfConnection(span.name, span.attributes)) return false;
    const connectionId = textOf(span.attributes, names.CONNECTION_ID);
    const kept = withoutBallast(span);
    if (connectionId !== null) {
      this.#laneOf(span, connectionId).add(kept);
      return true;
    }
    if (failureOf(span) === null) return false;
    this.#failed.add(kept);
    return true;
  }

  #laneOf(span: ReceivedSpan, connectionId: string): Lane {
    const sender = senderOf(span.resource);
    const key = `${sender.key} ${connectionId}`;
    const lane = this.#lanes.get(key) ?? new Lane(key, connectionId, { sender, limits: this.#limits });
    // The map's order is that of the last arrival, so its first lane is the one to go.
    this.#lanes.delete(key);
    this.#lanes.set(key, lane);
    if (this.#lanes.size > this.#maxLanes) this.#dropQuietestLane();
    return lane;
  }

  #dropQuietestLane(): void {
    for (const key of this.#lanes.keys()) {
      this.#lanes.delete(key);
      return;
    }
  }

  #heldByLane(): Map<string, ReceivedSpan[]> {
    const byLane = new Map<string, ReceivedSpan[]>();
    for (const open of this.#open.all) {
      const span = fromSdkSpan(open);
      const connectionId = textOf(span.attributes, names.CONNECTION_ID);
      if (connectionId === null) continue;
      const { key } = this.#laneOf(span, connectionId);
      byLane.set(key, [...(byLane.get(key) ?? []), span]);
    }
    return byLane;
  }

  #notify(): void {
    for (const listener of this.#listeners) listener();
  }
}

function failedAcquireOf(span: ReceivedSpan): FailedAcquire {
  const { serviceName, process } = senderOf(span.resource);
  return {
    traceId: span.traceId,
    spanId: span.spanId,
    startUnixMillis: span.startTimeUnixMillis,
    endUnixMillis: span.endTimeUnixMillis,
    poolName: textOf(span.attributes, names.POOL_NAME),
    serviceName,
    process,
    failure: failureOf(span) ?? "error",
  };
}

function limit(name: string, value: number): number {
  if (Number.isSafeInteger(value) && value >= 1) return value;
  throw new RangeError(`${name} must be a whole number of at least 1, not ${value}`);
}
