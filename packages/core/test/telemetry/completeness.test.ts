import { trace } from "@opentelemetry/api";
import { ParentBasedSampler, TraceIdRatioBasedSampler } from "@opentelemetry/sdk-trace";
import { createPool, type Pool } from "@rockpool/core";
import { type PostgresServer, startPostgres } from "@rockpool/postgres";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import {
  checkoutsOf,
  type Histories,
  historiesOf,
  idOf,
  recordEvents,
  useCountOf,
} from "./connection-history.ts";
import { TestSdk } from "./sdk.ts";

let server: PostgresServer;

beforeAll(async () => {
  server = await startPostgres({ settings: { max_connections: "60" } });
});

afterAll(async () => {
  await server.stop();
});

afterEach(() => {
  TestSdk.stop();
});

/** A generator of numbers in [0, 1) that gives the same ones each time. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** One use of a pool, of a kind that chance decides; whatever goes wrong is part of the plan. */
async function useOnce(pool: Pool, random: () => number): Promise<void> {
  const chance = random();
  if (chance < 0.6) await pool.query("select $1::int", [1]);
  else if (chance < 0.75) await pool.use((connection) => connection.query("select 1"));
  else if (chance < 0.85) await pool.transaction((tx) => tx.query("select 2"));
  else if (chance < 0.9) await pool.query("select pg_sleep(0.05)", [], { timeoutMillis: 5 });
  else if (chance < 0.94)
    await pool.acquire({ signal: AbortSignal.timeout(1) }).then((lease) => lease.release());
  else if (chance < 0.96) (await pool.acquire()).discard();
  else if (chance < 0.98) await pool.query("select * from nowhere");
  else if (chance < 0.99) await pool.query("select pg_terminate_backend(pg_backend_pid())");
  else for await (const _row of pool.cursor("select generate_series(1, 100)", [], { batchSize: 10 })) break;
}

async function worker(pool: Pool, random: () => number, left: { count: number }): Promise<void> {
  while (left.count > 0) {
    left.count -= 1;
    if (left.count % 997 === 0) await pool.evictAll();
    await trace.getTracer("test").startActiveSpan("request", (span) =>
      useOnce(pool, random)
        .catch(() => {})
        .finally(() => span.end()),
    );
  }
}

interface Outcome {
  readonly sdk: TestSdk;
  readonly log: Histories;
}

/** Puts pools under stress until so many uses were made, and closes them. */
async function stress(uses: number, sdk: TestSdk): Promise<Outcome> {
  const random = seeded(42);
  const log: Histories = new Map();
  const pools = ["a", "b", "c"].map((name, index) =>
    createPool(server.url, {
      name,
      max: 3 + index * 2,
      minIdle: index,
      maxUses: index === 2 ? 25 : null,
      validateAfterIdleMillis: 0,
      telemetry: { lifecycleSpans: true },
    }),
  );
  for (const pool of pools) recordEvents(pool, log);
  const left = { count: uses };
  await Promise.all(pools.flatMap((pool) => Array.from({ length: 12 }, () => worker(pool, random, left))));
  await Promise.all(pools.map((pool) => pool.close()));
  return { sdk, log };
}

describe("after 10,000 checkouts with kills, aborts and evictions", () => {
  test("the spans alone tell the history of every connection as the pools' own log does", async () => {
    const { sdk, log } = await stress(10_000, TestSdk.start());
    expect(sdk.ledger.unbalanced).toEqual([]);
    expect(checkoutsOf(sdk.spans).length).toBeGreaterThan(9_000);
    const told = historiesOf(sdk.spans);
    expect([...told.keys()].sort()).toEqual([...log.keys()].sort());
    for (const [id, history] of log) expect([id, told.get(id)]).toEqual([id, history]);
  }, 180_000);

  test("a tenth of the traces still orders the uses of each connection", async () => {
    const sampler = new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(0.1) });
    const { sdk } = await stress(5_000, TestSdk.start({ sampler }));
    const uses = new Map<string, number[]>();
    const byStart = checkoutsOf(sdk.spans).sort((a, b) => compareTimes(a.startTime, b.startTime));
    for (const span of byStart.filter(({ attributes }) => attributes["rockpool.acquire.source"] === "idle")) {
      const id = idOf(span) ?? "";
      uses.set(id, [...(uses.get(id) ?? []), useCountOf(span)]);
    }
    expect(byStart.length).toBeLessThan(2_000);
    for (const counts of uses.values()) expect(counts).toEqual([...counts].sort((a, b) => a - b));
    const exported = new Set(sdk.spans.map((span) => span.spanContext().spanId));
    const linked = sdk.spans.flatMap((span) => span.links.map((link) => link.context.spanId));
    expect(linked.filter((spanId) => !exported.has(spanId))).toEqual([]);
  }, 180_000);
});

function compareTimes(a: readonly [number, number], b: readonly [number, number]): number {
  return a[0] - b[0] || a[1] - b[1];
}
