import {
  type HeldUse,
  PoolMetrics,
  type PoolNumbers,
  type ReceivedMetric,
  type ReceivedSpan,
  STATEMENT,
  senderOf,
  type TapeLane,
  type TapeRecorder,
} from "@rockpool/otel/timeline";
import type { PoolOriginView, PoolView } from "../../../shared/protocol/pool.ts";
import type { Clock } from "../database.ts";
import { poolRecorder } from "../pool/pool-recorder.ts";
import type { LaneOwner, PoolSource } from "../pool/pool-source.ts";
import { ClockLead, withoutLead } from "./clock-lead.ts";
import { Presence } from "./presence.ts";
import { type HeldLane, type ProgramLane, type ProgramPool, viewProgramPool } from "./program-view.ts";

const LOOK_MILLIS = 1_000;
/** More programs than anybody runs at once; beyond it the one that was silent for longest goes. */
const MOST_SENDERS = 64;
/** Starts are read from a clock of whole milliseconds by some senders. */
const CLOCK_STEP_MILLIS = 1;

interface Sender {
  readonly presence: Presence;
  readonly lead: ClockLead;
  /** `<pid>@<host>` where the program tells it. */
  readonly process: string | null;
}

export interface ProgramPoolsOptions {
  readonly clock: Clock;
  /** Milliseconds since the epoch. */
  readonly unixNow: () => number;
  /** Whether the process named `<pid>@<host>` is known to have ended. */
  readonly hasEnded: (process: string) => boolean;
}

/** The pools of all programs that report over OTLP; a program that falls silent fades, and is then forgotten. */
export class ProgramPools implements PoolSource {
  readonly recorder: TapeRecorder = poolRecorder();
  readonly #metrics = new PoolMetrics();
  readonly #senders = new Map<string, Sender>();
  readonly #listeners = new Set<() => void>();
  readonly #options: ProgramPoolsOptions;
  #stopLook: (() => void) | null = null;

  constructor(options: ProgramPoolsOptions) {
    this.#options = options;
  }

  addSpans(spans: readonly ReceivedSpan[]): void {
    this.#hear(spans);
    this.recorder.add(this.#inOurTime(spans));
    this.#notify();
  }

  addMetrics(metrics: readonly ReceivedMetric[]): void {
    this.#hear(metrics);
    this.#metrics.add(metrics);
    this.#notify();
  }

  /** How many programs report that have a pool. */
  get programCount(): number {
    const seen = this.#pools().filter(({ origin }) => origin.kind === "program" && !origin.isStale);
    return new Set(seen.map(({ senderKey }) => senderKey)).size;
  }

  pools(): readonly PoolView[] {
    const now = this.#options.unixNow();
    return this.#pools().map((pool) => viewProgramPool(pool, now));
  }

  keyOf({ senderKey, poolName }: LaneOwner): string {
    return programPoolKey(senderKey, poolName);
  }

  onDidChange(listener: () => void): () => void {
    const own = (): void => listener();
    this.#listeners.add(own);
    return () => void this.#listeners.delete(own);
  }

  /** Stops looking after those who fall silent. */
  close(): void {
    this.#stopLook?.();
    this.#stopLook = null;
    this.#listeners.clear();
  }

  #hear(items: readonly { readonly resource: ReceivedSpan["resource"] }[]): void {
    const now = this.#options.unixNow();
    // One object stands for all items of a batch that come from one program.
    for (const resource of new Set(items.map((item) => item.resource))) {
      const { key, process } = senderOf(resource);
      const known = this.#senders.get(key);
      known?.presence.heard(now);
      this.#senders.delete(key);
      this.#senders.set(key, known ?? { presence: new Presence(now), lead: new ClockLead(), process });
    }
    while (this.#senders.size > MOST_SENDERS) this.#forgetQuietest();
    this.#stopLook ??= this.#options.clock.after(LOOK_MILLIS, () => this.#look());
  }

  /** A program beyond a tunnel, or one that is wrong, may have a clock that is ahead of ours. */
  #inOurTime(spans: readonly ReceivedSpan[]): readonly ReceivedSpan[] {
    const now = this.#options.unixNow();
    const ends = new Map<ReceivedSpan["resource"], number>();
    for (const { resource, endTimeUnixMillis } of spans)
      ends.set(resource, Math.max(ends.get(resource) ?? 0, endTimeUnixMillis));
    const leads = new Map<ReceivedSpan["resource"], number>();
    for (const [resource, end] of ends) {
      const lead = this.#senders.get(senderOf(resource).key)?.lead;
      lead?.heard(end, now);
      leads.set(resource, lead?.millis ?? 0);
    }
    return spans.map((span) => withoutLead(span, leads.get(span.resource) ?? 0, now));
  }

  /** The map's order is that of the last arrival. */
  #forgetQuietest(): void {
    const [quietest] = this.#senders.keys();
    if (quietest !== undefined) this.#senders.delete(quietest);
  }

  /** Silence makes no event, so it is looked for as long as there is somebody to fall silent. */
  #look(): void {
    const now = this.#options.unixNow();
    for (const [key, { presence, process }] of this.#senders) {
      if (process !== null && this.#options.hasEnded(process)) presence.ended(now);
      if (presence.standing(now) === "gone") this.#senders.delete(key);
    }
    this.#stopLook =
      this.#senders.size === 0 ? null : this.#options.clock.after(LOOK_MILLIS, () => this.#look());
    this.#notify();
  }

  #pools(): readonly SentPool[] {
    const pools = new Map<string, SentPool & { readonly lanes: ProgramLane[] }>();
    const poolOf = (from: SentBy, name: string, numbers: PoolNumbers | null) => {
      const { senderKey } = from;
      const key = programPoolKey(senderKey, name);
      const origin = this.#originOf(from);
      const pool =
        pools.get(key) ?? (origin === null ? null : { key, name, origin, numbers, senderKey, lanes: [] });
      if (pool !== null) pools.set(key, pool);
      return pool;
    };
    for (const numbers of this.#metrics.pools()) poolOf(numbers, numbers.poolName, numbers);
    const held = new Map(this.recorder.held().map((use) => [use.lane, this.#heldLane(use)]));
    for (const lane of this.recorder.tape.lanes) {
      const pool = poolOf(lane, lane.poolName, null);
      if (lane.connectionId !== null) pool?.lanes.push({ lane, held: held.get(lane) ?? null });
    }
    return [...pools.values()].filter(({ numbers }) => !isClosed(numbers));
  }

  #heldLane(use: HeldUse): HeldLane {
    const { lane, acquiredUnixMillis, traceId } = use;
    const { statement } = lane.tracks;
    const last = statement.length - 1;
    const isOfUse = last >= 0 && statement.start(last) >= acquiredUnixMillis - CLOCK_STEP_MILLIS;
    const summary = isOfUse ? this.recorder.tape.strings.text(statement.word(last, STATEMENT.summary)) : null;
    return { use, statement: summary, caller: this.recorder.callerOf(traceId, lane) };
  }

  /** Null where the program is gone. */
  #originOf({ senderKey, serviceName, process }: SentBy): PoolOriginView | null {
    const presence = this.#senders.get(senderKey)?.presence;
    if (presence === undefined) return null;
    const { lastSeenUnixMillis } = presence;
    const isStale = presence.standing(this.#options.unixNow()) !== "live";
    return { kind: "program", serviceName, process, lastSeenUnixMillis, isStale };
  }

  #notify(): void {
    for (const listener of this.#listeners) listener();
  }
}

function programPoolKey(senderKey: string, poolName: string): string {
  return `program ${senderKey} ${poolName}`;
}

type SentBy = PoolNumbers | TapeLane;
type SentPool = ProgramPool & { readonly senderKey: string };

/** A pool of Rockpool that closes reports once that it has room for nothing. */
function isClosed(numbers: PoolNumbers | null): boolean {
  return numbers !== null && numbers.max === 0 && !numbers.used && !numbers.idle;
}
