import type { PoolView } from "../../../shared/protocol/pool.ts";
import type { Clock } from "../database.ts";
import type { PoolSources } from "./pool-source.ts";

const LOOK_MILLIS = 500;
/** After an event, so that a burst of them makes one look. */
const EVENT_DELAY_MILLIS = 50;

/**
 * Says twice a second, and soon after each event, that the pools are worth looking at, while somebody watches.
 *
 * Invariant: while nobody watches there is no timer, and no pool is looked at.
 */
export class PoolMonitor {
  readonly #sources: PoolSources;
  readonly #clock: Clock;
  readonly #listeners = new Set<() => void>();
  readonly #watchers = new Set<object>();
  readonly #forgetSources: () => void;
  #stopTick: (() => void) | null = null;
  #stopSoon: (() => void) | null = null;

  constructor(parts: { sources: PoolSources; clock: Clock }) {
    this.#sources = parts.sources;
    this.#clock = parts.clock;
    this.#forgetSources = parts.sources.onDidChange(() => this.#soon());
  }

  /** Every pool as it is now. */
  get pools(): readonly PoolView[] {
    return this.#sources.pools;
  }

  /** Whether a view shows that draws the pools. */
  get isWatched(): boolean {
    return this.#watchers.size > 0;
  }

  /** Calls back when the pools are worth looking at again, until what is returned is disposed of. */
  onDidChange(listener: () => void): { dispose(): void } {
    const own = (): void => listener();
    this.#listeners.add(own);
    return { dispose: () => void this.#listeners.delete(own) };
  }

  /** Looks from now on for a view that shows. */
  watch(watcher: object): void {
    this.#watchers.add(watcher);
    if (this.#stopTick === null) this.#tick();
  }

  unwatch(watcher: object): void {
    this.#watchers.delete(watcher);
    if (!this.isWatched) this.#stop();
  }

  dispose(): void {
    this.#watchers.clear();
    this.#stop();
    this.#forgetSources();
    this.#listeners.clear();
  }

  #stop(): void {
    this.#stopTick?.();
    this.#stopSoon?.();
    this.#stopTick = null;
    this.#stopSoon = null;
  }

  #tick(): void {
    this.#stopTick = this.#clock.after(LOOK_MILLIS, () => this.#tick());
    this.#tell();
  }

  #soon(): void {
    if (!this.isWatched) return;
    this.#stopSoon ??= this.#clock.after(EVENT_DELAY_MILLIS, () => {
      this.#stopSoon = null;
      this.#tell();
    });
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}
