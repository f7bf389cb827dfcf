import { execFile } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { parseArgs, promisify } from "node:util";
import { createConnectionFactory } from "@rockpool/core";
import { startPostgres } from "@rockpool/postgres";
import type { BenchCase, SliceReport } from "./bench-case.ts";
import { cases } from "./cases/index.ts";
import { documentOf, tableOf, tablesIn } from "./report.ts";
import { type CaseSummary, summarise } from "./summary.ts";

const run = promisify(execFile);
const round = fileURLToPath(new URL("./round.js", import.meta.url));
const benchmarks = fileURLToPath(new URL("../../../docs/benchmarks.md", import.meta.url));

const help = `Compares Rockpool with other pools and clients on the same server.

  npm run bench -- [options]

  --only <name>    one case, or all whose names begin so; may be repeated
  --rounds <n>     how many processes each case is run in, one after the other (default 3)
  --quick          one small round of each, to see that everything works; writes nothing
  --list           the cases and the question that each answers
  --help

DATABASE_URL names the server; without it an embedded one is started.
What was measured is written into docs/benchmarks.md; cases that were not run stay there as they are.
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
  const rounds = Number(values.rounds ?? (values.quick ? 1 : 3));
  if (!Number.isInteger(rounds) || rounds < 1)
    throw new TypeError("--rounds must be a whole number of at least 1");
  return { only: values.only ?? [], rounds, scale: values.quick ? 0.02 : 1, isQuick: values.quick ?? false };
}

async function runCase(
  bench: BenchCase,
  rounds: number,
  databaseUrl: string,
  scale: number,
): Promise<CaseSummary> {
  const slices: SliceReport[] = [];
  for (let index = 0; index < rounds; index += 1) {
    process.stderr.write(`${bench.name}: round ${index + 1} of ${rounds}\n`);
    const { stdout } = await run(
      process.execPath,
      ["--expose-gc", round, bench.name, String(index), databaseUrl, String(scale)],
      { maxBuffer: 1 << 24 },
    );
    slices.push(...JSON.parse(stdout));
  }
  return summarise(bench, slices);
}

/** By one connect that is not tried again: a server that is not there is told at once. */
async function serverVersion(databaseUrl: string): Promise<string> {
  const connection = await createConnectionFactory(databaseUrl).connect();
  try {
    const { rows } = await connection.query<{ version: string }>(
      "select current_setting('server_version') as version",
    );
    return rows[0]?.version ?? "?";
  } finally {
    await connection.close();
  }
}

/** Puts tables among those that stand in the document; called after each case, so that a run which is broken off leaves what it has. */
async function writeDocument(
  measured: ReadonlyMap<string, string>,
  run: { rounds: number; serverVersion: string },
): Promise<void> {
  const before = tablesIn(await readFile(benchmarks, "utf8").catch(() => ""));
  const tables = cases.flatMap(({ name }) => measured.get(name) ?? before.get(name) ?? []);
  const setting = {
    date: new Date(),
    rounds: run.rounds,
    command: "npm run bench",
    serverVersion: run.serverVersion,
  };
  await writeFile(benchmarks, documentOf(tables, setting));
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
    const version = await serverVersion(databaseUrl);
    for (const bench of chosen) {
      const table = tableOf(await runCase(bench, wanted.rounds, databaseUrl, wanted.scale));
      process.stdout.write(`${table}\n`);
      if (!wanted.isQuick) {
        await writeDocument(new Map([[bench.name, table]]), {
          rounds: wanted.rounds,
          serverVersion: version,
        });
      }
    }
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
