import { FAILED, type TapeEntry, type TapeLane, USE, USE_FLAGS } from "@rockpool/otel/timeline";
import { CELL_MILLIS, type PoolView } from "../../../shared/protocol/pool.ts";
import { laneNumbers } from "./lane-numbers.ts";
import { HISTORY_MILLIS } from "./pool-recorder.ts";
import { PoolSeries } from "./pool-series.ts";
import type { PoolSource, PoolSources } from "./pool-source.ts";

/**
 * The recent past of every pool in numbers.
 *
 * Checkouts are counted as their spans arrive. How many are in use, idle or waiting is written down when somebody looks; what
 * happened while nobody did is read from the lanes when somebody looks again.
 */
export class PoolHistories {
  readonly #sources: PoolSources;
  readonly #series = new Map<string, PoolSeries>();
  readonly #stops = new Map<PoolSource, () => void>();
  readonly #withLanes = new Set<string>();
  readonly #stopListening: () => void;
  #lookedAt: number | null = null;

  constructor(sources: PoolSources) {
    this.#sources = sources;
    this.#stopListening = sources.onDidChange(() => this.#follow());
    this.#follow();
  }

  /** The numbers of a pool over time; null where nothing is known of it yet. */
  series(key: string): PoolSeries | null {
    return this.#series.get(key) ?? null;
  }

  get byteLength(): number {
    let bytes = 0;
    for (const series of this.#series.values()) bytes += series.byteLength;
    return bytes;
  }

  /** Writes down how the pools are now, after what the lanes tell of the time since the last look. */
  look(at: number): readonly PoolView[] {
    const { pools } = this.#sources;
    this.#catchUp(pools, at);
    for (const pool of pools) this.#seriesOf(pool.key).numbers(pool, at, this.#withLanes.has(pool.key));
    this.#forgetOthers(pools);
    this.#lookedAt = at;
    return pools;
  }

  dispose(): void {
    this.#stopListening();
    for (const stop of this.#stops.values()) stop();
  }

  #catchUp(pools: readonly PoolView[], at: number): void {
    const from = Math.max(this.#lookedAt ?? at - HISTORY_MILLIS, at - HISTORY_MILLIS);
    if (at - from < 4 * CELL_MILLIS) return;
    const lanes = this.#lanesByPool();
    for (const pool of pools) {
      const own = lanes.get(pool.key) ?? [];
      const oldest = Math.min(...own.map(firstSignOf));
      for (let time = Math.max(from + CELL_MILLIS, oldest); time < at - CELL_MILLIS; time += CELL_MILLIS) {
        this.#seriesOf(pool.key).numbers({ ...pool, ...laneNumbers(own, time) }, time, true);
      }
    }
  }

  #lanesByPool(): Map<string, TapeLane[]> {
    const found = new Map<string, TapeLane[]>();
    for (const source of this.#sources.all) {
      for (const lane of source.recorder.tape.lanes) {
        const key = source.keyOf(lane);
        found.set(key, [...(found.get(key) ?? []), lane]);
      }
    }
    return found;
  }

  #follow(): void {
    const { all } = this.#sources;
    for (const source of all) {
      if (this.#stops.has(source)) continue;
      const stop = source.recorder.tape.listen({
        lane: () => {},
        entry: (entry) => this.#count(source, entry),
      });
      this.#stops.set(source, stop);
    }
    for (const [source, stop] of this.#stops) {
      if (all.includes(source)) continue;
      stop();
      this.#stops.delete(source);
    }
  }

  #count(source: PoolSource, { kind, lane, start, end, words }: TapeEntry): void {
    if (kind !== "use" && kind !== "failed") return;
    const key = source.keyOf(lane);
    this.#withLanes.add(key);
    if (kind === "failed") {
      const failure = source.recorder.tape.strings.text(words[FAILED.failure] ?? 0) ?? "error";
      this.#seriesOf(key).failed(end, failure);
      return;
    }
    const waitMillis = (words[USE.waitMicros] ?? 0) / 1_000;
    const isReused = ((words[USE.flags] ?? 0) & USE_FLAGS.sourceMask) !== USE_FLAGS.new;
    this.#seriesOf(key).use(start, { waitMillis, isReused });
  }

  #seriesOf(key: string): PoolSeries {
    const known = this.#series.get(key);
    if (known !== undefined) return known;
    const series = new PoolSeries(HISTORY_MILLIS);
    this.#series.set(key, series);
    return series;
  }

  #forgetOthers(pools: readonly PoolView[]): void {
    const keys = new Set(pools.map(({ key }) => key));
    for (const key of this.#series.keys()) {
      if (keys.has(key)) continue;
      this.#series.delete(key);
      this.#withLanes.delete(key);
    }
  }
}

function firstSignOf({ opened, tracks: { use } }: TapeLane): number {
  return opened?.startUnixMillis ?? (use.length > 0 ? use.start(0) : Number.POSITIVE_INFINITY);
}
