import type { BenchCase, Contestant } from "../bench-case.ts";
import { rockpool } from "../peers/pools.ts";

const allRows = 500_000;
const hash = "0123456789abcdef0123456789abcdef";
const source = (rows: number): string =>
  `select i as id, md5(i::text) as hash from generate_series(1, ${rows}) i`;

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

/** The same rows as chunks of the text format. */
function* lines(rows: number, onProgress: () => void): Generator<string> {
  for (let first = 1; first <= rows; first += 1_000) {
    const chunk = Array.from({ length: 1_000 }, (_, index) => `${first + index}\t${hash}\n`);
    onProgress();
    yield chunk.join("");
  }
}

export const streamCase: BenchCase = {
  name: "streams",
  question: `How fast, and in how much heap, do ${allRows.toLocaleString("en")} rows pass through a cursor and through COPY?`,
  columns: [
    { name: "rows", unit: "rows/s", isLowerBetter: false },
    { name: "heap", unit: "MiB of heap at most", isLowerBetter: true },
  ],
  baseline: "query into an array",
  slices: 2,
  setUp: async ({ databaseUrl, scale }): Promise<Contestant[]> => {
    const pool = rockpool(databaseUrl);
    const rows = Math.ceil((allRows * scale) / 1_000) * 1_000;
    await pool.script(
      "drop table if exists bench_copy; create unlogged table bench_copy (id int, hash text)",
    );
    return [
      {
        name: "query into an array",
        run: () =>
          measure(async (onProgress) => {
            const { length } = (await pool.query(source(rows))).rows;
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
            for await (const _row of pool.cursor(source(rows), [], { batchSize: 1_000 })) {
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
            const output = pool.copyTo(`copy (${source(rows)}) to stdout`);
            for await (const _chunk of output) onProgress();
            return output.rowCount ?? Number.NaN;
          }),
        close: async () => {},
      },
      {
        name: "COPY in",
        run: () =>
          measure(async (onProgress) => {
            const { rowCount } = await pool.copyFrom("copy bench_copy from stdin", lines(rows, onProgress));
            await pool.query("truncate bench_copy");
            return rowCount ?? Number.NaN;
          }),
        close: () => pool.close(),
      },
    ];
  },
};
