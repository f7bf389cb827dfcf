/**
 * What does a query cost on the way through a session, beside the driver's own pool, in the same run?
 *
 * Each case runs in turn for each round, and the median counts. From this package's folder, with `DATABASE_URL` set:
 *
 *     npx esbuild bench/query-path.ts --bundle --platform=node --format=esm --packages=external \
 *       --conditions=rockpool-source --outfile=node_modules/.cache/query-path.mjs
 *     node node_modules/.cache/query-path.mjs [queries] [rounds]
 */
import pg from "pg";
import { Session } from "../src/connection/session.ts";

const queries = Number(process.argv[2] ?? 40_000);
const rounds = Number(process.argv[3] ?? 3);
const url = new URL(process.env.DATABASE_URL ?? "");
const callers = 64;

async function openSession(): Promise<Session> {
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  const identity = { id: "bench", backendPid: null, host: "", port: 0, database: "", user: "" };
  return Session.adopt(client, {
    identity,
    observer: null,
    types: null,
    pooler: "none",
    statementCacheSize: 256,
    cancel: { open: () => Promise.reject(new Error("not here")) },
  });
}

/** Runs a job `count` times from 64 callers; gives runs per second and microseconds of CPU per run. */
async function drive(count: number, job: (i: number) => Promise<unknown>): Promise<[number, number]> {
  for (let i = 0; i < 500; i++) await job(i);
  let next = 0;
  const caller = async (): Promise<void> => {
    while (next++ < count) await job(next);
  };
  const cpu = process.cpuUsage();
  const start = performance.now();
  await Promise.all(Array.from({ length: callers }, caller));
  const seconds = (performance.now() - start) / 1_000;
  const { user, system } = process.cpuUsage(cpu);
  return [count / seconds, (user + system) / count];
}

const pool = new pg.Pool({ connectionString: url.href, max: 10 });
const client = new pg.Client({ connectionString: url.href });
await client.connect();
const sessions = await Promise.all(Array.from({ length: 10 }, openSession));
const [alone] = sessions;
if (alone === undefined) throw new Error("no session");

const free = [...sessions];
const waiting: ((session: Session) => void)[] = [];
async function exclusively(i: number): Promise<void> {
  const session = free.pop() ?? (await new Promise<Session>((resolve) => waiting.push(resolve)));
  await session.query("select $1::int as x", [i]);
  const waiter = waiting.shift();
  if (waiter === undefined) free.push(session);
  else waiter(session);
}

const wide = `select n as id, 'name ' || n as name, n * 1.5 as price, n % 2 = 0 as even,
  timestamptz '2024-01-01' + n * interval '1 minute' as at, md5(n::text) as hash from generate_series(1, $1::int) n`;
const thirty = `select ${Array.from({ length: 10 }, (_, i) => `n + ${i} as i${i}, 'text ${i} ' || n as t${i}, n * 0.5 as f${i}`).join(", ")}
  from generate_series(1, $1::int) n`;

const cases: Record<string, () => Promise<[number, number]>> = {
  "pg.Pool, 10": () => drive(queries, (i) => pool.query("select $1::int as x", [i])),
  "pg.Pool, 10, named": () =>
    drive(queries, (i) => pool.query({ name: "x", text: "select $1::int as x", values: [i] })),
  "sessions, exclusive, 10": () => drive(queries, exclusively),
  "sessions, pipelined, 1": () => drive(queries, (i) => alone.pipelined("select $1::int as x", [i])),
  "sessions, pipelined, 2": () =>
    drive(queries, (i) => (sessions[i & 1] ?? alone).pipelined("select $1::int as x", [i])),
};
const bulk: Record<string, () => Promise<unknown>> = {
  "200,000 × 6, pg": () => client.query(wide, [200_000]),
  "200,000 × 6, session": () => alone.query(wide, [200_000]),
  "1,000 × 30, pg": () => client.query(thirty, [1_000]),
  "1,000 × 30, session": () => alone.query(thirty, [1_000]),
};

const median = (numbers: number[]): number => numbers.toSorted((a, b) => a - b)[numbers.length >> 1] ?? 0;
const speeds = new Map<string, number[]>();
const costs = new Map<string, number[]>();
const note = (map: Map<string, number[]>, name: string, value: number): void => {
  map.set(name, [...(map.get(name) ?? []), value]);
};
for (let round = 0; round < rounds; round++) {
  for (const [name, run] of Object.entries(cases)) {
    const [speed, cost] = await run();
    note(speeds, name, speed);
    note(costs, name, cost);
  }
  for (const [name, run] of Object.entries(bulk)) {
    const start = performance.now();
    const times = name.startsWith("1,000") ? 20 : 1;
    for (let i = 0; i < times; i++) await run();
    note(speeds, name, (times * 1_000) / (performance.now() - start));
  }
}
for (const [name, values] of speeds) {
  const cost = costs.get(name);
  console.log(
    name.padEnd(28),
    median(values)
      .toFixed(values[0] !== undefined && values[0] > 100 ? 0 : 2)
      .padStart(9),
    "/s",
    cost === undefined ? "" : `${median(cost).toFixed(1)} µs CPU`,
  );
}
await pool.end();
await client.end();
await Promise.all(sessions.map((session) => session.close()));
