import type { BenchCase, Column, Contestant, Surroundings } from "../bench-case.ts";
import { drive } from "../drive.ts";
import {
  exclusive,
  type PeerClient,
  pgPoolClient,
  pgPoolNamed,
  pipelined,
  postgresJs,
  postgresJsExclusive,
  slonik,
} from "../peers/clients.ts";
import { poolSize } from "../peers/peer-pool.ts";
import { pgbench } from "../peers/pgbench.ts";
import { rockpool } from "../peers/pools.ts";

const columns: readonly Column[] = [
  { name: "rate", unit: "statements/s", isLowerBetter: false },
  { name: "cpu", unit: "µs CPU each", isLowerBetter: true },
];

/** Opens every connection and lets each client learn the statement before it is measured. */
async function warmUp(client: PeerClient, text: string, values: readonly unknown[]): Promise<void> {
  for (let round = 0; round < 20; round += 1) {
    await Promise.all(Array.from({ length: poolSize * 2 }, () => client.query(text, values)));
  }
}

async function allClients(databaseUrl: string): Promise<PeerClient[]> {
  return [
    exclusive(databaseUrl),
    pipelined(databaseUrl),
    pgPoolClient(databaseUrl),
    pgPoolNamed(databaseUrl),
    postgresJs(databaseUrl),
    postgresJsExclusive(databaseUrl),
    await slonik(databaseUrl),
  ];
}

const select = "select $1::int as x";

async function selectContestants(
  { databaseUrl, scale }: Surroundings,
  callers: number,
): Promise<Contestant[]> {
  const total = Math.ceil((callers === 1 ? 1_500 : 6_000) * scale);
  const contestants: Contestant[] = [];
  for (const client of await allClients(databaseUrl)) {
    await warmUp(client, select, [1]);
    contestants.push({
      name: client.name,
      run: () => drive(total, callers, (index) => client.query(select, [index])),
      close: () => client.close(),
    });
  }
  const c =
    callers === 64 ? pgbench(databaseUrl, "\\set x random(1, 1000)\nselect :x::int as x;\n", 1) : null;
  return c === null ? contestants : [...contestants, c];
}

const selects = [1, 10, 64, 512].map(
  (callers): BenchCase => ({
    name: `select-${callers}`,
    question: `How many one-row selects does a program get through with ${callers} at once, on max 10?`,
    columns,
    baseline: "pg.Pool",
    slices: 5,
    setUp: (surroundings) => selectContestants(surroundings, callers),
  }),
);

const insert: BenchCase = {
  name: "insert",
  question: "How many one-row inserts, 64 at once, on max 10?",
  columns,
  baseline: "pg.Pool",
  slices: 5,
  setUp: async ({ databaseUrl, scale }) => {
    const admin = rockpool(databaseUrl);
    await admin.script(
      "drop table if exists bench_insert; create unlogged table bench_insert (id int, name text)",
    );
    await admin.close();
    const text = "insert into bench_insert (id, name) values ($1, $2)";
    const contestants: Contestant[] = [];
    for (const client of await allClients(databaseUrl)) {
      await warmUp(client, text, [0, "warm"]);
      contestants.push({
        name: client.name,
        run: () => drive(Math.ceil(4_000 * scale), 64, (index) => client.query(text, [index, "name"])),
        close: () => client.close(),
      });
    }
    return contestants;
  },
};

export const statementCases: readonly BenchCase[] = [...selects, insert];
