/** Where a click leads: a document of the editor, or the source of the program that was seen. */
export interface PlaceView {
  /** A document's URI as text, or a path as the program's compiler wrote it. */
  readonly path: string;
  /** 1-based. */
  readonly line: number;
}

/** Who holds or wants a connection; what its sender does not tell is null. */
export interface HolderView {
  /** What a row shows of it: an editor with a line, a function or file of the program, or the beginning of a trace id. */
  readonly label: string;
  readonly place: PlaceView | null;
  /** The statement, or its summary, on one line. */
  readonly statement: string | null;
  readonly traceId: string | null;
}

/**
 * `running`: a statement is under way; `kept`: its holder keeps it between statements; `used`: it is held, and nobody told
 * whether a statement runs; `cancelling`: a statement is being cancelled; `busy`: the pool itself validates or resets it.
 */
export type SlotStateView =
  | "connecting"
  | "idle"
  | "running"
  | "kept"
  | "used"
  | "cancelling"
  | "busy"
  | "closing";

/** A connection that is held for suspiciously long. */
export interface LeakView {
  /** The stack of the acquire, as far as it is known. */
  readonly stack: string | null;
  /** The line of the program that acquired it. */
  readonly place: PlaceView | null;
}

/** What the server says of the process behind a connection. */
export interface ServerActivityView {
  /** As in `pg_stat_activity`, such as `idle in transaction`. */
  readonly state: string;
  /** `<type>:<event>`; null where it waits for nothing. */
  readonly waitEvent: string | null;
}

export interface SlotView {
  /** `<pool>#<n>`. */
  readonly id: string;
  readonly backendPid: number | null;
  readonly state: SlotStateView;
  /** How long it has been in that state, in milliseconds. */
  readonly forMillis: number;
  readonly holder: HolderView | null;
  /** Why a kept connection is kept, such as `open transaction`. */
  readonly reasons: readonly string[];
  readonly isTransactionFailed: boolean;
  readonly leak: LeakView | null;
  readonly server: ServerActivityView | null;
}

export interface WaiterView {
  readonly holder: HolderView;
  readonly forMillis: number;
}

/** Whose pool it is: the extension's own, or that of a program which reports over OTLP. */
export type PoolOriginView =
  | { readonly kind: "own" }
  | {
      readonly kind: "program";
      readonly serviceName: string | null;
      /** What tells processes of one service apart, such as `4711@host`. */
      readonly process: string | null;
      /** When it was last heard of, in milliseconds since the epoch. */
      readonly lastSeenUnixMillis: number;
      /** True where it has been silent for so long that it is probably gone. */
      readonly isStale: boolean;
    };

/** What has happened since the pool, or its program, started; null is what its sender does not tell. */
export interface PoolCountersView {
  readonly checkouts: number | null;
  /** Checkouts that found a connection open. */
  readonly reused: number | null;
  readonly timeouts: number | null;
  /** Requests that ended without a connection for any other reason. */
  readonly errors: number | null;
}

/** How long acquires took, since the pool or its program started. */
export interface WaitTimeView {
  /** Upper bounds of all buckets but the last, ascending. */
  readonly boundsMillis: readonly number[];
  /** One count more than there are bounds. */
  readonly bucketCounts: readonly number[];
}

/** All there is to see of one pool at one moment; null is what its sender does not tell. */
export interface PoolView {
  /** Unique among all pools of all sources. */
  readonly key: string;
  readonly name: string;
  readonly origin: PoolOriginView;
  /** Server, database and user as far as known, without secrets. */
  readonly target: string | null;
  readonly max: number | null;
  readonly total: number | null;
  readonly idle: number | null;
  readonly used: number | null;
  readonly connecting: number | null;
  readonly waiting: number | null;
  readonly counters: PoolCountersView;
  /** Null where the lanes tell it better, or nobody does. */
  readonly waitTime: WaitTimeView | null;
  readonly slots: readonly SlotView[];
  /** In the order of the queue; those of which more is known than their number. */
  readonly waiters: readonly WaiterView[];
}

/** One point of a pool's recent past. */
export interface PoolSample {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly used: number;
  readonly idle: number;
  readonly connecting: number;
  readonly waiting: number;
  /** The state of each slot by number. */
  readonly lanes: Readonly<Record<number, SlotStateView>>;
}

export interface PoolHistory {
  readonly pool: PoolView;
  readonly samples: readonly PoolSample[];
}

/** What the host tells the dashboard; always complete. */
export type PoolHostMessage = {
  readonly type: "snapshot";
  readonly pools: readonly PoolHistory[];
  readonly windowMillis: number;
  readonly at: number;
};

/** What the dashboard asks of the host. */
export type PoolViewMessage =
  | { readonly type: "ready" }
  | { readonly type: "reveal"; readonly pool: string; readonly slotId: string }
  | { readonly type: "cancel"; readonly pool: string; readonly slotId: string }
  | { readonly type: "release"; readonly pool: string; readonly slotId: string }
  | { readonly type: "connect" };
