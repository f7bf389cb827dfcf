import { Readable } from "node:stream";
import { trace } from "@opentelemetry/api";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { until, useServer } from "../pool/server.ts";
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
