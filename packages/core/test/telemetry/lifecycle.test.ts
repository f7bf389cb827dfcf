import { SpanKind, trace } from "@opentelemetry/api";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { FakePool } from "./fake-pool.ts";
import { attributesOf, idOf, parentIdOf, TestSdk } from "./sdk.ts";

let sdk: TestSdk;

beforeEach(() => {
  sdk = TestSdk.start();
});

afterEach(() => {
  TestSdk.stop();
});

describe("lifecycle spans", () => {
  test("are off by default", () => {
    const pool = new FakePool();
    const connection = pool.connect();
    expect(connection.maintenance("reset")).toBeNull();
    connection.closed("idle");
    expect(sdk.spans.map((span) => span.name)).toEqual(["CONNECT orders"]);
  });

  test("are roots that link to the connect and the last checkout", () => {
    const pool = new FakePool({ lifecycleSpans: true });
    const connection = pool.connect();
    pool.checkout(connection).released();
    trace.getTracer("test").startActiveSpan("bystander", () => {
      const reset = connection.maintenance("reset");
      pool.run(connection, null, { text: "rollback", isParameterised: false });
      reset?.ended(null);
      connection.maintenance("validate")?.ended(new Error("dead"));
      connection.closed("idle");
    });
    const own = {
      "db.client.connection.pool.name": "main",
      "rockpool.connection.id": "main#1",
      "rockpool.backend.pid": 4_001,
    };
    for (const name of ["connection.reset", "connection.validate", "connection.close"]) {
      const span = sdk.span(name);
      expect(span.parentSpanContext).toBeUndefined();
      expect(span.kind).toBe(SpanKind.INTERNAL);
      expect(span.links.map((link) => link.context.spanId)).toEqual([
        idOf(sdk.span("CONNECT orders")),
        idOf(sdk.span("pool.checkout")),
      ]);
    }
    expect(attributesOf(sdk.span("connection.reset"))).toEqual(own);
    expect(attributesOf(sdk.span("connection.validate"))).toEqual({ ...own, "error.type": "Error" });
    expect(attributesOf(sdk.span("connection.close"))).toEqual({
      ...own,
      "rockpool.connection.use_count": 1,
      "rockpool.connection.age": expect.any(Number),
      "rockpool.close.reason": "idle",
    });
    expect(parentIdOf(sdk.span("rollback"))).toBe(idOf(sdk.span("connection.reset")));
  });
});
