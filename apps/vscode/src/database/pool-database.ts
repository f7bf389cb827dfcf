import type { ConnectionTarget, Pool } from "@rockpool/core";
import type {
  Caller,
  Database,
  DatabaseLease,
  PingTimes,
  PoolNumbers,
  PoolSlot,
  ServerAddress,
  ServerBackend,
  ServerFacts,
} from "../model/database.ts";
import type { LaneTracer } from "./lane-tracer.ts";
import { PoolLease } from "./pool-lease.ts";
import type { ServerWatch } from "./server-watch.ts";
import { writingFunctions } from "./writing-functions.ts";

/** What is known of a pool when it is made. */
export interface PoolAbout {
  readonly target: ConnectionTarget;
  readonly facts: ServerFacts;
  /** Names of the database's own types by OID. */
  readonly catalog: ReadonlyMap<number, string>;
  readonly tracer: LaneTracer;
  readonly watch: ServerWatch;
}

/** A Rockpool pool as the extension uses it. */
export class PoolDatabase implements Database {
  readonly name: string;
  readonly target: string;
  readonly facts: ServerFacts;
  readonly servers: readonly ServerAddress[];
  readonly #watch: ServerWatch;
  readonly #pool: Pool;
  readonly #catalog: ReadonlyMap<number, string>;

  readonly #tracer: LaneTracer;

  constructor(name: string, pool: Pool, about: PoolAbout) {
    this.name = name;
    this.target = describeTarget(about.target);
    this.facts = about.facts;
    this.#catalog = about.catalog;
    this.servers = about.target.hosts;
    this.#watch = about.watch;
    this.#pool = pool;
    this.#tracer = about.tracer;
  }

  async acquire(signal: AbortSignal, caller?: Caller): Promise<DatabaseLease> {
    const lease = await this.#tracer.callFor(caller ?? null, () => this.#pool.acquire({ signal }));
    return new PoolLease(lease, {
      catalog: this.#catalog,
      majorVersion: Number.parseInt(this.facts.version, 10),
      watchLoss: (connectionId, listener) => this.#watchLoss(connectionId, listener),
      tracer: this.#tracer,
    });
  }

  writingFunctions(names: readonly string[], signal: AbortSignal): Promise<readonly string[]> {
    return writingFunctions(this.#pool, names, signal);
  }

  async tableName(oid: number, signal: AbortSignal): Promise<string | null> {
    const { rows } = await this.#pool.query<{ name: string }>(
      "select format('%I.%I', nspname, relname) as name from pg_class join pg_namespace n on n.oid = relnamespace where pg_class.oid = $1",
      [oid],
      { signal },
    );
    return rows[0]?.name ?? null;
  }

  numbers(): PoolNumbers {
    const { max, total, idle, acquired, connecting, waiting } = this.#pool.stats();
    return { max, total, idle, acquired, connecting, waiting };
  }

  slots(): readonly PoolSlot[] {
    return this.#pool.slots();
  }

  onDidChange(listener: () => void): () => void {
    return this.#pool.onEvent(() => listener());
  }

  #watchLoss(connectionId: string, listener: (error: unknown) => void): () => void {
    return this.#pool.onEvent((event) => {
      if (event.type === "lost" && event.connectionId === connectionId) listener(event.error);
    });
  }

  backends(pids: readonly number[]): Promise<readonly ServerBackend[]> {
    return this.#watch.backends(pids);
  }

  endBackend(pid: number, how: "cancel" | "terminate"): Promise<boolean> {
    return this.#watch.end(pid, how);
  }

  resize(max: number): void {
    this.#pool.resize({ max });
  }

  evictAll(): Promise<void> {
    return this.#pool.evictAll();
  }

  evictIdle(): void {
    this.#pool.evictIdle();
  }

  async ping(signal: AbortSignal): Promise<PingTimes> {
    const askedAt = performance.now();
    await using lease = await this.#pool.acquire({ signal });
    const acquiredAt = performance.now();
    await lease.query("select 1", [], { signal });
    return { waitMillis: acquiredAt - askedAt, serverMillis: performance.now() - acquiredAt };
  }

  async close(): Promise<void> {
    await Promise.all([this.#pool.close({ timeoutMillis: 1_000 }), this.#watch.close()]);
  }
}

function describeTarget({ user, hosts, database }: ConnectionTarget): string {
  const places = hosts.map(({ host, port }) => `${host.includes(":") ? `[${host}]` : host}:${port}`);
  return `${user}@${places.join(",")}/${database}`;
}
