import { type Disposable, type Event, EventEmitter } from "vscode";
import type { PoolHistory, PoolSample, PoolView } from "../../../shared/protocol/pool.ts";
import type { Clock } from "../../model/database.ts";
import type { PoolSources } from "../../model/pool/pool-source.ts";
import { samplePool } from "../../model/pool/pool-view.ts";
import { RingBuffer } from "../../model/ring-buffer.ts";

const SAMPLE_MILLIS = 500;
/** Two minutes of history. */
const HISTORY_LENGTH = 240;
/** After an event, so that a burst of them makes one refresh. */
const EVENT_DELAY_MILLIS = 50;

/** Looks at the pools twice a second and after each event, but only while somebody watches. */
export class PoolMonitor implements Disposable {
  readonly #sources: PoolSources;
  readonly #clock: Clock;
  readonly #changed = new EventEmitter<void>();
  readonly #watchers = new Set<object>();
  readonly #history = new Map<string, RingBuffer<PoolSample>>();
  readonly #forgetSources: () => void;
  #stopTick: (() => void) | null = null;
  #stopSoon: (() => void) | null = null;
  /** Fires when the pools are worth looking at again. */
  readonly onDidChange: Event<void> = this.#changed.event;

  constructor(parts: { sources: PoolSources; clock: Clock }) {
    this.#sources = parts.sources;
    this.#clock = parts.clock;
    this.#forgetSources = parts.sources.onDidChange(() => this.#soon());
  }

  /** Every pool as it is now. */
  get pools(): readonly PoolView[] {
    return this.#sources.pools;
  }

  /** Every pool with its recent past. */
  get histories(): readonly PoolHistory[] {
    return this.pools.map((pool) => ({ pool, samples: this.#history.get(pool.key)?.toArray() ?? [] }));
  }

  get historyMillis(): number {
    return HISTORY_LENGTH * SAMPLE_MILLIS;
  }

  /** Whether a view shows that draws the pools. */
  get isWatched(): boolean {
    return this.#watchers.size > 0;
  }

  /** Samples from now on for a view that shows. */
  watch(watcher: object): void {
    this.#watchers.add(watcher);
    if (this.#stopTick === null) this.#tick();
  }

  unwatch(watcher: object): void {
    this.#watchers.delete(watcher);
    if (this.#watchers.size > 0) return;
    this.#stopTick?.();
    this.#stopTick = null;
  }

  dispose(): void {
    this.#stopTick?.();
    this.#stopSoon?.();
    this.#forgetSources();
    this.#changed.dispose();
  }

  #tick(): void {
    this.#stopTick = this.#clock.after(SAMPLE_MILLIS, () => this.#tick());
    this.#sample();
    this.#changed.fire();
  }

  #soon(): void {
    this.#stopSoon ??= this.#clock.after(EVENT_DELAY_MILLIS, () => {
      this.#stopSoon = null;
      if (this.#watchers.size > 0) this.#sample();
      this.#changed.fire();
    });
  }

  #sample(): void {
    const at = Date.now();
    const { pools } = this;
    for (const pool of pools) {
      const samples = this.#history.get(pool.key) ?? new RingBuffer<PoolSample>(HISTORY_LENGTH);
      this.#history.set(pool.key, samples);
      samples.push(samplePool(pool, at));
    }
    const keys = new Set(pools.map(({ key }) => key));
    for (const key of this.#history.keys()) if (!keys.has(key)) this.#history.delete(key);
  }
}
