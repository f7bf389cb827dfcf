import type { BenchCase, Contestant } from "../bench-case.ts";
import { rockpool } from "../peers/pools.ts";

const rows = 500_000;
const source = `select i as id, md5(i::text) as hash from generate_series(1, ${rows}) i`;

/** Reads a stream to its end; resolves with its rate and the most heap that it needed above the start. */
async function measure(
  read: (onProgress: () => void) => Promise<number>,
): Promise<{ rows: number; heap: number }> {
  globalThis.gc?.();
  const before = process.memoryUsage().heapUsed;
  let most = before;
  const start = performance.now();
  const count = await read(() => {
    most = Math.max(most, process.memoryUsage().heapUsed);
  });
  return { rows: count / ((performance.now() - start) / 1_000), heap: (most - before) / 1_048_576 };
}

export const streamCase: BenchCase = {
  name: "streams",
  question: `How fast, and in how much heap, do ${rows.toLocaleString("en")} rows pass through a cursor and through COPY?`,
  columns: [
    { name: "rows", unit: "rows/s", isLowerBetter: false },
    { name: "heap", unit: "MiB of heap at most", isLowerBetter: true },
  ],
  baseline: "query into an array",
  setUp: async ({ databaseUrl }): Promise<Contestant[]> => {
    const pool = rockpool(databaseUrl);
    return [
      {
        name: "query into an array",
        run: () =>
          measure(async (onProgress) => {
            const { length } = (await pool.query(source)).rows;
            onProgress();
            return length;
          }),
        close: async () => {},
      },
      {
        name: "cursor",
        run: () =>
          measure(async (onProgress) => {
            let count = 0;
            for await (const _row of pool.cursor(source, [], { batchSize: 1_000 })) {
              count += 1;
              if (count % 1_000 === 0) onProgress();
            }
            return count;
          }),
        close: async () => {},
      },
      {
        name: "COPY out",
        run: () =>
          measure(async (onProgress) => {
            const output = pool.copyTo(`copy (${source}) to stdout`);
            for await (const _chunk of output) onProgress();
            return output.rowCount ?? Number.NaN;
          }),
        close: () => pool.close(),
      },
    ];
  },
};
