import type { Period } from "../timeline-model.ts";
import type { IntervalTrack } from "./interval-track.ts";

/** What a lane of a tape holds: `busy` is a reset or a validation, `failed` a request that ended without a connection. */
export type TapeKind = "use" | "statement" | "transaction" | "cancel" | "busy" | "failed";

/** The numbers of a use beside its ends, by their place in the columns; texts are numbers of the tape's string table. */
export const USE = {
  waitMicros: 0,
  useCount: 1,
  /** See `useFlags`. */
  flags: 2,
  failure: 3,
  discardReason: 4,
  path: 5,
  line: 6,
  traceId: 7,
  spanId: 11,
  callerSpanId: 13,
} as const;

export const STATEMENT = { summary: 0, failure: 1, path: 2, line: 3 } as const;
export const TRANSACTION = { outcome: 0 } as const;
export const BUSY = { what: 0 } as const;
export const FAILED = { failure: 0, path: 1, line: 2, traceId: 3, spanId: 7 } as const;

/** How many numbers each kind has. */
export const TAPE_WIDTHS: Readonly<Record<TapeKind, number>> = {
  use: 15,
  statement: 4,
  transaction: 1,
  cancel: 0,
  busy: 1,
  failed: 9,
};

/** Bits of `USE.flags`: where the connection came from, and what else is known. */
export const USE_FLAGS = { sourceMask: 3, idle: 1, new: 2, queued: 3, leak: 4, implicit: 8 } as const;

/** How a connection was opened. */
export interface TapeOpening extends Period {
  readonly failure: string | null;
}

/** How a connection was closed. */
export interface TapeClosing extends Period {
  readonly reason: string;
}

/** One physical connection on a tape, or the queue of a pool where it has no connection. */
export interface TapeLane {
  /** Counts up from 0 on each tape. */
  readonly id: number;
  /** Unique among all processes that send here. */
  readonly key: string;
  /** `<pool>#<n>`; null for the queue of a pool. */
  readonly connectionId: string | null;
  readonly poolName: string;
  /** Equal for all lanes of one process, and for no others. */
  readonly senderKey: string;
  readonly serviceName: string | null;
  readonly process: string | null;
  readonly backendPid: number | null;
  readonly target: string | null;
  readonly opened: TapeOpening | null;
  readonly closed: TapeClosing | null;
  readonly tracks: Readonly<Record<TapeKind, IntervalTrack>>;
}

/** A use that has not ended. */
export interface HeldUse {
  readonly lane: TapeLane;
  readonly acquiredUnixMillis: number;
  readonly waitMillis: number;
  readonly useCount: number | null;
  readonly transactionSince: number | null;
  readonly cancellingSince: number | null;
  readonly isLeakSuspected: boolean;
  readonly path: string | null;
  readonly line: number | null;
  /** Of the acquire, where a suspected leak tells it. */
  readonly stack: string | null;
  readonly traceId: string;
}

/** One interval as it is recorded. */
export interface TapeEntry {
  readonly kind: TapeKind;
  readonly lane: TapeLane;
  readonly start: number;
  readonly end: number;
  readonly words: ArrayLike<number>;
}

/** Told of what a tape records, as it does. */
export interface TapeListener {
  /** A lane is new, or how it was opened or closed has become known. */
  lane(lane: TapeLane): void;
  entry(entry: TapeEntry): void;
}
