import { trace } from "@opentelemetry/api";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { useServer } from "../pool/server.ts";
import { idOf, parentIdOf, TestSdk } from "./sdk.ts";

const world = useServer();
let sdk: TestSdk;

beforeEach(() => {
  sdk = TestSdk.start();
});

afterEach(() => {
  TestSdk.stop();
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
