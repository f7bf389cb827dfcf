/** Where a checkout's connection came from: it lay idle, it was opened for it, or another caller released it. */
export type CheckoutSource = "idle" | "new" | "queued";

/** A span that the timeline points to. */
export interface SpanReference {
  readonly traceId: string;
  readonly spanId: string;
}

/** A stretch of time; both ends in epoch milliseconds with a fraction. */
export interface Period {
  readonly startUnixMillis: number;
  readonly endUnixMillis: number;
}

/** One query, cursor or COPY on a connection. */
export interface TimelineQuery extends SpanReference, Period {
  /** The summary of the statement, which is the name of its span. */
  readonly summary: string;
  /** The `error.type` of a query that failed. */
  readonly failure: string | null;
}

/** One attempt of the transaction helper. */
export interface TimelineTransaction extends SpanReference, Period {
  readonly isolation: string | null;
  readonly attempt: number | null;
  readonly outcome: string | null;
}

/** A connection that was held for suspiciously long, and where it was acquired as far as that is known. */
export interface TimelineLeak {
  readonly suspectedUnixMillis: number;
  readonly functionName: string | null;
  readonly filePath: string | null;
  readonly line: number | null;
  readonly column: number | null;
  /** The stack of the acquire. */
  readonly stack: string | null;
}

/** One use of a connection, from the request to the release. */
export interface TimelineCheckout extends SpanReference {
  /** The caller's span; null where the checkout is the root of its trace. */
  readonly callerSpanId: string | null;
  /** 1 for the first use of the connection. */
  readonly useCount: number | null;
  /** Uses between the one before and this one of which no span arrived, for want of sampling or of room. */
  readonly missedBefore: number;
  readonly source: CheckoutSource | null;
  readonly requestedUnixMillis: number;
  readonly acquiredUnixMillis: number;
  /** Null while it is held, which a timeline in another process knows only of a suspected leak. */
  readonly releasedUnixMillis: number | null;
  readonly waitMillis: number;
  readonly holdMillis: number | null;
  /** How long the connection had been idle. */
  readonly idleMillis: number | null;
  readonly queries: readonly TimelineQuery[];
  readonly transactions: readonly TimelineTransaction[];
  /** True where the query's own span tells of the checkout, which has no span. */
  readonly isImplicit: boolean;
  /** Null where it was not held for suspiciously long, or nobody looks for leaks. */
  readonly leak: TimelineLeak | null;
  /** The `error.type` of a checkout that failed. */
  readonly failure: string | null;
  /** Why the connection was closed when this checkout ended. */
  readonly discardReason: string | null;
}

/** How a connection was opened. */
export interface LaneOpening extends SpanReference, Period {
  /** The checkout that caused it, which may have been served by another connection; null in the background. */
  readonly demandedBy: SpanReference | null;
  /** The `error.type` of an attempt that failed. */
  readonly failure: string | null;
}

/** How a connection ended. */
export interface LaneClosing {
  /** When the pool decided it; equal to the end where the sender tells only one of the two. */
  readonly beganUnixMillis: number;
  /** When the connection was gone. */
  readonly timeUnixMillis: number;
  readonly reason: string;
}

/** The life of one physical connection. */
export interface TimelineLane {
  /** Unique among all processes that send here. */
  readonly key: string;
  /** Equal for all lanes and pools of one process; see `senderOf`. */
  readonly senderKey: string;
  /** `<pool>#<n>`. */
  readonly connectionId: string;
  readonly poolName: string | null;
  readonly serviceName: string | null;
  /** What tells processes of one service apart; null where the sender says nothing. */
  readonly process: string | null;
  readonly backendPid: number | null;
  /** `database@host:port` as far as known. */
  readonly target: string | null;
  /** Null where the span of its opening did not arrive. */
  readonly opened: LaneOpening | null;
  /** By use. */
  readonly checkouts: readonly TimelineCheckout[];
  /** Queries whose checkout did not arrive or has no span. */
  readonly looseQueries: readonly TimelineQuery[];
  /** Uses that are known to have been, of which no span arrived or is kept. */
  readonly missedUses: number;
  /** Null while it is open, or where nothing said that it ended. */
  readonly closed: LaneClosing | null;
}

/** A request that ended without a connection. */
export interface FailedAcquire extends SpanReference, Period {
  readonly poolName: string | null;
  readonly serviceName: string | null;
  readonly process: string | null;
  /** Such as `acquire_timeout`. */
  readonly failure: string;
}

/** All that a timeline knows at one moment. */
export interface TimelineSnapshot {
  /** By service, process, pool and number of the connection. */
  readonly lanes: readonly TimelineLane[];
  readonly failedAcquires: readonly FailedAcquire[];
  /** From the first to the last moment of all lanes; null where there is none. */
  readonly period: Period | null;
}
