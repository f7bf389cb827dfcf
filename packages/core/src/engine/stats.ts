import type { CloseReason } from "./ports.ts";

/** Whether the pool takes and serves acquires. */
export type PoolState = "open" | "suspended" | "draining" | "closing" | "closed";

/** What has happened since the pool was made, or since `takeStats` was last called. Durations are sums in milliseconds. */
export interface EngineCounters {
  /** Calls of `acquire`, and of `tryAcquire` that got a connection. */
  readonly acquires: number;
  /** Served within the call. */
  readonly acquiresImmediate: number;
  /** Served after a wait. */
  readonly acquiresQueued: number;
  readonly acquireTimeouts: number;
  readonly acquireAborts: number;
  /** Refused: queue full, closed, suspended or deadlock. */
  readonly acquireRejected: number;
  /** Ended by a connect error that trying again cannot cure. */
  readonly acquireErrors: number;
  /** Connections that went from one caller straight to the next. */
  readonly handoffs: number;
  readonly releases: number;
  /** Releases of a session that needed a reset. */
  readonly releasesDirty: number;
  /** Resets that succeeded. */
  readonly resets: number;
  /** Connections opened. */
  readonly creates: number;
  readonly createErrors: number;
  /** Connects that the server had no room for. */
  readonly createRefusals: number;
  /** Connects that were planned and given up since nobody needed them any more. */
  readonly createElided: number;
  /** Connections closed, by reason. */
  readonly closed: Readonly<Record<CloseReason, number>>;
  /** Connections that broke in the background or in use. */
  readonly connectionsLost: number;
  readonly validations: number;
  readonly validationErrors: number;
  /** Hand-outs of a connection that had been used recently enough to be trusted. */
  readonly validationsSkipped: number;
  readonly keepalives: number;
  readonly leaksSuspected: number;
  readonly nestedAcquires: number;
  readonly deadlocks: number;
  /** Of all acquires that were served. */
  readonly waitMillis: number;
  /** From hand-out to release. */
  readonly useMillis: number;
  readonly connectMillis: number;
}

/** One atomic snapshot. `connecting + idle + acquired + validating + resetting + closing` is `total`. */
export interface EngineStats extends EngineCounters {
  readonly max: number;
  readonly min: number;
  readonly minIdle: number;
  readonly total: number;
  readonly idle: number;
  readonly acquired: number;
  readonly connecting: number;
  /** Being proved alive, or in the hook before a hand-out. */
  readonly validating: number;
  readonly resetting: number;
  readonly closing: number;
  readonly waiting: number;
  /** How long the caller at the head of the queue has waited; 0 where nobody waits. */
  readonly oldestWaiterMillis: number;
  /** How often `evictAll` was called. */
  readonly generation: number;
  readonly state: PoolState;
}

/** One connection as a user interface shows it. */
export interface SlotView<C> {
  readonly id: number;
  readonly connectionId: string;
  readonly state: "connecting" | "idle" | "validating" | "acquired" | "resetting" | "closing";
  /** How long it has been in that state. */
  readonly stateMillis: number;
  /** Since it was opened; 0 while connecting. */
  readonly ageMillis: number;
  readonly useCount: number;
  readonly host: string | null;
  /** Null while connecting. */
  readonly connection: C | null;
  /** The stack of the acquire; null unless it is acquired and leak detection is on. */
  readonly stack: string | null;
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** The counters as the engine counts them. */
export type Counters = Writable<Omit<EngineCounters, "closed">> & {
  readonly closed: Record<CloseReason, number>;
};

export function zeroCounters(): Counters {
  return {
    acquires: 0,
    acquiresImmediate: 0,
    acquiresQueued: 0,
    acquireTimeouts: 0,
    acquireAborts: 0,
    acquireRejected: 0,
    acquireErrors: 0,
    handoffs: 0,
    releases: 0,
    releasesDirty: 0,
    resets: 0,
    creates: 0,
    createErrors: 0,
    createRefusals: 0,
    createElided: 0,
    closed: {
      idle: 0,
      lifetime: 0,
      max_uses: 0,
      broken: 0,
      validation: 0,
      evicted: 0,
      discarded: 0,
      reset: 0,
      hook: 0,
      overflow: 0,
      shutdown: 0,
    },
    connectionsLost: 0,
    validations: 0,
    validationErrors: 0,
    validationsSkipped: 0,
    keepalives: 0,
    leaksSuspected: 0,
    nestedAcquires: 0,
    deadlocks: 0,
    waitMillis: 0,
    useMillis: 0,
    connectMillis: 0,
  };
}
