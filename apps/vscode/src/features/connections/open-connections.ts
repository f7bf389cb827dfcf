import { type Disposable, type Event, EventEmitter } from "vscode";
import { isSupplied, type Profile } from "../../model/connections/profile.ts";
import type { Clock, ConnectRequest, Database, SpanSink } from "../../model/database.ts";
import type { Log } from "../../vscode/log.ts";
import { poolSettings } from "../../vscode/settings.ts";

/** A profile that is connected, and its pool. */
export interface OpenConnection {
  readonly profile: Profile;
  readonly database: Database;
}

/** The connection string to use this time, which may hold more than what is saved. */
export interface ConnectionSecret {
  readonly connection: string;
  readonly password: string | null;
}

/** The editor gives an extension five seconds in all to end. */
const CLOSE_DEADLINE_MILLIS = 3_000;

/** The pools that are open, one for each connected profile. The driver is loaded by the first. */
export class OpenConnections implements Disposable {
  readonly #open = new Map<string, OpenConnection>();
  readonly #changed = new EventEmitter<void>();
  readonly #openedOrClosed = new EventEmitter<void>();
  readonly #closing = new EventEmitter<Database>();
  readonly #log: Log;
  readonly #clock: Clock;
  readonly #spans: SpanSink;
  #isDisposed = false;
  /** Fires at each event of a pool. */
  readonly onDidChange: Event<void> = this.#changed.event;
  /** Fires when a pool was opened or closed. */
  readonly onDidOpenOrClose: Event<void> = this.#openedOrClosed.event;
  /** Fires before a pool closes, so that sessions let go of it. */
  readonly onWillClose: Event<Database> = this.#closing.event;

  constructor(parts: { log: Log; clock: Clock; spans: SpanSink }) {
    this.#log = parts.log;
    this.#clock = parts.clock;
    this.#spans = parts.spans;
  }

  get all(): readonly OpenConnection[] {
    return [...this.#open.values()];
  }

  get(name: string): OpenConnection | null {
    return this.#open.get(name) ?? null;
  }

  /** Opens a pool and proves that it can connect; throws what the first connect threw. */
  async open(profile: Profile, secret: ConnectionSecret, signal: AbortSignal): Promise<OpenConnection> {
    const existing = this.#open.get(profile.name);
    if (existing !== undefined) return existing;
    const { openDatabase } = await import("../../database/open-database.ts");
    const database = await openDatabase({
      ...requestFor(profile, secret, signal),
      spans: this.#spans,
    });
    const winner = this.#open.get(profile.name);
    if (winner !== undefined || this.#isDisposed) {
      await database.close();
      if (winner === undefined) throw new Error("the extension has ended");
      return winner;
    }
    this.#log.info(`connected: ${profile.name} (${database.target}, PostgreSQL ${database.facts.version})`);
    const opened = { profile, database };
    database.onDidChange(() => this.#changed.fire());
    this.#open.set(profile.name, opened);
    this.#openedOrClosed.fire();
    this.#changed.fire();
    return opened;
  }

  /** What is open under the profile's name is taken for that profile from now on: of what it may do, not of where it leads. */
  adopt(profile: Profile): void {
    const connection = this.#open.get(profile.name);
    if (connection === undefined) return;
    this.#open.set(profile.name, { ...connection, profile });
    this.#openedOrClosed.fire();
    this.#changed.fire();
  }

  async close(name: string): Promise<void> {
    const connection = this.#open.get(name);
    if (connection === undefined) return;
    this.#open.delete(name);
    this.#closing.fire(connection.database);
    this.#openedOrClosed.fire();
    this.#changed.fire();
    await connection.database.close();
    this.#log.info(`disconnected: ${name}`);
  }

  /** Closes every pool, and gives up on those that do not answer in time. */
  async closeAll(): Promise<void> {
    if (this.#open.size === 0) return;
    const closed = Promise.allSettled([...this.#open.keys()].map((name) => this.close(name)));
    let stop = () => {};
    const deadline = new Promise<void>((resolve) => {
      stop = this.#clock.after(CLOSE_DEADLINE_MILLIS, resolve);
    });
    await Promise.race([closed, deadline]);
    stop();
  }

  dispose(): void {
    this.#isDisposed = true;
    void this.closeAll();
    this.#changed.dispose();
    this.#openedOrClosed.dispose();
    this.#closing.dispose();
  }
}

/** What opens a profile, with the settings of its pool. */
export function requestFor(profile: Profile, secret: ConnectionSecret, signal: AbortSignal): ConnectRequest {
  const settings = poolSettings();
  return {
    name: profile.name,
    connection: secret.connection,
    password: secret.password,
    max: profile.max ?? settings.max,
    idleTimeoutMillis: settings.idleTimeoutMillis,
    acquireTimeoutMillis: settings.acquireTimeoutMillis,
    isReadOnly: profile.isReadOnly,
    isUntrusted: isSupplied(profile),
    signal,
  };
}
