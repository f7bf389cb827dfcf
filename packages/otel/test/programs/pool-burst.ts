import { SpanStatusCode, trace } from "@opentelemetry/api";
import { createPool, type Pool } from "@rockpool/core";
import { startObservability } from "../../src/index.ts";

/*
 * A small service under uneven load, for pictures and dashboards: calm requests, then a burst that makes callers wait, one
 * report that holds its connection, one transaction that fails, one connection that the server ends.
 */
const [url = "", seconds = "0"] = process.argv.slice(2);

const observability = startObservability({ serviceName: "shop" });
const tracer = trace.getTracer("shop");

async function request<T>(name: string, work: () => Promise<T>): Promise<void> {
  await tracer.startActiveSpan(name, async (span) => {
    try {
      await work();
    } catch (error) {
      span.setStatus({ code: SpanStatusCode.ERROR, message: error instanceof Error ? error.name : "error" });
    } finally {
      span.end();
    }
  });
}

const pause = (millis: number) => new Promise<void>((resolve) => setTimeout(resolve, millis));

function order(pool: Pool, id: number): Promise<void> {
  return request("POST /orders", async () => {
    await pool.transaction(async (tx) => {
      await tx.query("select * from generate_series(1, $1) as item", [id % 20]);
      await tx.query("select pg_sleep($1)", [0.002 + (id % 7) / 1_000]);
      if (id % 13 === 0) await tx.query("select 1 / $1::int", [0]);
    });
    await pool.query("select $1::int as stock", [id]);
  });
}

function page(pool: Pool, id: number): Promise<void> {
  return request("GET /products", async () => {
    await pool.use(async (connection) => {
      await connection.query("select pg_sleep($1)", [0.001 + (id % 5) / 1_000]);
      await pause(id % 4);
      await connection.query("select $1::int as id", [id]);
    });
  });
}

async function round(pool: Pool): Promise<void> {
  for (let id = 1; id <= 12; id += 1) {
    await Promise.all([page(pool, id), id % 3 === 0 ? order(pool, id) : pool.query("select $1::int", [id])]);
    await pause(4);
  }
  const report = request("GET /report", () => pool.query("select pg_sleep($1)", [0.12]));
  await Promise.all(Array.from({ length: 24 }, (_, id) => (id % 2 === 0 ? page(pool, id) : order(pool, id))));
  await request("POST /terminate", () => pool.query("select pg_terminate_backend(pg_backend_pid())"));
  await report;
  for (let id = 1; id <= 6; id += 1) {
    await page(pool, id);
    await pause(6);
  }
}

{
  await using pool = createPool(url, { name: "orders", max: 4, telemetry: { lifecycleSpans: true } });
  await using reports = createPool(url, {
    name: "reports",
    max: 1,
    acquireTimeoutMillis: 150,
    telemetry: { lifecycleSpans: true },
  });
  await Promise.all([pool.open({ wait: true }), reports.open({ wait: true })]);
  const until = Date.now() + Number(seconds) * 1_000;
  do {
    const night = Promise.all(
      [0, 1, 2].map(() => request("GET /night-report", () => reports.query("select pg_sleep($1)", [0.1]))),
    );
    await round(pool);
    await night;
  } while (Date.now() < until);
}
await observability.shutdown();
