import type { BenchCase, Contestant } from "../bench-case.ts";
import { fill, type PeerPool, peerPools, rockpool } from "../peers/pools.ts";

const total = 300_000;

/** Queues `waiters` at once, as often as it takes to serve `total` of them. */
async function serve(pool: PeerPool, waiters: number, scale: number): Promise<number> {
  const rounds = Math.max(1, Math.ceil((total * scale) / waiters));
  const start = performance.now();
  for (let round = 0; round < rounds; round += 1) {
    await Promise.all(
      Array.from({ length: waiters }, async () => {
        const release = await pool.acquire();
        release();
      }),
    );
  }
  return ((performance.now() - start) * 1_000) / (rounds * waiters);
}

function waiters(count: number): BenchCase {
  return {
    name: `waiters-${count}`,
    question: `What does one of ${count.toLocaleString("en")} queued callers cost?`,
    columns: [{ name: "each", unit: "µs a waiter", isLowerBetter: true }],
    baseline: "pg.Pool",
    setUp: async ({ databaseUrl, scale }) => {
      const pools = peerPools(databaseUrl);
      const contestants: Contestant[] = [];
      for (const pool of pools) {
        // tarn searches an array at each release, so it is asked about short queues only.
        const isLeftOut = pool.name === "tarn" && count > 1_000;
        if (isLeftOut) await pool.close();
        else {
          await fill(pool);
          contestants.push({
            name: pool.name,
            run: async () => ({ each: await serve(pool, count, scale) }),
            close: () => pool.close(),
          });
        }
      }
      return contestants;
    },
  };
}

async function abandon(databaseUrl: string, count: number, aborted: number): Promise<Contestant> {
  const pool = rockpool(databaseUrl);
  return {
    name: aborted === 0 ? "none aborted" : "90 % aborted",
    run: async () => {
      const held = await Promise.all(Array.from({ length: 10 }, () => pool.acquire()));
      const start = performance.now();
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
      return { each: ((performance.now() - start) * 1_000) / count };
    },
    close: () => pool.close(),
  };
}

const abortedWaiters: BenchCase = {
  name: "waiters-aborted",
  question: "What does a caller cost who gives up while queued?",
  columns: [{ name: "each", unit: "µs a waiter", isLowerBetter: true }],
  baseline: "none aborted",
  setUp: ({ databaseUrl, scale }) =>
    Promise.all([0, 0.9].map((share) => abandon(databaseUrl, Math.ceil(20_000 * scale), share))),
};

export const waiterCases: readonly BenchCase[] = [...[100, 10_000, 100_000].map(waiters), abortedWaiters];
