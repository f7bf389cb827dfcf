import { SpanStatusCode, trace } from "@opentelemetry/api";
import { createPool, type Pool } from "@rockpool/core";
import { startObservability } from "../../src/index.ts";

/*
 * A small shop under uneven load, for pictures and dashboards: calm requests, then a burst that makes callers wait, one
 * report that holds its connection, one transaction that fails, one connection that the server ends.
 */
const [url = "", seconds = "0"] = process.argv.slice(2);

await createTables();
const observability = startObservability({ serviceName: "shop" });
const tracer = trace.getTracer("shop");

/** Before telemetry starts, so that no picture shows it. */
async function createTables(): Promise<void> {
  await using pool = createPool(url, { name: "setup", max: 1 });
  await pool.query("CREATE TABLE IF NOT EXISTS products (id int PRIMARY KEY, name text)");
  await pool.query(
    "CREATE TABLE IF NOT EXISTS orders (id serial PRIMARY KEY, product int, quantity int CHECK (quantity > 0))",
  );
  await pool.query(
    "INSERT INTO products SELECT id, 'product ' || id FROM generate_series(1, 50) AS id ON CONFLICT DO NOTHING",
  );
}

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
      await tx.query("SELECT name, pg_sleep($2) FROM products WHERE id = $1", [id, 0.002 + (id % 7) / 1_000]);
      await tx.query("INSERT INTO orders (product, quantity) VALUES ($1, $2)", [id, id % 13 === 0 ? 0 : 1]);
    });
    await pool.query("SELECT count(*) FROM orders WHERE product = $1", [id]);
  });
}

function page(pool: Pool, id: number): Promise<void> {
  return request("GET /products", async () => {
    await pool.use(async (connection) => {
      await connection.query("SELECT *, pg_sleep($2) FROM products WHERE id = $1", [
        id,
        0.001 + (id % 5) / 1_000,
      ]);
      await pause(id % 4);
      await connection.query("SELECT * FROM orders WHERE product = $1 LIMIT 5", [id]);
    });
  });
}

function report(pool: Pool, name: string): Promise<void> {
  return request(name, () =>
    pool.query("SELECT count(*), pg_sleep(0.1) FROM products JOIN orders ON product = products.id"),
  );
}

async function round(pool: Pool): Promise<void> {
  for (let id = 1; id <= 12; id += 1) {
    const lookup = () => pool.query("SELECT name FROM products WHERE id = $1", [id]);
    await Promise.all([page(pool, id), id % 3 === 0 ? order(pool, id) : request("GET /name", lookup)]);
    await pause(4);
  }
  const slow = request("GET /report", () => pool.query("SELECT pg_sleep(0.12), count(*) FROM orders"));
  await Promise.all(Array.from({ length: 24 }, (_, id) => (id % 2 === 0 ? page(pool, id) : order(pool, id))));
  await request("POST /terminate", () => pool.query("SELECT pg_terminate_backend(pg_backend_pid())"));
  await slow;
  for (let id = 1; id <= 6; id += 1) {
    await page(pool, id);
    await pause(6);
  }
}

{
  const telemetry = { lifecycleSpans: true };
  await using pool = createPool(url, { name: "orders", max: 4, telemetry });
  await using reports = createPool(url, {
    name: "reports",
    min: 1,
    max: 1,
    acquireTimeoutMillis: 150,
    telemetry,
  });
  await Promise.all([pool.open({ wait: true }), reports.open({ wait: true })]);
  const until = Date.now() + Number(seconds) * 1_000;
  do {
    const night = Promise.all(Array.from({ length: 3 }, () => report(reports, "GET /night-report")));
    await round(pool);
    await night;
  } while (Date.now() < until);
}
await observability.shutdown();
