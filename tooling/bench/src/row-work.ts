import type { Figures } from "./bench-case.ts";
import type { PeerClient } from "./peers/clients.ts";

/** Six columns. */
export const narrow = `select i as id, 'name ' || i as name, i * 1.5::float8 as price, i % 2 = 0 as active,
  timestamptz '2026-01-01' + i * interval '1 minute' as created, md5(i::text) as hash from generate_series(1, $1::int) i`;

const types = ["int4", "text", "float8", "bool", "timestamptz", "jsonb"];
/** Thirty columns of mixed types. */
export const wide = `select ${Array.from({ length: 30 }, (_, column) => {
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

/** Reads `count` rows `repeats` times. */
export async function readRows(
  client: PeerClient,
  work: { text: string; count: number; repeats: number },
): Promise<Figures> {
  const cpu = process.cpuUsage();
  const start = performance.now();
  let rows = 0;
  for (let repeat = 0; repeat < work.repeats; repeat += 1) {
    rows += (await client.query(work.text, [work.count])).length;
  }
  const seconds = (performance.now() - start) / 1_000;
  const { user, system } = process.cpuUsage(cpu);
  return { rows: rows / seconds, cpu: (user + system) / rows };
}
