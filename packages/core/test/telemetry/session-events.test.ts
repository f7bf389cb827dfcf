import { SpanKind } from "@opentelemetry/api";
import { createPool, type Pool, type PoolEvent } from "@rockpool/core";
import { type PostgresServer, startPostgres } from "@rockpool/postgres";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { until } from "../pool/server.ts";
import { attributesOf, TestSdk } from "./sdk.ts";

let server: PostgresServer;
let sdk: TestSdk;

beforeAll(async () => {
  server = await startPostgres();
});

afterAll(async () => {
  await server.stop();
});

beforeEach(() => {
  sdk = TestSdk.start();
});

afterEach(() => {
  TestSdk.stop();
});

/** The types and details of what the pool tells of its sessions, in order. */
function listen(pool: Pool): string[] {
  const heard: string[] = [];
  const tell = (event: PoolEvent): void => {
    if (event.type === "transaction") heard.push(`${event.connectionId} ${event.status}`);
    if (event.type === "cancelling") heard.push(`${event.connectionId} cancelling`);
  };
  pool.onEvent(tell);
  return heard;
}

/** The same, from the events of the checkout spans. */
function told(): string[] {
  return sdk.spansNamed("pool.checkout").flatMap(({ attributes, events }) => {
    const id = attributes["rockpool.connection.id"];
    return events.map(({ name, attributes: own }) =>
      name === "transaction_status"
        ? `${id} ${own?.["rockpool.tx.status"]}`
        : `${id} ${name.replace("cancel_requested", "cancelling")}`,
    );
  });
}

/** Resolves when a statement has been sent. */
async function atWork(): Promise<void> {
  await until(() => sdk.ledger.started.some(({ name }) => name === "select"));
}

test("a transaction that is spelt out in SQL is told as it begins, fails and ends", async () => {
  const pool = createPool(server.url, { name: "spelt" });
  const heard = listen(pool);
  await pool.use(async (connection) => {
    await connection.query("begin");
    await connection.query("select 1");
    await connection.query("select * from nowhere").catch(() => {});
    await connection.query("rollback");
    await connection.script("begin; commit");
    await connection.transaction((tx) => tx.query("select 1"));
  });
  await pool.close();
  expect(heard).toEqual([
    "spelt#1 transaction",
    "spelt#1 failed",
    "spelt#1 idle",
    "spelt#1 transaction",
    "spelt#1 idle",
  ]);
  expect(told()).toEqual(heard);
});

test("a statement that is cancelled says so once, before it ends", async () => {
  const pool = createPool(server.url, { name: "cancelled", min: 1 });
  // The time that a connect takes must not be taken from the statement's.
  await pool.open({ wait: true });
  const heard = listen(pool);
  const controller = new AbortController();
  const query = pool.query("select pg_sleep(30)", [], { signal: controller.signal });
  const rejected = expect(query).rejects.toThrow();
  await atWork();
  controller.abort();
  await rejected;
  await pool.close();
  expect(heard).toEqual(["cancelled#1 cancelling"]);
  expect(told()).toEqual(heard);
  const [checkout] = sdk.spansNamed("pool.checkout");
  const span = sdk.spans.find(({ kind, name }) => kind === SpanKind.CLIENT && !name.startsWith("CONNECT"));
  const nanos = ([seconds, rest]: readonly [number, number] = [0, 0]) => seconds * 1e9 + rest;
  // Starts of events are read from a clock of whole milliseconds.
  expect(nanos(checkout?.events[0]?.time)).toBeLessThanOrEqual(nanos(span?.endTime) + 1e6);
});

test("a cursor that is given up on is cancelled too", async () => {
  const pool = createPool(server.url, { name: "cursor", min: 1 });
  await pool.open({ wait: true });
  const heard = listen(pool);
  const controller = new AbortController();
  const cursor = pool.cursor("select pg_sleep(30)", [], { signal: controller.signal });
  const rejected = expect(cursor.read(1)).rejects.toThrow();
  await atWork();
  controller.abort();
  await rejected;
  await pool.close();
  expect(heard).toEqual(["cursor#1 cancelling"]);
});

test("the span of a close lasts from the decision to the end of the connection", async () => {
  const pool = createPool(server.url, { name: "closing", telemetry: { lifecycleSpans: true } });
  await pool.query("select 1");
  await pool.close();
  const [close] = sdk.spansNamed("connection.close");
  expect(close === undefined ? {} : attributesOf(close)).toMatchObject({
    "rockpool.close.reason": "shutdown",
  });
  const [seconds, nanos] = close?.duration ?? [0, 0];
  expect(seconds * 1e9 + nanos).toBeGreaterThan(0);
});

test("a checkout names the line that asked for it where that is wanted, and only there", async () => {
  const named = createPool(server.url, { name: "named", telemetry: { callSites: true } });
  const plain = createPool(server.url, { name: "plain" });
  await named.query("select 1");
  await named.use((connection) => connection.query("select 1"));
  await plain.query("select 1");
  await Promise.all([named.close(), plain.close()]);
  const places = sdk
    .spansNamed("pool.checkout")
    .map(({ attributes }) => [
      attributes["db.client.connection.pool.name"],
      attributes["code.file.path"],
      typeof attributes["code.line.number"],
    ]);
  expect(places).toEqual([
    ["named", import.meta.filename, "number"],
    ["named", import.meta.filename, "number"],
    ["plain", undefined, "undefined"],
  ]);
});
