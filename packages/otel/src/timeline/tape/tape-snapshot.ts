import { byPlace } from "../lane-order.ts";
import { periodOf } from "../snapshot-period.ts";
import type {
  CheckoutSource,
  FailedAcquire,
  Period,
  TimelineCheckout,
  TimelineLane,
  TimelineQuery,
  TimelineSnapshot,
  TimelineTransaction,
} from "../timeline-model.ts";
import { hexOfWords } from "./hex-words.ts";
import type { IntervalTrack } from "./interval-track.ts";
import { FAILED, STATEMENT, type TapeLane, TRANSACTION, USE, USE_FLAGS } from "./tape-model.ts";
import type { TimelineTape } from "./timeline-tape.ts";

/** What `snapshotOfTape` accepts. */
export interface TapeSnapshotOptions {
  /** Default: every lane. */
  isWanted?: (lane: TapeLane) => boolean;
  /** What overlaps it. Default: all that the tape holds. */
  period?: Period;
  /** The newest of each lane; those before count as missed. Default: 500. */
  maxCheckoutsPerLane?: number;
}

const SOURCES: readonly (CheckoutSource | null)[] = [null, "idle", "new", "queued"];

/** What a tape tells of a period, in the form in which a timeline is rendered as a page. */
export function snapshotOfTape(tape: TimelineTape, options: TapeSnapshotOptions = {}): TimelineSnapshot {
  const { isWanted = () => true, maxCheckoutsPerLane = 500 } = options;
  const period = options.period ?? { startUnixMillis: 0, endUnixMillis: Number.MAX_VALUE };
  const wanted = tape.lanes.filter(isWanted);
  const reader = new TapeReader(tape, period, maxCheckoutsPerLane);
  const lanes = wanted
    .filter(({ connectionId }) => connectionId !== null)
    .filter((lane) => lives(lane, period))
    .map((lane) => reader.lane(lane))
    .sort(byPlace);
  const failedAcquires = wanted.flatMap((lane) => reader.failed(lane));
  return { lanes, failedAcquires, period: periodOf(lanes, failedAcquires) };
}

function lives({ opened, closed }: TapeLane, { startUnixMillis, endUnixMillis }: Period): boolean {
  if (opened !== null && opened.startUnixMillis > endUnixMillis) return false;
  return closed === null || closed.endUnixMillis >= startUnixMillis;
}

class TapeReader {
  readonly #tape: TimelineTape;
  readonly #period: Period;
  readonly #maxCheckouts: number;

  constructor(tape: TimelineTape, period: Period, maxCheckouts: number) {
    this.#tape = tape;
    this.#period = period;
    this.#maxCheckouts = maxCheckouts;
  }

  lane(lane: TapeLane): TimelineLane {
    const { opened, closed, tracks } = lane;
    const all = this.#indices(tracks.use);
    const uses = all.slice(-this.#maxCheckouts);
    const checkouts = uses.map((index, at) => {
      const checkout = this.#checkout(lane, index);
      const leftOut = at === 0 ? all.length - uses.length : 0;
      return { ...checkout, missedBefore: checkout.missedBefore + leftOut };
    });
    const from = checkouts[0]?.acquiredUnixMillis ?? this.#period.endUnixMillis;
    const owned = new Set(checkouts.flatMap(({ queries }) => queries.map((query) => query.startUnixMillis)));
    const loose = this.#queries(tracks.statement, from, this.#period.endUnixMillis).filter(
      (query) => !owned.has(query.startUnixMillis),
    );
    return {
      key: lane.key,
      connectionId: lane.connectionId ?? "",
      poolName: lane.poolName,
      serviceName: lane.serviceName,
      senderKey: lane.senderKey,
      process: lane.process,
      backendPid: lane.backendPid,
      target: lane.target,
      opened: opened && { ...opened, traceId: "", spanId: "", demandedBy: null },
      checkouts,
      looseQueries: loose,
      missedUses: checkouts.reduce((sum, { missedBefore }) => sum + missedBefore, 0),
      closed: closed && {
        beganUnixMillis: closed.startUnixMillis,
        timeUnixMillis: closed.endUnixMillis,
        reason: closed.reason,
      },
    };
  }

  failed(lane: TapeLane): FailedAcquire[] {
    const { failed } = lane.tracks;
    return this.#indices(failed).map((index) => ({
      traceId: hex(failed, index, { from: FAILED.traceId, words: 4 }) ?? "",
      spanId: hex(failed, index, { from: FAILED.spanId, words: 2 }) ?? "",
      startUnixMillis: failed.start(index),
      endUnixMillis: failed.end(index),
      poolName: lane.poolName,
      serviceName: lane.serviceName,
      process: lane.process,
      failure: this.#tape.strings.text(failed.word(index, FAILED.failure)) ?? "error",
    }));
  }

  #checkout({ tracks }: TapeLane, index: number): TimelineCheckout {
    const { use } = tracks;
    const [acquired, released] = [use.start(index), use.end(index)];
    const flags = use.word(index, USE.flags);
    const waitMillis = use.word(index, USE.waitMicros) / 1_000;
    const useCount = use.word(index, USE.useCount) || null;
    const before = index === 0 ? null : use.word(index - 1, USE.useCount) || null;
    const text = (field: number): string | null => this.#tape.strings.text(use.word(index, field));
    const isLeak = (flags & USE_FLAGS.leak) !== 0;
    return {
      traceId: hex(use, index, { from: USE.traceId, words: 4 }) ?? "",
      spanId: hex(use, index, { from: USE.spanId, words: 2 }) ?? "",
      callerSpanId: hex(use, index, { from: USE.callerSpanId, words: 2 }),
      useCount,
      missedBefore: useCount === null || before === null ? 0 : Math.max(0, useCount - before - 1),
      source: SOURCES[flags & USE_FLAGS.sourceMask] ?? null,
      requestedUnixMillis: acquired - waitMillis,
      acquiredUnixMillis: acquired,
      releasedUnixMillis: released,
      waitMillis,
      holdMillis: released - acquired,
      idleMillis: index === 0 ? null : acquired - use.end(index - 1),
      queries: this.#queries(tracks.statement, acquired, released),
      transactions: this.#transactions(tracks.transaction, acquired, released),
      isImplicit: (flags & USE_FLAGS.implicit) !== 0,
      leak: isLeak ? { ...NOWHERE, filePath: text(USE.path), line: use.word(index, USE.line) || null } : null,
      failure: text(USE.failure),
      discardReason: text(USE.discardReason),
    };
  }

  #queries(track: IntervalTrack, from: number, to: number): TimelineQuery[] {
    return within(track, from, to).map((index) => ({
      traceId: "",
      spanId: "",
      startUnixMillis: track.start(index),
      endUnixMillis: track.end(index),
      summary: this.#tape.strings.text(track.word(index, STATEMENT.summary)) ?? "",
      failure: this.#tape.strings.text(track.word(index, STATEMENT.failure)),
    }));
  }

  #transactions(track: IntervalTrack, from: number, to: number): TimelineTransaction[] {
    return within(track, from, to).map((index) => ({
      traceId: "",
      spanId: "",
      startUnixMillis: track.start(index),
      endUnixMillis: track.end(index),
      isolation: null,
      attempt: null,
      outcome: this.#tape.strings.text(track.word(index, TRANSACTION.outcome)),
    }));
  }

  #indices(track: IntervalTrack): number[] {
    const { startUnixMillis, endUnixMillis } = this.#period;
    const found: number[] = [];
    for (let index = 0; index < track.length; index += 1) {
      if (track.end(index) >= startUnixMillis && track.start(index) <= endUnixMillis) found.push(index);
    }
    return found;
  }
}

const NOWHERE = { suspectedUnixMillis: 0, functionName: null, column: null, stack: null };

/** Starts are read from a clock of whole milliseconds by some senders. */
function within(track: IntervalTrack, from: number, to: number): number[] {
  const found: number[] = [];
  for (let index = track.indexFrom(from - 1); index < track.length && track.start(index) <= to; index += 1) {
    if (track.end(index) <= to + 1) found.push(index);
  }
  return found;
}

function hex(
  track: IntervalTrack,
  index: number,
  { from, words }: { from: number; words: number },
): string | null {
  return hexOfWords(Array.from({ length: words }, (_, word) => track.word(index, from + word)));
}
