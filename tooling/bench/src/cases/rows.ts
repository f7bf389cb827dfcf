import { fileURLToPath } from "node:url";
import type { BenchCase, Contestant } from "../bench-case.ts";
import { exclusive, pgPoolClient, postgresJs } from "../peers/clients.ts";
import { startRemote } from "../remote.ts";
import { narrow, readRows, wide } from "../row-work.ts";

const worker = fileURLToPath(new URL("../workers/rows.js", import.meta.url));

/** Ours where code must not be made from text, as under a strict policy: rows are then decoded cell by cell. */
function withoutCompiler(
  databaseUrl: string,
  work: { text: string; count: number; repeats: number },
): Promise<Contestant> {
  return startRemote({
    name: "rockpool, no code from strings",
    module: worker,
    args: [databaseUrl, work.text, String(work.count), String(work.repeats)],
    nodeOptions: ["--disallow-code-generation-from-strings"],
  });
}

function rowsCase(
  name: string,
  shape: { text: string; rows: number; columns: string; repeats: number },
): BenchCase {
  return {
    name,
    question: `How fast do ${shape.rows.toLocaleString("en")} rows of ${shape.columns} become objects?`,
    columns: [
      { name: "rows", unit: "rows/s", isLowerBetter: false },
      { name: "cpu", unit: "µs CPU a row", isLowerBetter: true },
    ],
    baseline: "pg.Pool",
    slices: 3,
    setUp: async ({ databaseUrl, scale }) => {
      const work = { ...shape, count: Math.ceil(shape.rows * Math.min(1, scale * 4)) };
      const contestants: Contestant[] = [];
      for (const client of [exclusive(databaseUrl), pgPoolClient(databaseUrl), postgresJs(databaseUrl)]) {
        await readRows(client, { ...work, repeats: 1 });
        contestants.push({
          name: client.name,
          run: () => readRows(client, work),
          close: () => client.close(),
        });
      }
      return [...contestants, await withoutCompiler(databaseUrl, work)];
    },
  };
}

export const rowCases: readonly BenchCase[] = [
  rowsCase("rows-narrow", { text: narrow, rows: 200_000, columns: "6 columns", repeats: 1 }),
  rowsCase("rows-wide", { text: wide, rows: 1_000, columns: "30 columns of mixed types", repeats: 10 }),
];
