import type { StoredLane } from "./lane-store.ts";

/** How the columns lie in time: column `x` is the time from `from + x * millisPerColumn` on. */
export interface ColumnScale {
  readonly from: number;
  readonly millisPerColumn: number;
  readonly count: number;
  /** Until when a connection is known that is still open. */
  readonly now: number;
}

/**
 * What one lane is in each column of pixels: the share of the column's time that it spent in each state.
 *
 * One object serves all lanes in turn, so that a frame allocates nothing.
 */
export class LaneColumns {
  readonly life: Float32Array;
  readonly used: Float32Array;
  readonly statement: Float32Array;
  readonly transaction: Float32Array;
  readonly cancelling: Float32Array;
  readonly connecting: Float32Array;
  readonly closing: Float32Array;
  readonly busy: Float32Array;
  /** 1 where anything failed. */
  readonly failed: Float32Array;
  /** Held for suspiciously long. */
  readonly leak: Float32Array;
  readonly #all: readonly Float32Array[];

  constructor(capacity: number) {
    const column = (): Float32Array => new Float32Array(capacity);
    this.#all = Array.from({ length: 10 }, column);
    const [life, used, statement, transaction, cancelling, connecting, closing, busy, failed, leak] =
      this.#all;
    this.life = life ?? column();
    this.used = used ?? column();
    this.statement = statement ?? column();
    this.transaction = transaction ?? column();
    this.cancelling = cancelling ?? column();
    this.connecting = connecting ?? column();
    this.closing = closing ?? column();
    this.busy = busy ?? column();
    this.failed = failed ?? column();
    this.leak = leak ?? column();
  }

  get capacity(): number {
    return this.life.length;
  }

  /** Fills the columns with a lane; what was in them is gone. */
  fill(lane: StoredLane, scale: ColumnScale): void {
    for (const column of this.#all) column.fill(0, 0, scale.count);
    this.#fillLife(lane, scale);
    const { tracks, held } = lane;
    addTrack(this.used, tracks.use, scale);
    addTrack(this.statement, tracks.statement, scale);
    addTrack(this.transaction, tracks.transaction, scale);
    addTrack(this.cancelling, tracks.cancel, scale);
    addTrack(this.busy, tracks.busy, scale);
    addFailures(this.failed, lane, scale);
    if (held === null) return;
    if (held.isLeakSuspected) addInterval(this.leak, held.acquired, scale.now, scale);
    addInterval(this.used, held.acquired, scale.now, scale);
    if (held.transactionSince !== null)
      addInterval(this.transaction, held.transactionSince, scale.now, scale);
    if (held.cancellingSince !== null) addInterval(this.cancelling, held.cancellingSince, scale.now, scale);
  }

  #fillLife({ head, bornAt, goneAt }: StoredLane, scale: ColumnScale): void {
    const { opened, closed } = head;
    if (opened !== null) addInterval(this.connecting, opened.start, opened.end, scale);
    if (opened?.reason != null) addInterval(this.failed, opened.start, opened.end, scale);
    else addInterval(this.life, opened?.end ?? bornAt, closed?.start ?? goneAt ?? scale.now, scale);
    if (closed !== null) addInterval(this.closing, closed.start, Math.max(closed.end, closed.start), scale);
  }
}

interface Track {
  readonly first: number;
  readonly length: number;
  readonly starts: Float64Array;
  readonly ends: Float64Array;
  indexFrom(time: number): number;
}

/** Statements of a pipeline overlap, but not by many. */
const OVERLAP = 16;

function addTrack(into: Float32Array, track: Track, scale: ColumnScale): void {
  const to = scale.from + scale.count * scale.millisPerColumn;
  const begin = Math.max(0, track.indexFrom(scale.from) - OVERLAP);
  const end = track.indexFrom(to);
  const { starts, ends, first } = track;
  const perMillis = 1 / scale.millisPerColumn;
  for (let index = first + begin; index < first + end; index += 1) {
    const left = ((starts[index] ?? 0) - scale.from) * perMillis;
    const right = ((ends[index] ?? 0) - scale.from) * perMillis;
    if (right >= 0) add(into, left, right, scale.count);
  }
}

function addInterval(into: Float32Array, start: number, end: number, scale: ColumnScale): void {
  const left = (start - scale.from) / scale.millisPerColumn;
  const right = (end - scale.from) / scale.millisPerColumn;
  if (right >= 0 && left < scale.count) add(into, left, right, scale.count);
}

/** What is there is to be seen, however short it is. */
const LEAST_SHARE = 0.04;

function add(into: Float32Array, left: number, right: number, count: number): void {
  const from = Math.max(left, 0);
  const to = Math.min(right, count);
  const first = from | 0;
  const last = to | 0;
  if (first >= count) return;
  if (first === last) {
    into[first] = (into[first] ?? 0) + Math.max(LEAST_SHARE, to - from);
    return;
  }
  into[first] = (into[first] ?? 0) + (first + 1 - from);
  for (let column = first + 1; column < last; column += 1) into[column] = (into[column] ?? 0) + 1;
  if (last < count && to > last) into[last] = (into[last] ?? 0) + (to - last);
}

function addFailures(into: Float32Array, { tracks }: StoredLane, scale: ColumnScale): void {
  const to = scale.from + scale.count * scale.millisPerColumn;
  const { statement } = tracks;
  const { words, ends, first, width } = statement;
  const end = statement.indexFrom(to);
  for (let index = Math.max(0, statement.indexFrom(scale.from) - OVERLAP); index < end; index += 1) {
    if (words[(first + index) * width + 1] === 0) continue;
    const column = Math.floor(((ends[first + index] ?? 0) - scale.from) / scale.millisPerColumn);
    if (column >= 0 && column < scale.count) into[column] = 1;
  }
}
