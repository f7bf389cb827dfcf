import type { Disposable } from "vscode";
import type { Clock, ServerBackend } from "../../model/database.ts";
import type { PoolMonitor } from "../../model/pool/pool-monitor.ts";
import {
  type ServerActivity,
  type ServerQuestion,
  serverQuestions,
} from "../../model/pool/server-activity.ts";
import type { Log } from "../../vscode/log.ts";
import type { OpenConnections } from "../connections/open-connections.ts";

const READ_MILLIS = 2_000;
/** After a server did not answer, so that it is not asked over and over again. */
const BACK_OFF_MILLIS = 30_000;

/** Asks the servers about the processes behind the slots, every two seconds while somebody watches the pools, and never otherwise. */
export class ActivityReader implements Disposable {
  readonly #activity: ServerActivity;
  readonly #connections: OpenConnections;
  readonly #monitor: PoolMonitor;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #subscription: Disposable;
  /** When a server may be asked again, by the name of its connection. */
  readonly #silentUntil = new Map<string, number>();
  #nextAt = 0;
  #isReading = false;

  constructor(parts: {
    activity: ServerActivity;
    connections: OpenConnections;
    monitor: PoolMonitor;
    clock: Clock;
    log: Log;
  }) {
    this.#activity = parts.activity;
    this.#connections = parts.connections;
    this.#monitor = parts.monitor;
    this.#clock = parts.clock;
    this.#log = parts.log;
    this.#subscription = parts.monitor.onDidChange(() => this.#readSoon());
  }

  dispose(): void {
    this.#subscription.dispose();
  }

  #readSoon(): void {
    if (this.#isReading || !this.#monitor.isWatched || this.#clock.now() < this.#nextAt) return;
    this.#isReading = true;
    void this.#read().finally(() => {
      this.#isReading = false;
      this.#nextAt = this.#clock.now() + READ_MILLIS;
    });
  }

  async #read(): Promise<void> {
    const databases = this.#connections.all.map(({ database }) => database);
    const now = this.#clock.now();
    const questions = serverQuestions(this.#monitor.pools, databases).filter(
      ({ database }) => now >= (this.#silentUntil.get(database.name) ?? 0),
    );
    const answers = await Promise.all(questions.map((question) => this.#ask(question)));
    this.#activity.replace(new Map(answers.filter((answer) => answer !== null)));
  }

  async #ask({
    poolKey,
    database,
    pids,
  }: ServerQuestion): Promise<[string, readonly ServerBackend[]] | null> {
    try {
      return [poolKey, await database.backends(pids)];
    } catch (error) {
      this.#silentUntil.set(database.name, this.#clock.now() + BACK_OFF_MILLIS);
      this.#log.debug(`${database.name} did not tell of its processes: ${String(error)}`);
      return null;
    }
  }
}
