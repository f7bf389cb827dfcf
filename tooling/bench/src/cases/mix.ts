import type { BenchCase, Contestant } from "../bench-case.ts";
import { percentile } from "../drive.ts";
import { exclusive, type PeerClient, pgPoolClient, pipelined, postgresJs } from "../peers/clients.ts";

const fast = "select $1::int as x";
const slow = "select pg_sleep(0.05), $1::int as x";

/** 64 callers whose every hundredth statement is slow; how long the others take. */
async function measure(
  client: PeerClient,
  total: number,
): Promise<{ p50: number; p99: number; rate: number }> {
  const samples: number[] = [];
  let next = 0;
  const caller = async (): Promise<void> => {
    while (next < total) {
      next += 1;
      const index = next;
      if (index % 100 === 0) await client.query(slow, [index]);
      else {
        const start = performance.now();
        await client.query(fast, [index]);
        samples.push(performance.now() - start);
      }
    }
  };
  const start = performance.now();
  await Promise.all(Array.from({ length: 64 }, caller));
  const rate = total / ((performance.now() - start) / 1_000);
  return { p50: percentile(samples, 0.5), p99: percentile(samples, 0.99), rate };
}

export const mixCase: BenchCase = {
  name: "mix",
  question: "How long do fast statements take while 1 % of all take 50 ms, 64 at once, on max 10?",
  columns: [
    { name: "p50", unit: "ms", isLowerBetter: true },
    { name: "p99", unit: "ms", isLowerBetter: true },
    { name: "rate", unit: "statements/s", isLowerBetter: false },
  ],
  baseline: "rockpool",
  slices: 3,
  setUp: async ({ databaseUrl, scale }) => {
    const clients = [
      exclusive(databaseUrl),
      pipelined(databaseUrl),
      pgPoolClient(databaseUrl),
      postgresJs(databaseUrl),
    ];
    const contestants: Contestant[] = [];
    for (const client of clients) {
      await measure(client, 2_000);
      contestants.push({
        name: client.name,
        run: () => measure(client, Math.ceil(20_000 * scale)),
        close: () => client.close(),
      });
    }
    return contestants;
  },
};
