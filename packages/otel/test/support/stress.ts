import { trace } from "@opentelemetry/api";
import { createPool, type Pool } from "@rockpool/core";

/** What a pool's own events say of one connection, in the form of the timeline's summary. */
export interface LoggedConnection {
  readonly id: string;
  pid: number | null;
  readonly uses: { useCount: number; source: string }[];
  closed: string | null;
}

/** A generator of numbers in [0, 1) that gives the same ones each time. */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Writes down each event of a pool, by connection. */
export function recordEvents(pool: Pool, log: Map<string, LoggedConnection>): void {
  pool.onEvent((event) => {
    if (event.type === "connected") {
      log.set(event.connectionId, { id: event.connectionId, pid: event.backendPid, uses: [], closed: null });
    } else if (event.type === "acquired") {
      log.get(event.connectionId)?.uses.push({ useCount: event.useCount, source: event.source });
    } else if (event.type === "closed") {
      const connection = log.get(event.connectionId);
      if (connection !== undefined) connection.closed = event.reason;
    }
  });
}

/** One use of a pool, of a kind that chance decides; whatever goes wrong is part of the plan. */
async function useOnce(pool: Pool, random: () => number): Promise<void> {
  const chance = random();
  if (chance < 0.6) await pool.query("select $1::int", [1]);
  else if (chance < 0.75) await pool.use((connection) => connection.query("select 1"));
  else if (chance < 0.85) await pool.transaction((tx) => tx.query("select 2"));
  else if (chance < 0.89) await pool.query("select pg_sleep(0.05)", [], { timeoutMillis: 5 });
  else if (chance < 0.93) {
    const lease = await pool.acquire({ signal: AbortSignal.timeout(1) });
    lease.release();
  } else if (chance < 0.96) (await pool.acquire()).discard();
  else if (chance < 0.99) await pool.query("select * from nowhere");
  else await pool.query("select pg_terminate_backend(pg_backend_pid())");
}

async function work(pool: Pool, random: () => number, left: { count: number }): Promise<void> {
  while (left.count > 0) {
    left.count -= 1;
    if (left.count % 997 === 0) await pool.evictAll();
    await trace.getTracer("test").startActiveSpan("request", async (span) => {
      await useOnce(pool, random).catch(() => {});
      span.end();
    });
  }
}

/** Puts three pools under stress until so many uses were made, closes them, and returns their own log. */
export async function stress(url: string, uses: number): Promise<Map<string, LoggedConnection>> {
  const random = seeded(7);
  const log = new Map<string, LoggedConnection>();
  const pools = ["a", "b", "c"].map((name, index) =>
    createPool(url, {
      name,
      max: 3 + index * 2,
      maxUses: index === 2 ? 25 : null,
      telemetry: { lifecycleSpans: true },
    }),
  );
  for (const pool of pools) recordEvents(pool, log);
  const left = { count: uses };
  await Promise.all(pools.flatMap((pool) => Array.from({ length: 10 }, () => work(pool, random, left))));
  await Promise.all(pools.map((pool) => pool.close()));
  return log;
}
