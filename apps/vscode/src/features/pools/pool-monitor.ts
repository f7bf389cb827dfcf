import { type Disposable, type Event, EventEmitter } from "vscode";
import type { PoolHistory, PoolSample, PoolView } from "../../../shared/protocol/pool.ts";
import type { Clock } from "../../model/database.ts";
import { samplePool, viewPool } from "../../model/pool/pool-view.ts";
import { RingBuffer } from "../../model/ring-buffer.ts";
import type { OpenConnections } from "../connections/open-connections.ts";
import type { EditorSessions } from "../leases/editor-sessions.ts";

const SAMPLE_MILLIS = 500;
/** Two minutes of history. */
const HISTORY_LENGTH = 240;
/** After an event, so that a burst of them makes one refresh. */
const EVENT_DELAY_MILLIS = 50;

/** Looks at the pools twice a second and after each event, but only while somebody watches. */
export class PoolMonitor implements Disposable {
  readonly #connections: OpenConnections;
  readonly #sessions: EditorSessions;
  readonly #clock: Clock;
  readonly #changed = new EventEmitter<void>();
  readonly #watchers = new Set<object>();
  readonly #history = new Map<string, RingBuffer<PoolSample>>();
  readonly #subscriptions: Disposable[];
  #stopTick: (() => void) | null = null;
  #stopSoon: (() => void) | null = null;
  /** Fires when the pools are worth looking at again. */
  readonly onDidChange: Event<void> = this.#changed.event;

  constructor(parts: { connections: OpenConnections; sessions: EditorSessions; clock: Clock }) {
    this.#connections = parts.connections;
    this.#sessions = parts.sessions;
    this.#clock = parts.clock;
    this.#subscriptions = [
      parts.connections.onDidChange(() => this.#soon()),
      parts.connections.onDidOpenOrClose(() => this.#soon()),
      parts.sessions.onDidChange(() => this.#soon()),
    ];
  }

  /** Every pool as it is now. */
  get pools(): readonly PoolView[] {
    const now = this.#clock.now();
    return this.#connections.all.map(({ database }) => viewPool(database, this.#sessions.all, now));
  }

  /** Every pool with its recent past. */
  get histories(): readonly PoolHistory[] {
    return this.pools.map((pool) => ({ pool, samples: this.#history.get(pool.name)?.toArray() ?? [] }));
  }

  get historyMillis(): number {
    return HISTORY_LENGTH * SAMPLE_MILLIS;
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
    for (const subscription of this.#subscriptions) subscription.dispose();
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
      const samples = this.#history.get(pool.name) ?? new RingBuffer<PoolSample>(HISTORY_LENGTH);
      this.#history.set(pool.name, samples);
      samples.push(samplePool(pool, at));
    }
    const names = new Set(pools.map(({ name }) => name));
    for (const name of this.#history.keys()) if (!names.has(name)) this.#history.delete(name);
  }
}
