import type { BenchCase, Column } from "../bench-case.ts";
import { drive } from "../drive.ts";
import { peerPools } from "../peers/pools.ts";

const columns: readonly Column[] = [
  { name: "rate", unit: "acquires/s", isLowerBetter: false },
  { name: "cpu", unit: "µs CPU each", isLowerBetter: true },
];

function acquireRelease(callers: number): BenchCase {
  return {
    name: `acquire-release-${callers}`,
    question: `What does a pool itself cost: acquire and release without a query, ${callers} at once on max 10?`,
    columns,
    baseline: "pg.Pool",
    slices: 5,
    setUp: async ({ databaseUrl, scale }) =>
      Promise.all(
        peerPools(databaseUrl).map(async (pool) => {
          await pool.fill();
          return {
            name: pool.name,
            run: () => drive(Math.ceil(150_000 * scale), callers, pool.cycle),
            close: () => pool.close(),
          };
        }),
      ),
  };
}

export const acquireReleaseCases: readonly BenchCase[] = [1, 10, 100].map(acquireRelease);
