import { createPool } from "@rockpool/core";
import { type PostgresServer, startPostgres } from "@rockpool/postgres";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { startObservability } from "../src/index.ts";
import { OtlpReceiver } from "../src/receiver/index.ts";
import { PoolMetrics, ReuseTimeline, type TimelineLane } from "../src/timeline/index.ts";
import { useEnvironment } from "./support/environment.ts";
import { type LoggedConnection, stress } from "./support/stress.ts";

const USES = 10_000;
const SAMPLED_USES = 3_000;

let server: PostgresServer;

beforeAll(async () => {
  server = await startPostgres({ settings: { max_connections: "60" } });
});

afterAll(async () => {
  await server.stop();
});

afterEach(() => {
  vi.unstubAllEnvs();
});

/** No limit may cut what is compared. */
function newTimeline(): ReuseTimeline {
  return new ReuseTimeline({
    maxLanes: 100_000,
    maxCheckoutsPerLane: 100_000,
    maxQueriesPerLane: 100_000,
    maxFailedAcquires: 100_000,
  });
}

function environmentFor(receiver: OtlpReceiver): Record<string, string> {
  return {
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
    OTEL_EXPORTER_OTLP_COMPRESSION: "gzip",
    OTEL_LOGS_EXPORTER: "none",
    OTEL_BSP_MAX_QUEUE_SIZE: "1000000",
    OTEL_BSP_SCHEDULE_DELAY: "100",
  };
}

async function stressTraced(uses: number, receiver: OtlpReceiver, environment: Record<string, string> = {}) {
  useEnvironment({ ...environmentFor(receiver), ...environment });
  const timeline = newTimeline();
  using _ = receiver.onSpans((spans) => timeline.add(spans));
  const observability = startObservability({ serviceName: "stress", shutdownTimeoutMillis: 60_000 });
  const log = await stress(server.url, uses);
  await observability.shutdown();
  return { log, snapshot: timeline.snapshot() };
}

function asLogged(lane: TimelineLane): LoggedConnection {
  return {
    id: lane.connectionId,
    pid: lane.backendPid,
    uses: lane.checkouts.map((checkout) => ({
      useCount: checkout.useCount ?? 0,
      source: checkout.source ?? "",
    })),
    closed: lane.closed?.reason ?? null,
  };
}

const byId = (a: { id: string }, b: { id: string }) => a.id.localeCompare(b.id, "en", { numeric: true });

test("from the spans that arrive over OTLP, the history of every connection equals the pools' own log", {
  timeout: 300_000,
}, async () => {
  await using receiver = await OtlpReceiver.start({ port: 0 });
  const { log, snapshot } = await stressTraced(USES, receiver);
  const opened = snapshot.lanes.filter((lane) => lane.opened?.failure === null);
  expect(opened.map(asLogged).sort(byId)).toEqual([...log.values()].sort(byId));
  expect(log.size).toBeGreaterThan(50);
  expect([...log.values()].reduce((sum, { uses }) => sum + uses.length, 0)).toBeGreaterThan(USES * 0.9);
  expect(snapshot.lanes.every((lane) => lane.missedUses === 0)).toBe(true);
  expect(receiver.stats()).toMatchObject({ refused: 0, pendingBytes: 0 });
});

test("with one trace in ten, the attributes still order the uses of each connection", {
  timeout: 300_000,
}, async () => {
  await using receiver = await OtlpReceiver.start({ port: 0 });
  const sampler = { OTEL_TRACES_SAMPLER: "parentbased_traceidratio", OTEL_TRACES_SAMPLER_ARG: "0.1" };
  const { log, snapshot } = await stressTraced(SAMPLED_USES, receiver, sampler);
  let seen = 0;
  for (const lane of snapshot.lanes) {
    const logged = log.get(lane.connectionId)?.uses ?? [];
    const uses = lane.checkouts.map((checkout) => ({
      useCount: checkout.useCount ?? 0,
      source: checkout.source ?? "",
    }));
    expect(uses).toEqual(logged.filter((use) => uses.some((one) => one.useCount === use.useCount)));
    seen += uses.length;
  }
  expect(seen).toBeGreaterThan(SAMPLED_USES * 0.05);
  expect(seen).toBeLessThan(SAMPLED_USES * 0.2);
});

test("the numbers of a pool arrive as it reports them, also where it is older than the SDK", async () => {
  await using receiver = await OtlpReceiver.start({ port: 0 });
  useEnvironment(environmentFor(receiver));
  const metrics = new PoolMetrics();
  using _ = receiver.onMetrics((batch) => metrics.add(batch));
  await using pool = createPool(server.url, { name: "older", max: 3 });
  await using observability = startObservability();
  await Promise.all([1, 2].map((id) => pool.query("select $1::int, pg_sleep(0.01)", [id])));
  const lease = await pool.acquire();
  await observability.flush();
  lease.release();
  const { idle, acquired } = pool.stats();
  expect(idle + acquired).toBe(2);
  expect(metrics.pools()).toMatchObject([{ poolName: "older", used: 1, idle: 1, max: 3, pending: 0 }]);
  expect(metrics.pools()[0]?.waitTime?.count).toBe(3);
});

test("the comment with the trace context reaches the server, but no prepared statement", async () => {
  await using receiver = await OtlpReceiver.start({ port: 0 });
  useEnvironment({ ...environmentFor(receiver), OTEL_METRICS_EXPORTER: "none" });
  await using observability = startObservability({ sqlCommenter: { tags: { service: "orders" } } });
  await using pool = createPool(server.url, { name: "commented" });
  const sent = async (prepare: boolean): Promise<unknown> => {
    const text = "select query from pg_stat_activity where pid = pg_backend_pid() and $1::int = 1";
    const { rows } = await pool.query(text, [1], { prepare });
    return rows[0]?.query;
  };
  expect(await sent(false)).toMatch(
    / = 1 \/\*service='orders',traceparent='00-[0-9a-f]{32}-[0-9a-f]{16}-01'\*\/$/,
  );
  expect(await sent(true)).toMatch(/ = 1$/);
  await observability.shutdown();
  expect(await sent(false)).toMatch(/ = 1$/);
});
