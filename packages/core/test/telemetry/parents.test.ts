import { context, ROOT_CONTEXT, trace } from "@opentelemetry/api";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { FakePool } from "./fake-pool.ts";
import { idOf, parentIdOf, TestSdk } from "./sdk.ts";

let sdk: TestSdk;

beforeEach(() => {
  sdk = TestSdk.start();
});

afterEach(() => {
  TestSdk.stop();
});

describe("the parent of a query span", () => {
  test("is the checkout while the caller's span is the one of the request", () => {
    const pool = new FakePool();
    const connection = pool.connect();
    trace.getTracer("test").startActiveSpan("caller", () => pool.run(connection, pool.checkout(connection)));
    expect(parentIdOf(sdk.span("select orders"))).toBe(
      idOf(sdk.ledger.started[2] ?? sdk.span("select orders")),
    );
    expect(sdk.ledger.started[2]?.name).toBe("pool.checkout");
  });

  test("is the span that the caller opened since", () => {
    const pool = new FakePool();
    const connection = pool.connect();
    const tracer = trace.getTracer("test");
    const inner = tracer.startActiveSpan("caller", () => {
      const checkout = pool.checkout(connection);
      return tracer.startActiveSpan("inner", (span) => {
        pool.run(connection, checkout);
        return span;
      });
    });
    expect(parentIdOf(sdk.span("select orders"))).toBe(idOf(inner));
  });

  test("is the checkout where the caller has no span left", () => {
    const pool = new FakePool();
    const connection = pool.connect();
    const checkout = trace.getTracer("test").startActiveSpan("caller", () => pool.checkout(connection));
    context.with(ROOT_CONTEXT, () => pool.run(connection, checkout));
    checkout.released();
    expect(parentIdOf(sdk.span("select orders"))).toBe(idOf(sdk.span("pool.checkout")));
  });

  test("is the checkout within run(), as for everything that the callback does", () => {
    const pool = new FakePool();
    const connection = pool.connect();
    const checkout = pool.checkout(connection);
    checkout.run(() => {
      trace.getTracer("test").startSpan("http").end();
      pool.run(connection, checkout);
    });
    checkout.released();
    expect(parentIdOf(sdk.span("http"))).toBe(idOf(sdk.span("pool.checkout")));
    expect(parentIdOf(sdk.span("select orders"))).toBe(idOf(sdk.span("pool.checkout")));
  });

  test("is the caller itself where the connection is shared, and the query links to the connect", () => {
    const pool = new FakePool();
    const connection = pool.connect();
    const tracer = trace.getTracer("test");
    const shared = tracer.startActiveSpan("opener", () => pool.checkout(connection, "shared"));
    const caller = tracer.startActiveSpan("caller", (span) => {
      pool.run(connection, shared);
      return span;
    });
    context.with(ROOT_CONTEXT, () => pool.run(connection, shared, { text: "select 1" }));
    shared.released();
    const query = sdk.span("select orders");
    expect(parentIdOf(query)).toBe(idOf(caller));
    expect(query.links.map((link) => link.context.spanId)).toEqual([idOf(sdk.span("CONNECT orders"))]);
    expect(sdk.span("pool.checkout").parentSpanContext).toBeUndefined();
    expect(sdk.span("select").parentSpanContext).toBeUndefined();
  });

  test("is nobody and nothing is told of what the pool runs for itself", () => {
    const pool = new FakePool();
    const connection = pool.connect();
    pool.run(connection, null, { text: "rollback" });
    expect(sdk.spans.map((span) => span.name)).toEqual(["CONNECT orders"]);
  });
});
