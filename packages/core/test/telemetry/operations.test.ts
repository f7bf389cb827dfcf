import { Readable } from "node:stream";
import { trace } from "@opentelemetry/api";
import type { CopyOutput, Pool } from "@rockpool/core";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { rejection, until, useServer } from "../pool/server.ts";
import { idOf, parentIdOf, TestSdk } from "./sdk.ts";

const world = useServer();
let sdk: TestSdk;

beforeEach(() => {
  sdk = TestSdk.start();
});

afterEach(() => {
  TestSdk.stop();
});

describe("every way to the server has a query span under its checkout", () => {
  test("query, with and without a prepared statement", async () => {
    const pool = world.pool();
    await pool.query("select oid from pg_class where oid = $1", [1]);
    await pool.query("select oid from pg_class where oid = $1", [1], { prepare: false });
    const queries = sdk.spansNamed("select pg_class");
    expect(queries.map(parentIdOf)).toEqual(sdk.spansNamed("pool.checkout").map(idOf));
  });

  test("script", async () => {
    await world.pool().script("select 1; select 2");
    expect(parentIdOf(sdk.span("BATCH select"))).toBe(idOf(sdk.span("pool.checkout")));
    expect(sdk.span("BATCH select").attributes["db.operation.batch.size"]).toBe(2);
  });

  test("cursor, also where the reader leaves early", async () => {
    const pool = world.pool();
    for await (const _row of pool.cursor("select oid from pg_class", [], { batchSize: 2 })) break;
    await until(() => sdk.spansNamed("pool.checkout").length === 1);
    expect(parentIdOf(sdk.span("select pg_class"))).toBe(idOf(sdk.span("pool.checkout")));
    expect(sdk.span("select pg_class").attributes).not.toHaveProperty("error.type");
  });

  test("COPY in and out", async () => {
    const pool = world.pool();
    await pool.use(async (connection) => {
      await connection.query("create temp table t (a int)");
      await connection.copyFrom("copy t from stdin", Readable.from(["1\n2\n"]));
      for await (const _chunk of connection.copyTo("copy t to stdout"));
    });
    expect(sdk.spansNamed("copy t").map(parentIdOf)).toEqual(Array(2).fill(idOf(sdk.span("pool.checkout"))));
  });

  test("pipeline", async () => {
    await world.pool().use(async (connection) => {
      await using pipeline = connection.pipeline();
      await Promise.all([pipeline.query("select 1"), pipeline.query("select 2 from pg_class limit 1")]);
    });
    expect(parentIdOf(sdk.span("select"))).toBe(idOf(sdk.span("pool.checkout")));
    expect(parentIdOf(sdk.span("select pg_class"))).toBe(idOf(sdk.span("pool.checkout")));
  });

  test("transaction, whose savepoints are queries of it", async () => {
    await world.pool().transaction(
      async (tx) => {
        await tx.query("select 1");
        await tx.transaction((savepoint) => savepoint.query("select 2 from pg_class limit 1"));
      },
      { isolation: "repeatable read" },
    );
    const transaction = sdk.span("transaction");
    expect(transaction.attributes["rockpool.tx.isolation"]).toBe("repeatable read");
    expect(parentIdOf(transaction)).toBe(idOf(sdk.span("pool.checkout")));
    const children = sdk.spans.filter((span) => parentIdOf(span) === idOf(transaction));
    expect(children.map((span) => span.name)).toEqual([
      expect.stringMatching(/begin/i),
      "select",
      expect.stringMatching(/^savepoint$/i),
      "select pg_class",
      expect.stringMatching(/^release$/i),
      expect.stringMatching(/^commit$/i),
    ]);
  });
});

test("LISTEN is told too, on a connection that is nobody's and beside the pool", async () => {
  const pool = world.pool();
  await trace.getTracer("test").startActiveSpan("caller", async (span) => {
    await using subscription = await pool.listen("orders", { onNotify: () => {} });
    expect(subscription.channel).toBe("orders");
    span.end();
  });
  const listen = sdk.spans.find((span) => /^listen/i.test(span.name));
  expect(listen?.links.map((link) => link.context.spanId)).toEqual([idOf(sdk.span("CONNECT postgres"))]);
  expect(listen?.attributes["rockpool.connection.id"]).toBe("main/listen#1");
  expect(sdk.span("CONNECT postgres").parentSpanContext).toBeUndefined();
});

async function read(output: CopyOutput): Promise<void> {
  for await (const _chunk of output);
}

describe("every span that starts ends exactly once", () => {
  test("on an SQL error", async () => {
    const pool = world.pool();
    await rejection(pool.query("select * from nowhere"));
    expect(sdk.span("select nowhere").attributes["error.type"]).toBe("42P01");
    expect(sdk.ledger.unbalanced).toEqual([]);
  });

  test("on abort", async () => {
    const pool = world.pool();
    const controller = new AbortController();
    const query = pool.query("select pg_sleep(60)", [], { signal: controller.signal });
    await until(() => sdk.ledger.started.some((span) => span.name === "select"));
    controller.abort();
    await rejection(query);
    await until(() => sdk.ledger.unbalanced.length === 0);
    expect(sdk.span("select").attributes["error.type"]).toBe("aborted");
  });

  const endless = "select pg_sleep(60)";
  const silence = { [Symbol.asyncIterator]: () => ({ next: () => new Promise<never>(() => {}) }) };
  test.each<[string, (pool: Pool, signal: AbortSignal) => Promise<unknown>]>([
    ["query", (pool, signal) => pool.query(endless, [], { signal })],
    ["script", (pool, signal) => pool.script(endless, { signal })],
    ["cursor", (pool, signal) => pool.cursor(endless, [], { signal }).read(1)],
    ["COPY out", (pool, signal) => read(pool.copyTo(`copy (${endless}) to stdout`, { signal }))],
    ["COPY in", (pool, signal) => pool.copyFrom("copy pg_temp.t from stdin", silence, { signal })],
    ["transaction", (pool, signal) => pool.transaction((tx) => tx.query(endless), { signal })],
    [
      "pipelined statement",
      (pool, signal) =>
        pool.use((connection) => connection.pipeline().query(endless, [], { signal, prepare: false })),
    ],
  ])("on the abort of a %s, whatever the caller gives as its reason", async (_what, run) => {
    const pool = world.pool({ max: 1 });
    await pool.query("create temp table t (a int)");
    const reason = new RangeError("not any more");
    const controller = new AbortController();
    const running = rejection(run(pool, controller.signal));
    await until(() => sdk.ledger.started.some(({ name }) => /^(select|copy)/.test(name)));
    controller.abort(reason);
    expect(await running).toBe(reason);
    await until(() => sdk.ledger.unbalanced.length === 0);
    const types = sdk.spans.map((span) => span.attributes["error.type"]).filter((type) => type !== undefined);
    expect(new Set(types)).toEqual(new Set(["aborted"]));
  });

  test("on a query's own timeout", async () => {
    const pool = world.pool();
    // One timeout bounds the wait for a connection too, and opening one can take longer.
    (await pool.acquire()).release();
    await rejection(pool.query("select pg_sleep(60)", [], { timeoutMillis: 50 }));
    await until(() => sdk.ledger.unbalanced.length === 0);
    expect(sdk.span("select").attributes["error.type"]).toBe("query_timeout");
  });

  test("on an acquire's timeout, whose waiter never sees a connection", async () => {
    const pool = world.pool({ max: 1 });
    const lease = await pool.acquire();
    await rejection(pool.acquire({ timeoutMillis: 20 }));
    lease.release();
    expect(sdk.spansNamed("pool.checkout")[0]?.attributes["error.type"]).toBe("acquire_timeout");
    expect(sdk.spansNamed("pool.wait")).toHaveLength(2);
    expect(sdk.ledger.unbalanced).toEqual([]);
  });

  test("on a waiter's abort", async () => {
    const pool = world.pool({ max: 1 });
    const lease = await pool.acquire();
    const controller = new AbortController();
    const waiting = pool.acquire({ signal: controller.signal });
    controller.abort(new RangeError("not any more"));
    await rejection(waiting);
    lease.release();
    expect(sdk.spansNamed("pool.checkout")[0]?.attributes["error.type"]).toBe("aborted");
    expect(sdk.ledger.unbalanced).toEqual([]);
  });

  test("on a lost connection, which the checkout tells as discarded", async () => {
    const pool = world.pool();
    const lease = await pool.acquire();
    const query = rejection(lease.query("select pg_sleep(60)"));
    await until(() => sdk.ledger.started.some((span) => span.name === "select"));
    await pool.query("select pg_terminate_backend($1)", [lease.backendPid]);
    await query;
    lease.release();
    await until(() => sdk.ledger.unbalanced.length === 0);
    const lost = sdk.spansNamed("select").find((span) => span.attributes["error.type"] !== undefined);
    expect(lost?.attributes["error.type"]).toMatch(/connection_lost|57P01/);
    // Of this connection: an administrator's shutdown evicts the others of its host as well.
    const own = sdk
      .spansNamed("pool.checkout")
      .filter((span) => span.attributes["rockpool.backend.pid"] === lease.backendPid);
    const events = own.flatMap((span) => span.events);
    expect(events.map((event) => [event.name, event.attributes?.["rockpool.close.reason"]])).toEqual([
      ["connection_discarded", "broken"],
    ]);
  });

  test("on close with a holder and waiters", async () => {
    const pool = world.pool({ max: 1 });
    const lease = await pool.acquire();
    const query = rejection(lease.query("select pg_sleep(60)"));
    const waiters = [rejection(pool.query("select 1")), rejection(pool.acquire())];
    await pool.close({ timeoutMillis: 20 });
    await Promise.all([query, ...waiters]);
    lease.release();
    await until(() => sdk.ledger.unbalanced.length === 0);
    const failures = sdk.spansNamed("pool.checkout").map((span) => span.attributes["error.type"]);
    expect(failures.filter((type) => type === "pool_closed")).toHaveLength(2);
  });

  test("on a failed connect", async () => {
    const pool = world.pool({ acquireTimeoutMillis: 200 });
    await world.server.stop("immediate");
    try {
      await rejection(pool.query("select 1"));
    } finally {
      await world.server.start();
    }
    await pool.close();
    expect(sdk.spansNamed("CONNECT postgres")[0]?.attributes["error.type"]).toMatch(/^ECONNREFUSED$/);
    expect(sdk.ledger.unbalanced).toEqual([]);
  });
});

describe("the spans of a caller belong to the caller's trace", () => {
  test("also where it waited and another trace released the connection", async () => {
    const pool = world.pool({ max: 1 });
    const tracer = trace.getTracer("test");
    const run = (name: string) =>
      tracer.startActiveSpan(name, async (span) => {
        await pool.query(`select '${name}' as who from pg_class limit 1`);
        await pool.use((connection) => connection.query("select 1"));
        span.end();
      });
    await Promise.all(["a", "b", "c", "d"].map(run));
    for (const name of ["a", "b", "c", "d"]) {
      const { traceId } = sdk.span(name).spanContext();
      const own = sdk.spans.filter((span) => span.spanContext().traceId === traceId);
      expect(own.filter((span) => span.name === "pool.checkout")).toHaveLength(2);
      expect(own.filter((span) => span.name === "select pg_class")).toHaveLength(1);
      expect(own.filter((span) => span.name === "select")).toHaveLength(1);
    }
    expect(sdk.ledger.unbalanced).toEqual([]);
  });

  test("also where the callback opens spans of its own", async () => {
    const pool = world.pool();
    const tracer = trace.getTracer("test");
    await pool.use(async (connection) => {
      await tracer.startActiveSpan("inner", async (span) => {
        await connection.query("select 1 from pg_class limit 1");
        span.end();
      });
      await connection.query("select 2");
    });
    expect(parentIdOf(sdk.span("inner"))).toBe(idOf(sdk.span("pool.checkout")));
    expect(parentIdOf(sdk.span("select pg_class"))).toBe(idOf(sdk.span("inner")));
    expect(parentIdOf(sdk.span("select"))).toBe(idOf(sdk.span("pool.checkout")));
  });

  test("also where callers share a connection", async () => {
    const pool = world.pool({ max: 1, pipelining: { depth: 10, connections: 1, fastMillis: 1_000 } });
    const text = "select oid from pg_class where oid = $1";
    for (let warmUp = 0; warmUp < 20; warmUp += 1) await pool.query(text, [warmUp]);
    const tracer = trace.getTracer("test");
    const before = pool.stats().sharedQueries;
    await Promise.all(
      ["a", "b", "c"].map((name) =>
        tracer.startActiveSpan(name, async (span) => {
          await pool.query(text, [1]);
          span.end();
        }),
      ),
    );
    expect(pool.stats().sharedQueries).toBe(before + 3);
    for (const name of ["a", "b", "c"]) {
      const query = sdk
        .spansNamed("select pg_class")
        .find((span) => parentIdOf(span) === idOf(sdk.span(name)));
      expect(query?.links.map((link) => link.attributes)).toEqual([
        { "rockpool.link.type": "connection_setup" },
      ]);
    }
    expect(sdk.ledger.unbalanced).toEqual([]);
  });

  test("and what the pool does for itself is a root", async () => {
    const pool = world.pool({ minIdle: 1 });
    await trace.getTracer("test").startActiveSpan("caller", async (span) => {
      await pool.open({ wait: true });
      span.end();
    });
    expect(sdk.span("CONNECT postgres").parentSpanContext).toBeUndefined();
  });
});

test("the queries of the configure hook are told under the connect", async () => {
  const { createConnectionFactory } = await import("../../src/factory/create-connection-factory.ts");
  const { createPool } = await import("../../src/create-pool.ts");
  const factory = createConnectionFactory(world.server.url, {
    configure: async (connection) => {
      await connection.query("set time zone 'UTC'");
    },
  });
  await using pool = createPool(factory, { name: "configured" });
  await pool.query("select 1");
  expect(parentIdOf(sdk.span("set time"))).toBe(idOf(sdk.span("CONNECT postgres")));
});

test("three pools report what they hold, used and idle together all that is open, at every collection", async () => {
  const pools = ["a", "b", "c"].map((name, index) => world.pool({ name, max: 2 + index }));
  const byPool = (pool: Pool) => ({ "db.client.connection.pool.name": pool.name });
  // Read in the same turn as the pools' own numbers: between two turns they change.
  const truth = sdk.meterProvider.getMeter("test").createObservableGauge("open");
  for (const pool of pools) {
    truth.addCallback((result) => {
      const { total, connecting } = pool.stats();
      result.observe(total - connecting, byPool(pool));
    });
  }
  for (let round = 0; round < 8; round += 1) {
    const work = pools.map((pool) =>
      Promise.all(Array.from({ length: round * 2 }, () => pool.query("select pg_sleep(0.005)"))),
    );
    const collected = await sdk.collect();
    await Promise.all(work);
    const valuesOf = (name: string, pool: Pool) =>
      (collected.get(name)?.dataPoints ?? [])
        .filter(({ attributes }) => attributes["db.client.connection.pool.name"] === pool.name)
        .map(({ value }) => Number(value));
    for (const pool of pools) {
      const counts = valuesOf("db.client.connection.count", pool);
      expect(counts).toHaveLength(2);
      expect(Math.min(...counts)).toBeGreaterThanOrEqual(0);
      expect([counts.reduce((sum, value) => sum + value, 0)]).toEqual(valuesOf("open", pool));
    }
  }
});
