import type { BenchCase, Contestant } from "../bench-case.ts";
import { exclusive, pgPoolClient, postgresJs } from "../peers/clients.ts";

const narrow = `select i as id, 'name ' || i as name, i * 1.5::float8 as price, i % 2 = 0 as active,
  timestamptz '2026-01-01' + i * interval '1 minute' as created, md5(i::text) as hash from generate_series(1, $1::int) i`;

const types = ["int4", "text", "float8", "bool", "timestamptz", "jsonb"];
const wide = `select ${Array.from({ length: 30 }, (_, column) => {
  const type = types[column % types.length];
  const value =
    type === "int4"
      ? "i"
      : type === "text"
        ? "'value ' || i"
        : type === "float8"
          ? "i / 3.0"
          : type === "bool"
            ? "i % 3 = 0"
            : type === "jsonb"
              ? `jsonb_build_object('i', i)`
              : "timestamptz '2026-01-01' + i * interval '1 hour'";
  return `(${value})::${type} as c${column}`;
}).join(", ")} from generate_series(1, $1::int) i`;

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
    setUp: async ({ databaseUrl, scale }) => {
      const count = Math.ceil(shape.rows * Math.min(1, scale * 4));
      const contestants: Contestant[] = [];
      for (const client of [exclusive(databaseUrl), pgPoolClient(databaseUrl), postgresJs(databaseUrl)]) {
        await client.query(shape.text, [count]);
        contestants.push({
          name: client.name,
          run: async () => {
            const cpu = process.cpuUsage();
            const start = performance.now();
            let rows = 0;
            for (let repeat = 0; repeat < shape.repeats; repeat += 1) {
              rows += (await client.query(shape.text, [count])).length;
            }
            const seconds = (performance.now() - start) / 1_000;
            const { user, system } = process.cpuUsage(cpu);
            return { rows: rows / seconds, cpu: (user + system) / rows };
          },
          close: () => client.close(),
        });
      }
      return contestants;
    },
  };
}

export const rowCases: readonly BenchCase[] = [
  rowsCase("rows-narrow", { text: narrow, rows: 200_000, columns: "6 columns", repeats: 1 }),
  rowsCase("rows-wide", { text: wide, rows: 1_000, columns: "30 columns of mixed types", repeats: 30 }),
];
