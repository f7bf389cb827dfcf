import { type Disposable, type Event, EventEmitter } from "vscode";
import type { PoolView } from "../../../shared/protocol/pool.ts";
import type { Clock } from "../../model/database.ts";
import type { PoolHistories } from "../../model/pool/pool-histories.ts";
import type { PoolSources } from "../../model/pool/pool-source.ts";

const LOOK_MILLIS = 500;
/** After an event, so that a burst of them makes one refresh. */
const EVENT_DELAY_MILLIS = 50;

/** Looks at the pools twice a second and after each event, but only while somebody watches. */
export class PoolMonitor implements Disposable {
  readonly #sources: PoolSources;
  readonly #histories: PoolHistories;
  readonly #clock: Clock;
  readonly #changed = new EventEmitter<void>();
  readonly #watchers = new Set<object>();
  readonly #forgetSources: () => void;
  #stopTick: (() => void) | null = null;
  #stopSoon: (() => void) | null = null;
  /** Fires when the pools are worth looking at again. */
  readonly onDidChange: Event<void> = this.#changed.event;

  constructor(parts: { sources: PoolSources; histories: PoolHistories; clock: Clock }) {
    this.#sources = parts.sources;
    this.#histories = parts.histories;
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

  /** Looks from now on for a view that shows. */
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
    this.#histories.dispose();
    this.#changed.dispose();
  }

  #tick(): void {
    this.#stopTick = this.#clock.after(LOOK_MILLIS, () => this.#tick());
    this.#changed.fire();
  }

  #soon(): void {
    this.#stopSoon ??= this.#clock.after(EVENT_DELAY_MILLIS, () => {
      this.#stopSoon = null;
      this.#changed.fire();
    });
  }
}
