import type { PoolView, SlotStateView, SlotView } from "../../../shared/protocol/pool.ts";
import type { Clock, Database, ServerBackend } from "../database.ts";
import { isSameServer, serverPlace } from "./server-place.ts";

/** Which processes of which server are behind the slots of a pool. */
export interface ServerQuestion {
  readonly poolKey: string;
  readonly database: Database;
  readonly pids: readonly number[];
}

/**
 * The open connection whose server a pool's connections lead to: its own, or for a program's pool one with the same address.
 * Null where none is open.
 */
export function serverBehind(pool: PoolView, databases: readonly Database[]): Database | null {
  if (pool.origin.kind === "own") return databases.find(({ name }) => name === pool.name) ?? null;
  const place = pool.target === null ? null : serverPlace(pool.target);
  if (place === null) return null;
  return databases.find(({ servers }) => servers.some((server) => isSameServer(server, place))) ?? null;
}

/** What to ask of which server, so that every slot can be joined. */
export function serverQuestions(
  pools: readonly PoolView[],
  databases: readonly Database[],
): readonly ServerQuestion[] {
  return pools.flatMap((pool) => {
    const database = serverBehind(pool, databases);
    const pids = pool.slots.flatMap(({ backendPid }) => backendPid ?? []);
    return database === null || pids.length === 0 ? [] : [{ poolKey: pool.key, database, pids }];
  });
}

/** Servers are asked only while somebody looks, and what they said a while ago is no news of a pool. */
const FRESH_MILLIS = 6_000;

/** The last answers of the servers, and pools joined with them. */
export class ServerActivity {
  readonly #clock: Clock;
  #byPool: ReadonlyMap<string, ReadonlyMap<number, ServerBackend>> = new Map();
  #answeredAt = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Replaces all answers; what is not told any more is not shown any more. */
  replace(answers: ReadonlyMap<string, readonly ServerBackend[]>): void {
    this.#answeredAt = this.#clock.now();
    this.#byPool = new Map(
      [...answers].map(([poolKey, backends]) => [poolKey, new Map(backends.map((one) => [one.pid, one]))]),
    );
  }

  /** The pool with what the server says of each slot. */
  join(pool: PoolView): PoolView {
    const backends = this.#byPool.get(pool.key);
    if (backends === undefined || this.#clock.now() - this.#answeredAt > FRESH_MILLIS) return pool;
    const isOwn = pool.origin.kind === "own";
    const database = pool.target === null || isOwn ? null : (serverPlace(pool.target)?.database ?? null);
    const slots = pool.slots.map((slot) => {
      const backend = slot.backendPid === null ? undefined : backends.get(slot.backendPid);
      // A process of that number that serves another database is another connection, say on another server.
      const isOther = database !== null && backend?.database != null && backend.database !== database;
      return backend === undefined || isOther ? slot : joined(slot, backend, isOwn);
    });
    return { ...pool, slots };
  }
}

function joined(slot: SlotView, backend: ServerBackend, isOwn: boolean): SlotView {
  if (backend.state === null) return slot;
  const server = { state: backend.state, waitEvent: backend.waitEvent };
  const seen = isOwn || slot.leak !== null ? null : stateSeen(backend.state);
  // What is known of a suspected leak reaches back to its acquire. Otherwise a program's spans tell of a use only when it has ended; the server sees it while it lasts.
  if (seen === null || slot.state === seen) return { ...slot, server };
  return { ...slot, server, state: seen, forMillis: backend.stateMillis ?? slot.forMillis };
}

function stateSeen(state: string): SlotStateView | null {
  if (state === "active" || state === "fastpath function call") return "running";
  return state.startsWith("idle in transaction") ? "kept" : null;
}
