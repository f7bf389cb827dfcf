import type { ConnectionFactory, OpenConnection } from "@rockpool/core";
import type { ServerBackend } from "../model/database.ts";

const APPLICATION_NAME = "Rockpool for VS Code (activity)";
const IDLE_MILLIS = 10_000;
const ANSWER_MILLIS = 5_000;

const BACKENDS = `
  select pid, datname as database, usename as user, application_name,
    state, (extract(epoch from clock_timestamp() - state_change) * 1000)::float8 as state_millis,
    wait_event_type || ':' || wait_event as wait_event,
    (extract(epoch from clock_timestamp() - query_start) * 1000)::float8 as query_millis
  from pg_catalog.pg_stat_activity
  where pid = any($1) and backend_type = 'client backend'
  order by pid`;

interface BackendRow {
  readonly pid: number;
  readonly database: string | null;
  readonly user: string | null;
  readonly application_name: string | null;
  readonly state: string | null;
  readonly state_millis: number | null;
  readonly wait_event: string | null;
  readonly query_millis: number | null;
}

/**
 * Asks a server about its processes, on one connection of its own: the pool's numbers are never changed by looking at them,
 * and a pool that is exhausted can still be looked at. The connection is opened by the first question and closes when none came for a while.
 */
export class ServerWatch {
  readonly #factory: ConnectionFactory;
  #connection: Promise<OpenConnection> | null = null;
  #idle: NodeJS.Timeout | null = null;
  /** One question at a time. */
  #queue: Promise<unknown> = Promise.resolve();

  constructor(factory: ConnectionFactory) {
    this.#factory = factory;
  }

  async backends(pids: readonly number[]): Promise<readonly ServerBackend[]> {
    const { rows } = await this.#ask((connection, signal) =>
      connection.query<BackendRow>(BACKENDS, [[...pids]], { signal }),
    );
    return rows.map((row) => ({
      pid: row.pid,
      database: row.database,
      user: row.user,
      applicationName: row.application_name,
      state: row.state,
      stateMillis: row.state_millis,
      waitEvent: row.wait_event,
      queryMillis: row.query_millis,
    }));
  }

  async end(pid: number, how: "cancel" | "terminate"): Promise<boolean> {
    const text = `select pg_catalog.pg_${how}_backend($1) as is_ended`;
    const { rows } = await this.#ask((connection, signal) =>
      connection.query<{ is_ended: boolean }>(text, [pid], { signal }),
    );
    return rows[0]?.is_ended === true;
  }

  async close(): Promise<void> {
    if (this.#idle !== null) clearTimeout(this.#idle);
    const connection = this.#connection;
    this.#connection = null;
    await connection?.then((open) => open.close()).catch(() => {});
  }

  #ask<T>(question: (connection: OpenConnection, signal: AbortSignal) => Promise<T>): Promise<T> {
    const answer = this.#queue.then(async () => {
      try {
        const signal = AbortSignal.timeout(ANSWER_MILLIS);
        return await question(await this.#open(signal), signal);
      } catch (error) {
        // Whatever it was, a fresh connection is the surest way to ask again.
        await this.close();
        throw error;
      } finally {
        this.#closeLater();
      }
    });
    this.#queue = answer.catch(() => {});
    return answer;
  }

  #open(signal: AbortSignal): Promise<OpenConnection> {
    if (this.#idle !== null) clearTimeout(this.#idle);
    this.#connection ??= this.#connect(signal);
    return this.#connection;
  }

  async #connect(signal: AbortSignal): Promise<OpenConnection> {
    const connection = await this.#factory.connect({ signal });
    await connection.query("select set_config('application_name', $1, false)", [APPLICATION_NAME], {
      signal,
    });
    return connection;
  }

  #closeLater(): void {
    if (this.#idle !== null) clearTimeout(this.#idle);
    this.#idle = this.#connection === null ? null : setTimeout(() => void this.close(), IDLE_MILLIS);
    this.#idle?.unref();
  }
}
