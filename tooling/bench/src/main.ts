import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { parseArgs, promisify } from "node:util";
import { createPool } from "@rockpool/core";
import { startPostgres } from "@rockpool/postgres";
import type { BenchCase, RoundReport } from "./bench-case.ts";
import { cases } from "./cases/index.ts";
import { documentOf, tableOf } from "./report.ts";
import { type CaseSummary, summarise } from "./summary.ts";

const run = promisify(execFile);
const round = fileURLToPath(new URL("./round.js", import.meta.url));
const benchmarks = fileURLToPath(new URL("../../../docs/benchmarks.md", import.meta.url));

const help = `Compares Rockpool with other pools and clients on the same server.

  npm run bench -- [options]

  --only <name>    one case, or all whose names begin so; may be repeated
  --rounds <n>     how often each case is run (default 5)
  --quick          one small round of each, to see that everything works; writes nothing
  --list           the cases and the question that each answers
  --help

DATABASE_URL names the server; without it an embedded one is started.
A run of every case writes docs/benchmarks.md.
`;

function options(): { only: readonly string[]; rounds: number; scale: number; isQuick: boolean } | null {
  const { values } = parseArgs({
    options: {
      only: { type: "string", multiple: true },
      rounds: { type: "string" },
      quick: { type: "boolean" },
      list: { type: "boolean" },
      help: { type: "boolean" },
    },
  });
  if (values.help) process.stdout.write(help);
  if (values.list)
    for (const { name, question } of cases) process.stdout.write(`${name.padEnd(22)} ${question}\n`);
  if (values.help || values.list) return null;
  const rounds = Number(values.rounds ?? (values.quick ? 1 : 5));
  if (!Number.isInteger(rounds) || rounds < 1)
    throw new TypeError("--rounds must be a whole number of at least 1");
  return { only: values.only ?? [], rounds, scale: values.quick ? 0.05 : 1, isQuick: values.quick ?? false };
}

async function runCase(
  bench: BenchCase,
  rounds: number,
  databaseUrl: string,
  scale: number,
): Promise<CaseSummary> {
  const reports: RoundReport[] = [];
  for (let index = 0; index < rounds; index += 1) {
    process.stderr.write(`${bench.name}: round ${index + 1} of ${rounds}\n`);
    const { stdout } = await run(
      process.execPath,
      ["--expose-gc", round, bench.name, String(index), databaseUrl, String(scale)],
      { maxBuffer: 1 << 24 },
    );
    reports.push(JSON.parse(stdout));
  }
  return summarise(bench, reports);
}

async function serverVersion(databaseUrl: string): Promise<string> {
  await using pool = createPool(databaseUrl, { name: "bench-setup", max: 1 });
  const { rows } = await pool.query<{ version: string }>(
    "select current_setting('server_version') as version",
  );
  return rows[0]?.version ?? "?";
}

async function main(): Promise<void> {
  const wanted = options();
  if (wanted === null) return;
  const chosen = cases.filter(
    ({ name }) => wanted.only.length === 0 || wanted.only.some((prefix) => name.startsWith(prefix)),
  );
  if (chosen.length === 0) throw new TypeError(`no case begins with ${wanted.only.join(" or ")}; see --list`);
  const given = process.env.DATABASE_URL;
  const server = given === undefined ? await startPostgres({ settings: { max_connections: 200 } }) : null;
  try {
    const databaseUrl = given ?? server?.url ?? "";
    const summaries: CaseSummary[] = [];
    for (const bench of chosen) {
      const summary = await runCase(bench, wanted.rounds, databaseUrl, wanted.scale);
      process.stdout.write(`${tableOf(summary)}\n`);
      summaries.push(summary);
    }
    if (wanted.isQuick || chosen.length < cases.length) return;
    const setting = {
      date: new Date(),
      rounds: wanted.rounds,
      command: "npm run bench",
      serverVersion: await serverVersion(databaseUrl),
    };
    await writeFile(benchmarks, documentOf(summaries, setting));
    process.stderr.write("wrote docs/benchmarks.md\n");
  } finally {
    await server?.stop();
  }
}

try {
  await main();
} catch (error) {
  process.stderr.write(`could not measure: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = error instanceof TypeError ? 2 : 1;
}
