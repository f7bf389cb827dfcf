import type { BenchCase, Contestant, Figures } from "../bench-case.ts";
import type { PeerPool } from "../peers/peer-pool.ts";
import { peerPools, rockpool } from "../peers/pools.ts";

/** How many are served for one figure. */
const total = 100_000;

/** Queues `waiters` at once, as often as it takes to serve the total; resolves with the CPU time of each, in microseconds. */
async function serve(pool: PeerPool, waiters: number, scale: number): Promise<number> {
  globalThis.gc?.();
  const rounds = Math.ceil((total * scale) / waiters);
  const start = process.cpuUsage();
  for (let round = 0; round < rounds; round += 1) {
    await Promise.all(Array.from({ length: waiters }, pool.cycle));
  }
  const { user, system } = process.cpuUsage(start);
  return (user + system) / (rounds * waiters);
}

async function measure(pool: PeerPool, scale: number): Promise<Figures> {
  const few = await serve(pool, 100, scale);
  // tarn searches an array at each release, so it is asked about short queues only.
  if (pool.name === "tarn") return { few, many: Number.NaN, most: Number.NaN, growth: Number.NaN };
  const many = await serve(pool, Math.ceil(10_000 * scale), scale);
  const most = await serve(pool, Math.ceil(100_000 * scale), scale);
  return { few, many, most, growth: most / few };
}

const queued: BenchCase = {
  name: "waiters",
  question: "What does a queued caller cost where 100, 10,000 or 100,000 wait?",
  columns: [
    { name: "few", unit: "µs CPU of 100", isLowerBetter: true },
    { name: "many", unit: "µs CPU of 10,000", isLowerBetter: true },
    { name: "most", unit: "µs CPU of 100,000", isLowerBetter: true },
    { name: "growth", unit: "100,000 : 100", isLowerBetter: true },
  ],
  baseline: "pg.Pool",
  slices: 2,
  setUp: ({ databaseUrl, scale }) =>
    Promise.all(
      peerPools(databaseUrl).map(async (pool): Promise<Contestant> => {
        await pool.fill();
        await serve(pool, 100, scale);
        return { name: pool.name, run: () => measure(pool, scale), close: () => pool.close() };
      }),
    ),
};

async function abandon(databaseUrl: string, count: number, aborted: number): Promise<Contestant> {
  const pool = rockpool(databaseUrl);
  return {
    name: aborted === 0 ? "none aborted" : "90 % aborted",
    run: async () => {
      const held = await Promise.all(Array.from({ length: 10 }, () => pool.acquire()));
      const start = process.cpuUsage();
      const controllers = Array.from({ length: count }, () => new AbortController());
      const waiting = controllers.map(({ signal }) =>
        pool.acquire({ signal }).then(
          (lease) => lease.release(),
          () => {},
        ),
      );
      for (let index = 0; index < count * aborted; index += 1) controllers[index]?.abort();
      for (const lease of held) lease.release();
      await Promise.all(waiting);
      const { user, system } = process.cpuUsage(start);
      return { each: (user + system) / count };
    },
    close: () => pool.close(),
  };
}

const abortedWaiters: BenchCase = {
  name: "waiters-aborted",
  question: "What does a caller cost who gives up while queued?",
  columns: [{ name: "each", unit: "µs CPU a waiter", isLowerBetter: true }],
  baseline: "none aborted",
  slices: 5,
  setUp: ({ databaseUrl, scale }) =>
    Promise.all([0, 0.9].map((share) => abandon(databaseUrl, Math.ceil(20_000 * scale), share))),
};

export const waiterCases: readonly BenchCase[] = [queued, abortedWaiters];
