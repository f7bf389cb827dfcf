import { SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
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

describe("a leak span", () => {
  const stack = [
    "Error: acquired here",
    "    at async Promise.all (index 0)",
    "    at node:internal/process/task_queues:95:5",
    "    at async Shop.order [as buy] (file:///srv/my%20shop/order.js:12:34)",
    "    at main (/srv/main.js:5:6)",
  ].join("\n");

  test("tells at once who holds a connection, and where it was acquired", () => {
    const pool = new FakePool();
    const checkout = pool.checkout(pool.connect());
    checkout.leakSuspected(stack);
    const span = sdk.span("pool.leak");
    expect(sdk.spansNamed("pool.checkout")).toEqual([]);
    expect(span.kind).toBe(SpanKind.INTERNAL);
    expect(span.status).toEqual({ code: SpanStatusCode.UNSET });
    expect(attributesOf(span)).toEqual({
      "db.client.connection.pool.name": "main",
      "rockpool.connection.id": "main#1",
      "rockpool.backend.pid": 4_001,
      "rockpool.connection.use_count": 1,
      "code.function.name": "Shop.order",
      "code.file.path": "/srv/my shop/order.js",
      "code.line.number": 12,
      "code.column.number": 34,
      "code.stacktrace": stack,
    });
    checkout.released();
    expect(parentIdOf(span)).toBe(idOf(sdk.span("pool.checkout")));
    expect(sdk.ledger.unbalanced).toEqual([]);
  });

  test("is a child of the caller's span where its checkout has none, and tells no place that is not known", () => {
    const pool = new FakePool({ checkoutSpans: "never" });
    const tracer = trace.getTracer("app");
    tracer.startActiveSpan("request", (request) => {
      pool.checkout(pool.connect()).leakSuspected(null);
      pool.checkout(pool.connect()).leakSuspected("Error: acquired here\n    at new Map (<anonymous>)");
      request.end();
    });
    const leaks = sdk.spansNamed("pool.leak");
    const parent = idOf(sdk.span("request"));
    expect(leaks.map(parentIdOf)).toEqual([parent, parent]);
    const [known, unknown] = leaks.map(attributesOf);
    const common = { "db.client.connection.pool.name": "main", "rockpool.connection.use_count": 1 };
    expect(known).toEqual({
      ...common,
      "rockpool.connection.id": "main#1",
      "rockpool.backend.pid": 4_001,
    });
    expect(unknown).toEqual({
      ...common,
      "rockpool.connection.id": "main#2",
      "rockpool.backend.pid": 4_002,
      "code.stacktrace": "Error: acquired here\n    at new Map (<anonymous>)",
    });
  });

  test("is not told of a lease that has gone back", () => {
    const pool = new FakePool();
    const checkout = pool.checkout(pool.connect());
    checkout.released();
    checkout.leakSuspected(stack);
    expect(sdk.spansNamed("pool.leak")).toEqual([]);
  });
});
