import { createConnectionFactory } from "@rockpool/core";
import { type PostgresServer, startPostgres } from "@rockpool/postgres";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { leakConnection } from "../src/load/leak-connection.ts";
import { type Playground, startPlayground } from "../src/playground.ts";
import { loadSample } from "../src/sample/load-sample.ts";
import { systemClock } from "../src/time/clock.ts";

let server: PostgresServer;
let playground: Playground;

beforeAll(async () => {
  server = await startPostgres();
  playground = await startPlayground({ databaseUrl: server.url, rate: 0, max: 3 });
});

afterAll(async () => {
  await playground?.stop();
  await server?.stop();
});

async function get(
  path: string,
  init: RequestInit = {},
): Promise<{ status: number; body: unknown; headers: Headers }> {
  const response = await fetch(`${playground.url}${path}`, init);
  return { status: response.status, body: await response.json(), headers: response.headers };
}

function checkout(body: unknown): ReturnType<typeof get> {
  return get("/checkout", { method: "POST", body: JSON.stringify(body) });
}

async function value(text: string): Promise<unknown> {
  const { rows } = await playground.pool.query<{ value: unknown }>(`select (${text}) as value`);
  return rows[0]?.value;
}

test("the sample has tens of thousands of rows that look like life", async () => {
  const counted =
    await value(`select array[(select count(*) from shop.customers), (select count(*) from shop.orders),
    (select count(*) from shop.order_lines), (select count(*) from shop.events)]::int[]`);
  expect(counted).toEqual([6_000, 24_000, expect.any(Number), 30_000]);
  expect(
    await value(
      "select count(*)::int from shop.customers where email !~ '^[a-z]+\\.[a-z]+[0-9]+@example\\.com$'",
    ),
  ).toBe(0);
  expect(await value("select count(distinct city)::int from shop.customers")).toBe(28);
  expect(
    await value(
      "select count(*)::int from shop.orders where not exists (select from shop.order_lines where order_id = id)",
    ),
  ).toBe(0);
  const early =
    "select count(*)::int from shop.orders join shop.customers on customers.id = customer_id where ordered_at < created_at";
  expect(await value(early)).toBe(0);
});

test("two servers get the same sample, and a second load leaves it as it is", async () => {
  await using other = await startPostgres();
  const factory = createConnectionFactory(other.url);
  expect(await loadSample(factory)).toBe(true);
  expect(await loadSample(factory)).toBe(false);
  await using connection = await factory.connect();
  for (const table of ["customers", "events"]) {
    const digest = `select md5(string_agg(t::text, ',' order by id)) as digest from shop.${table} as t`;
    expect((await connection.query(digest)).rows).toEqual((await playground.pool.query(digest)).rows);
  }
});

test("a schema of the user's own by the name of the sample is left alone", async () => {
  await using other = await startPostgres();
  const factory = createConnectionFactory(other.url);
  await using connection = await factory.connect();
  await connection.query("create schema shop");
  await expect(loadSample(factory)).rejects.toThrow('a schema "shop" that is not the sample');
});

test("a customer comes with the latest orders", async () => {
  const { status, body } = await get("/customers/1");
  expect(status).toBe(200);
  expect(body).toMatchObject({ id: 1, orders: expect.any(Array) });
});

test.each([
  ["/", 200],
  ["/orders/recent", 200],
  ["/orders/recent?limit=2", 200],
  ["/search?q=lamp", 200],
  ["/pool", 200],
  ["/health", 200],
  ["/orders/recent?limit=many", 400],
  ["/search", 400],
  ["/customers/999999", 404],
  ["/customers/99999999999999999999", 400],
  ["/nothing", 404],
  ["/checkout", 405],
])("GET %s answers %i", async (path, status) => {
  expect((await get(path)).status).toBe(status);
});

test("a refused method is told which one to use", async () => {
  expect((await get("/checkout")).headers.get("allow")).toBe("POST");
});

test("the report names what is bought together", async () => {
  const { body } = await get("/report");
  expect(body).toHaveLength(25);
  expect(body).toHaveProperty("0.bought_with");
});

test("a checkout takes the products from the stock and makes an order", async () => {
  const stock = "select stock from shop.products where id = 3";
  const before = Number(await value(stock));
  const { status, body } = await checkout({ customerId: 1, lines: [{ productId: 3, quantity: 2 }] });
  expect({ status, body }).toMatchObject({ status: 201, body: { lines: 1 } });
  expect(await value(stock)).toBe(before - 2);
});

test("a checkout that cannot be served as a whole changes nothing", async () => {
  const gone = Number(
    await value("select min(id)::int from shop.products where discontinued_at is not null"),
  );
  const orders = "select count(*)::int from shop.orders";
  const before = await value(orders);
  const lines = [
    { productId: 1, quantity: 1 },
    { productId: gone, quantity: 1 },
  ];
  const { status, body } = await checkout({ customerId: 1, lines });
  expect({ status, body }).toEqual({ status: 409, body: { error: `product ${gone} is not in stock` } });
  expect(await value(orders)).toBe(before);
  expect((await checkout({ customerId: 999_999, lines: [lines[0]] })).status).toBe(409);
});

test("a body that is no basket, or too large, is refused", async () => {
  expect((await get("/checkout", { method: "POST", body: "{" })).status).toBe(400);
  const large = await get("/checkout", { method: "POST", body: " ".repeat(100_000) });
  expect(large.status).toBe(413);
});

test("a client that goes away ends its statement on the server", async () => {
  const leaving = new AbortController();
  const request = fetch(`${playground.url}/report`, { signal: leaving.signal }).catch(() => null);
  const running =
    "select count(*)::int from pg_stat_activity where state = 'active' and query like '%bought%' and pid <> pg_backend_pid()";
  await vi.waitFor(async () => expect(await value(running)).toBe(1), { timeout: 10_000, interval: 5 });
  leaving.abort();
  await request;
  await vi.waitFor(async () => expect(await value(running)).toBe(0), { timeout: 10_000, interval: 5 });
});

test("a forgotten connection is noticed and comes back", async () => {
  const end = new AbortController();
  const leak = leakConnection(playground.pool, {
    clock: systemClock,
    heldMillis: 60_000,
    signal: end.signal,
  });
  await vi.waitFor(() => expect(playground.meter.leaks).toBe(1), 20_000);
  expect(playground.pool.stats().acquired).toBe(1);
  end.abort(new Error("over"));
  await expect(leak).rejects.toThrow("over");
  expect(playground.pool.stats().acquired).toBe(0);
});

test("under load, thousands of checkouts share few connections", { timeout: 60_000 }, async () => {
  await using loaded = await startPlayground({ databaseUrl: server.url, rate: 400, max: 4 });
  let most = 0;
  loaded.pool.onEvent(() => {
    most = Math.max(most, loaded.pool.stats().total);
  });
  await vi.waitFor(() => expect(loaded.summary().checkouts).toBeGreaterThan(1_000), {
    timeout: 50_000,
    interval: 50,
  });
  const summary = loaded.summary();
  expect(most).toBeLessThanOrEqual(4);
  expect(summary.connectionsOpened).toBeLessThanOrEqual(4);
  expect(summary.reuseRatio).toBeGreaterThan(0.99);
  expect(summary).toMatchObject({ errors: 0, max: 4 });
  expect(summary.queries).toBeGreaterThan(summary.checkouts);
});

test("a port in use is refused with a remedy, and nothing stays open", async () => {
  const port = Number(new URL(playground.url).port);
  await expect(startPlayground({ databaseUrl: server.url, rate: 0, port })).rejects.toThrow(
    `Port ${port} is in use. Stop what uses it, or choose another one with --port.`,
  );
});
