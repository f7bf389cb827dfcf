import type { TapeRecorder } from "@rockpool/otel/timeline";
import type { PoolView } from "../../../shared/protocol/pool.ts";

/** Pools that are seen the same way: the extension's own, or those of the programs that report over OTLP. */
export interface PoolSource {
  /** Every pool as it is now, in a lasting order. */
  pools(): readonly PoolView[];
  /** The lanes of these pools, written from spans alone. */
  readonly recorder: TapeRecorder;
  /** The key of the pool that a lane belongs to. */
  keyOf(lane: LaneOwner): string;
  /** Calls back when the pools are worth looking at again, until the returned function is called. */
  onDidChange(listener: () => void): () => void;
}

/** What a lane tells of the pool that it belongs to. */
export interface LaneOwner {
  readonly senderKey: string;
  readonly poolName: string;
}

/** All sources as one, for the tree, the status bar and the dashboard. */
export class PoolSources {
  readonly #sources = new Map<PoolSource, () => void>();
  readonly #listeners = new Set<() => void>();
  readonly #refine: (pool: PoolView) => PoolView;

  /** @param refine - adds to a pool what its source does not know. */
  constructor(refine: (pool: PoolView) => PoolView = (pool) => pool) {
    this.#refine = refine;
  }

  get all(): readonly PoolSource[] {
    return [...this.#sources.keys()];
  }

  /** Every pool of every source. */
  get pools(): readonly PoolView[] {
    return this.all.flatMap((source) => this.poolsOf(source));
  }

  /** Every pool of one source. */
  poolsOf(source: PoolSource): readonly PoolView[] {
    return source.pools().map(this.#refine);
  }

  /** Takes a source in until the returned function is called. */
  add(source: PoolSource): () => void {
    this.#sources.set(
      source,
      source.onDidChange(() => this.#notify()),
    );
    this.#notify();
    return () => this.#remove(source);
  }

  /** Calls back when any pool is worth looking at again, until the returned function is called. */
  onDidChange(listener: () => void): () => void {
    const own = (): void => listener();
    this.#listeners.add(own);
    return () => void this.#listeners.delete(own);
  }

  #remove(source: PoolSource): void {
    this.#sources.get(source)?.();
    if (this.#sources.delete(source)) this.#notify();
  }

  #notify(): void {
    for (const listener of this.#listeners) listener();
  }
}
