import { type PlaceView, STATEMENT_WORDS, USE_WORDS } from "../../shared/protocol/pool.ts";
import { l10n } from "../shared/l10n.ts";
import type { LaneStore, StoredLane } from "./lane-store.ts";

/** One statement within a use. */
export interface StatementInUse {
  readonly start: number;
  readonly end: number;
  readonly summary: string;
  readonly failure: string | null;
  readonly place: PlaceView | null;
}

/** One use of a connection, in words and numbers. */
export interface UseInView {
  readonly lane: StoredLane;
  readonly start: number;
  /** Null while it is held. */
  readonly end: number | null;
  readonly waitMillis: number;
  readonly useCount: number | null;
  readonly source: "idle" | "new" | "queued" | null;
  readonly failure: string | null;
  readonly discardReason: string | null;
  readonly place: PlaceView | null;
  readonly isLeak: boolean;
  readonly isInTransaction: boolean;
  readonly isCancelled: boolean;
  readonly statements: readonly StatementInUse[];
}

const SOURCES = [null, "idle", "new", "queued"] as const;
const LEAK = 4;
/** Starts are read from a clock of whole milliseconds by some senders. */
const CLOCK_STEP_MILLIS = 1;

/** Reads the uses of lanes. */
export class Uses {
  readonly #store: LaneStore;

  constructor(store: LaneStore) {
    this.#store = store;
  }

  /** How many uses of a lane there are, the one that is held included. */
  count(lane: StoredLane): number {
    return lane.tracks.use.length + (lane.held === null ? 0 : 1);
  }

  /** The nth use, from the oldest; the last one may be held. */
  at(lane: StoredLane, index: number): UseInView | null {
    const { use } = lane.tracks;
    if (index < 0) return null;
    if (index < use.length) return this.#ended(lane, index);
    return index === use.length ? this.#held(lane) : null;
  }

  /** The index of the use at a moment, or next to it by no more than the tolerance; null where there is none. */
  indexAt(lane: StoredLane, time: number, tolerance: number): number | null {
    const { use } = lane.tracks;
    const after = use.indexFrom(time);
    const gapBefore = after === 0 ? Number.POSITIVE_INFINITY : time - use.end(after - 1);
    if (gapBefore <= 0) return after - 1;
    if (lane.held !== null && time >= lane.held.acquired - tolerance) return use.length;
    const gapAfter = after < use.length ? use.start(after) - time : Number.POSITIVE_INFINITY;
    if (Math.min(gapBefore, gapAfter) > tolerance) return null;
    return gapBefore <= gapAfter ? after - 1 : after;
  }

  /** Which of the uses overlap a stretch of time: the first, and one more than the last. */
  range(lane: StoredLane, from: number, to: number): { first: number; end: number } {
    const { use } = lane.tracks;
    let first = use.indexFrom(from);
    while (first > 0 && use.end(first - 1) >= from) first -= 1;
    const isHeldWithin = lane.held !== null && lane.held.acquired <= to;
    return { first, end: isHeldWithin ? this.count(lane) : use.indexFrom(to) };
  }

  #ended(lane: StoredLane, index: number): UseInView {
    const { use, transaction, cancel } = lane.tracks;
    const [start, end] = [use.start(index), use.end(index)];
    const word = (field: number): number => use.word(index, field);
    return {
      lane,
      start,
      end,
      waitMillis: word(USE_WORDS.waitMicros) / 1_000,
      useCount: word(USE_WORDS.useCount) || null,
      source: SOURCES[word(USE_WORDS.flags) & 3] ?? null,
      failure: this.#store.text(word(USE_WORDS.failure)),
      discardReason: this.#store.text(word(USE_WORDS.discardReason)),
      place: this.#place(word(USE_WORDS.path), word(USE_WORDS.line)),
      isLeak: (word(USE_WORDS.flags) & LEAK) !== 0,
      isInTransaction: overlaps(transaction, start, end),
      isCancelled: overlaps(cancel, start, end),
      statements: this.#statements(lane, start, end),
    };
  }

  #held(lane: StoredLane): UseInView | null {
    const { held } = lane;
    if (held === null) return null;
    return {
      lane,
      start: held.acquired,
      end: null,
      waitMillis: held.waitMillis,
      useCount: held.useCount,
      source: null,
      failure: null,
      discardReason: null,
      place: held.place,
      isLeak: held.isLeakSuspected,
      isInTransaction: held.transactionSince !== null,
      isCancelled: held.cancellingSince !== null,
      statements: this.#statements(lane, held.acquired, Number.POSITIVE_INFINITY),
    };
  }

  #statements(lane: StoredLane, from: number, to: number): StatementInUse[] {
    const { statement } = lane.tracks;
    const found: StatementInUse[] = [];
    for (let index = statement.indexFrom(from - CLOCK_STEP_MILLIS); index < statement.length; index += 1) {
      const start = statement.start(index);
      if (start > to) break;
      const word = (field: number): number => statement.word(index, field);
      found.push({
        start,
        end: statement.end(index),
        summary: this.#store.text(word(STATEMENT_WORDS.summary)) ?? l10n.t("statement"),
        failure: this.#store.text(word(STATEMENT_WORDS.failure)),
        place: this.#place(word(STATEMENT_WORDS.path), word(STATEMENT_WORDS.line)),
      });
    }
    return found;
  }

  #place(path: number, line: number): PlaceView | null {
    const text = this.#store.text(path);
    return text === null ? null : { path: text, line: Math.max(1, line) };
  }
}

function overlaps(
  track: { readonly length: number; indexFrom(time: number): number; start(index: number): number },
  start: number,
  end: number,
): boolean {
  const index = track.indexFrom(start - CLOCK_STEP_MILLIS);
  return index < track.length && track.start(index) <= end;
}

/** `orders.ts:41`. */
export function placeText({ path, line }: PlaceView): string {
  return `${decodeURIComponent(path.slice(path.search(/[^/\\]*$/)))}:${line}`;
}
