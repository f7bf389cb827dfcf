import {
  BUSY,
  FAILED,
  hexOfWords,
  STATEMENT,
  type TapeEntry,
  type TapeLane,
  TRANSACTION,
  USE,
} from "@rockpool/otel/timeline";
import {
  type HeldUseView,
  LANE_KINDS,
  type LaneHeadView,
  type PoolHostMessage,
  type PoolView,
  type SeriesView,
  type UseDetails,
} from "../../../shared/protocol/pool.ts";
import { LaneWriter } from "./lane-writer.ts";
import type { PoolHistories } from "./pool-histories.ts";
import { HISTORY_MILLIS } from "./pool-recorder.ts";
import type { PoolSource, PoolSources } from "./pool-source.ts";

/** So many entries go in one message at most; a large past takes several. */
const ENTRIES_PER_MESSAGE = 60_000;
const UPDATES_BETWEEN_CLEANINGS = 100;

interface KnownLane {
  readonly lane: TapeLane;
  readonly source: PoolSource;
}

/**
 * What one view of the dashboard has been told.
 *
 * Invariant: while it shows, the messages since the last whole one, in their order, hold all that the tapes hold; while it does
 * not, it listens to nothing.
 */
export class DashboardSession {
  readonly #sources: PoolSources;
  readonly #histories: PoolHistories;
  readonly #post: (message: PoolHostMessage) => void;
  #writer = new LaneWriter();
  readonly #ids = new Map<TapeLane, number>();
  readonly #lanes = new Map<number, KnownLane>();
  #laneCount = 0;
  readonly #stops = new Map<PoolSource, () => void>();
  /** How far the series of each pool are known. */
  readonly #revisions = new Map<string, number>();
  #updates = 0;
  #isShown = false;

  constructor(parts: {
    sources: PoolSources;
    histories: PoolHistories;
    post: (message: PoolHostMessage) => void;
  }) {
    this.#sources = parts.sources;
    this.#histories = parts.histories;
    this.#post = parts.post;
  }

  get isShown(): boolean {
    return this.#isShown;
  }

  /** Tells the view everything, from the beginning. */
  show(pools: readonly PoolView[], at: number): void {
    this.hide();
    this.#isShown = true;
    this.#writer = new LaneWriter();
    let isWhole = true;
    const flush = (): void => {
      this.#send(pools, { at, isWhole, series: isWhole ? this.#series(pools, at) : [] });
      isWhole = false;
    };
    for (const source of this.#sources.all) {
      for (const lane of source.recorder.tape.lanes) {
        this.#writeAll(source, lane);
        if (this.#writer.size >= ENTRIES_PER_MESSAGE) flush();
      }
      this.#listen(source);
    }
    if (isWhole || this.#writer.size > 0) flush();
  }

  /** Tells the view what has come since; the view shows. */
  update(pools: readonly PoolView[], at: number): void {
    if (!this.#isShown) return;
    for (const source of this.#sources.all) if (!this.#stops.has(source)) this.#takeIn(source);
    this.#updates += 1;
    if (this.#updates % UPDATES_BETWEEN_CLEANINGS === 0) this.#forgetLanes();
    this.#send(pools, { at, isWhole: false, series: this.#series(pools, at) });
  }

  /** The view does not show: forgets what it was told. */
  hide(): void {
    this.#isShown = false;
    for (const stop of this.#stops.values()) stop();
    this.#stops.clear();
    this.#ids.clear();
    this.#lanes.clear();
    this.#laneCount = 0;
    this.#revisions.clear();
  }

  /** The lane and the use that the view names. */
  find(laneId: number, acquired: number): (KnownLane & { index: number }) | null {
    const known = this.#lanes.get(laneId);
    if (known === undefined) return null;
    const { use } = known.lane.tracks;
    const index = use.indexFrom(acquired);
    return use.start(index) === acquired ? { ...known, index } : null;
  }

  /** What else is known of a use; null where it is forgotten. */
  details(laneId: number, acquired: number): UseDetails | null {
    const found = this.find(laneId, acquired);
    if (found === null) return null;
    const { use } = found.lane.tracks;
    const hex = (from: number, words: number): string | null =>
      hexOfWords(Array.from({ length: words }, (_, word) => use.word(found.index, from + word)));
    const traceId = hex(USE.traceId, 4);
    return {
      type: "details",
      lane: laneId,
      acquired,
      caller: traceId === null ? null : found.source.recorder.callerOf(traceId, found.lane),
      traceId,
      spanId: hex(USE.spanId, 2),
      callerSpanId: hex(USE.callerSpanId, 2),
    };
  }

  #send(
    pools: readonly PoolView[],
    { at, isWhole, series }: { at: number; isWhole: boolean; series: readonly SeriesView[] },
  ): void {
    const held = this.#held(pools);
    const lanes = this.#writer.take();
    this.#post({
      type: "update",
      isWhole,
      at,
      historyMillis: HISTORY_MILLIS,
      pools,
      series,
      lanes,
      held,
    });
  }

  #series(pools: readonly PoolView[], at: number): readonly SeriesView[] {
    return pools.flatMap(({ key }) => {
      const found = this.#histories.series(key)?.cellsSince(this.#revisions.get(key) ?? 0, at) ?? null;
      if (found === null) return [];
      this.#revisions.set(key, found.revision);
      return [{ pool: key, first: found.first, cells: found.cells }];
    });
  }

  /** The view forgets by age on its own; what no tape holds any more needs no number here. */
  #forgetLanes(): void {
    const alive = new Set(this.#sources.all.flatMap(({ recorder }) => recorder.tape.lanes));
    for (const [lane, id] of this.#ids) {
      if (alive.has(lane)) continue;
      this.#ids.delete(lane);
      this.#lanes.delete(id);
    }
  }

  #takeIn(source: PoolSource): void {
    for (const lane of source.recorder.tape.lanes) this.#writeAll(source, lane);
    this.#listen(source);
  }

  #listen(source: PoolSource): void {
    const stop = source.recorder.tape.listen({
      lane: (lane) => this.#writer.head(this.#headOf(source, lane)),
      entry: (entry) => this.#write(source, entry),
    });
    this.#stops.set(source, stop);
  }

  #writeAll(source: PoolSource, lane: TapeLane): void {
    this.#writer.head(this.#headOf(source, lane));
    for (const kind of LANE_KINDS) {
      const track = lane.tracks[kind];
      const { words, first, width } = track;
      for (let index = 0; index < track.length; index += 1) {
        const own = words.subarray((first + index) * width, (first + index + 1) * width);
        this.#write(source, { kind, lane, start: track.start(index), end: track.end(index), words: own });
      }
    }
  }

  #write(source: PoolSource, entry: TapeEntry): void {
    this.#writer.entry(this.#idOf(source, entry.lane), entry, this.#wordsOf(source, entry));
  }

  /** The words that travel, with texts by the numbers of this view. */
  #wordsOf(source: PoolSource, { kind, words }: TapeEntry): readonly number[] {
    const word = (field: number): number => words[field] ?? 0;
    const text = (field: number): number =>
      this.#writer.textNumber(source.recorder.tape.strings.text(word(field)) ?? null);
    switch (kind) {
      case "use":
        return [
          word(USE.waitMicros),
          word(USE.useCount),
          word(USE.flags),
          text(USE.failure),
          text(USE.discardReason),
          text(USE.path),
          word(USE.line),
        ];
      case "statement":
        return [text(STATEMENT.summary), text(STATEMENT.failure), text(STATEMENT.path), word(STATEMENT.line)];
      case "failed":
        return [text(FAILED.failure), text(FAILED.path), word(FAILED.line)];
      case "transaction":
        return [text(TRANSACTION.outcome)];
      case "busy":
        return [text(BUSY.what)];
      case "cancel":
        return [];
    }
  }

  #headOf(source: PoolSource, lane: TapeLane): LaneHeadView {
    const { opened, closed } = lane;
    return {
      id: this.#idOf(source, lane),
      pool: source.keyOf(lane),
      connectionId: lane.connectionId,
      backendPid: lane.backendPid,
      opened: opened && { start: opened.startUnixMillis, end: opened.endUnixMillis, reason: opened.failure },
      closed: closed && { start: closed.startUnixMillis, end: closed.endUnixMillis, reason: closed.reason },
    };
  }

  #idOf(source: PoolSource, lane: TapeLane): number {
    const known = this.#ids.get(lane);
    if (known !== undefined) return known;
    const id = this.#laneCount;
    this.#laneCount += 1;
    this.#lanes.set(id, { lane, source });
    this.#ids.set(lane, id);
    return id;
  }

  /** The editor's own judgement of a slot goes before what a span says: it knows the threshold, and what the server runs. */
  #held(pools: readonly PoolView[]): readonly HeldUseView[] {
    const judged = new Map(
      pools.flatMap(({ key, slots }) => slots.map(({ id, leak }) => [`${key} ${id}`, leak !== null])),
    );
    return this.#sources.all.flatMap((source) =>
      source.recorder.held().map((held) => {
        const { path, line } = held;
        return {
          lane: this.#idOf(source, held.lane),
          acquired: held.acquiredUnixMillis,
          waitMillis: held.waitMillis,
          useCount: held.useCount,
          transactionSince: held.transactionSince,
          cancellingSince: held.cancellingSince,
          isLeakSuspected:
            judged.get(`${source.keyOf(held.lane)} ${held.lane.connectionId}`) ?? held.isLeakSuspected,
          place: path === null ? null : { path, line: line ?? 1 },
          traceId: held.traceId,
        };
      }),
    );
  }
}
