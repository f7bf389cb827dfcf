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
  /** What its program was asked for, such as `GET /orders`. */
  readonly caller: string | null;
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

/** A stretch of time in milliseconds since the epoch, and why it ended as it did. */
export interface LanePeriodView {
  readonly start: number;
  readonly end: number;
  /** The failure of an opening, or the reason of a closing. */
  readonly reason: string | null;
}

/** One physical connection, or the queue of a pool where it has no connection. */
export interface LaneHeadView {
  /** What the columns call it. */
  readonly id: number;
  /** The key of its pool. */
  readonly pool: string;
  /** `<pool>#<n>`; null for the queue. */
  readonly connectionId: string | null;
  readonly backendPid: number | null;
  readonly opened: LanePeriodView | null;
  readonly closed: LanePeriodView | null;
}

/** `busy` is a reset or a validation, `failed` a request that ended without a connection. */
export type LaneEntryKind = "use" | "statement" | "transaction" | "cancel" | "busy" | "failed";

/** Entries of one kind in columns. */
export interface LaneColumns {
  /** The lane of each entry. */
  readonly lanes: Uint32Array;
  /** Start and end of each entry, in milliseconds since the epoch. */
  readonly times: Float64Array;
  /** So many numbers for each entry as its kind has; texts are numbers of the text table, from 1 on. */
  readonly words: Uint32Array;
}

/** What has been written to the lanes; in a message that is whole, all that they hold. */
export interface LaneBatch {
  /** Lanes that are new, or of which something has become known. */
  readonly heads: readonly LaneHeadView[];
  /** Texts that follow those sent before. */
  readonly texts: readonly string[];
  readonly entries: Readonly<Record<LaneEntryKind, LaneColumns>>;
}

/** The numbers of each kind beside its ends. */
export const USE_WORDS = {
  waitMicros: 0,
  useCount: 1,
  /** 1: the connection lay idle, 2: it was opened for it, 3: another caller released it; plus 4 for a suspected leak. */
  flags: 2,
  failure: 3,
  discardReason: 4,
  path: 5,
  line: 6,
} as const;
export const STATEMENT_WORDS = { summary: 0, failure: 1, path: 2, line: 3 } as const;
export const FAILED_WORDS = { failure: 0, path: 1, line: 2 } as const;
export const LANE_WIDTHS: Readonly<Record<LaneEntryKind, number>> = {
  use: 7,
  statement: 4,
  transaction: 1,
  cancel: 0,
  busy: 1,
  failed: 3,
};
export const LANE_KINDS: readonly LaneEntryKind[] = [
  "use",
  "statement",
  "transaction",
  "cancel",
  "busy",
  "failed",
];

/** A use that has not ended. */
export interface HeldUseView {
  readonly lane: number;
  readonly acquired: number;
  readonly waitMillis: number;
  readonly useCount: number | null;
  readonly transactionSince: number | null;
  readonly cancellingSince: number | null;
  readonly isLeakSuspected: boolean;
  readonly place: PlaceView | null;
  readonly traceId: string;
}

/** The length of a cell of a series. */
export const CELL_MILLIS = 500;
/** Upper bounds of the buckets of waits, in milliseconds; the last bucket has none. */
export const WAIT_BOUNDS: readonly number[] = [
  0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000,
];
/** The numbers of a cell by their place. Those up to `max` are one more than the number, and 0 where it is unknown. */
export const CELL_WORDS = {
  used: 0,
  idle: 1,
  connecting: 2,
  waiting: 3,
  /** The most that waited within the cell. */
  peakWaiting: 4,
  max: 5,
  checkouts: 6,
  reused: 7,
  timeouts: 8,
  errors: 9,
  /** The first of the buckets of waits. */
  waits: 10,
} as const;
export const CELL_WIDTH: number = CELL_WORDS.waits + WAIT_BOUNDS.length + 1;

/** Cells of one pool that follow each other without a gap. */
export interface SeriesView {
  readonly pool: string;
  /** The number of the first cell, in `CELL_MILLIS` since the epoch. */
  readonly first: number;
  readonly cells: Uint32Array;
}

/**
 * What the host tells the dashboard. A message that is whole holds all there is; one that is not adds to those before it, and
 * comes only to a view that has shown without a break since the last whole one.
 */
export interface PoolUpdate {
  readonly type: "update";
  readonly isWhole: boolean;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly historyMillis: number;
  readonly pools: readonly PoolView[];
  readonly series: readonly SeriesView[];
  readonly lanes: LaneBatch;
  readonly held: readonly HeldUseView[];
}

/** What else is known of one use. */
export interface UseDetails {
  readonly type: "details";
  readonly lane: number;
  readonly acquired: number;
  /** What the program was asked for, such as `GET /orders`. */
  readonly caller: string | null;
  readonly traceId: string | null;
  readonly spanId: string | null;
  readonly callerSpanId: string | null;
}

export type PoolHostMessage = PoolUpdate | UseDetails | { readonly type: "select"; readonly pool: string };

/** What can be done about one connection; `terminate` ends its server process once the user has confirmed that. */
export type SlotAction = "reveal" | "cancel" | "release" | "terminate" | "stack";

/** What the dashboard asks of the host. */
export type PoolViewMessage =
  | { readonly type: "ready" }
  | { readonly type: "slot"; readonly action: SlotAction; readonly pool: string; readonly slotId: string }
  | { readonly type: "open"; readonly pool: string; readonly place: PlaceView }
  | { readonly type: "details"; readonly lane: number; readonly acquired: number }
  | {
      readonly type: "export";
      readonly format: "json" | "html";
      readonly pools: readonly string[];
      readonly from: number;
      readonly to: number;
    }
  | { readonly type: "command"; readonly command: "connect" | "receive" | "openInEditor" };
