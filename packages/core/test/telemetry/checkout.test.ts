import { SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { acquireTimeout, FakePool } from "./fake-pool.ts";
import { attributesOf, idOf, parentIdOf, TestSdk } from "./sdk.ts";

let sdk: TestSdk;

beforeEach(() => {
  sdk = TestSdk.start();
});

afterEach(() => {
  vi.restoreAllMocks();
  TestSdk.stop();
});

describe("a checkout span", () => {
  test("tells which connection was given, how and how often it was used", () => {
    const pool = new FakePool();
    const connection = pool.connect();
    pool.checkout(connection).released();
    const [span] = sdk.spansNamed("pool.checkout");
    expect(span?.kind).toBe(SpanKind.INTERNAL);
    expect(span?.status).toEqual({ code: SpanStatusCode.UNSET });
    expect(span === undefined ? {} : attributesOf(span)).toEqual({
      "db.client.connection.pool.name": "main",
      "rockpool.connection.id": "main#1",
      "rockpool.backend.pid": 4_001,
      "rockpool.connection.reused": false,
      "rockpool.connection.use_count": 1,
      "rockpool.connection.age": expect.any(Number),
      "rockpool.connection.idle_time": 0,
      "rockpool.acquire.source": "idle",
      "rockpool.acquire.wait_time": 0,
    });
  });

  test("leaves out the server process where a pooler hides it", () => {
    const pool = new FakePool();
    pool.checkout(pool.connect(null, { backendPid: null })).released();
    expect(sdk.span("pool.checkout").attributes).not.toHaveProperty("rockpool.backend.pid");
  });

  test("links to the connect and to the checkout before", () => {
    const pool = new FakePool();
    const connection = pool.connect();
    pool.checkout(connection).released();
    pool.checkout(connection).released();
    const [first, second] = sdk.spansNamed("pool.checkout");
    const linked = second?.links.map((link) => [
      link.attributes?.["rockpool.link.type"],
      link.context.spanId,
    ]);
    expect(second?.attributes["rockpool.connection.reused"]).toBe(true);
    expect(second?.attributes["rockpool.connection.use_count"]).toBe(2);
    expect(linked).toEqual([
      ["connection_setup", idOf(sdk.span("CONNECT orders"))],
      ["previous_checkout", first && idOf(first)],
    ]);
    expect(first?.links).toHaveLength(1);
  });

  test("is a child of the caller's span also when the connection comes within another trace", () => {
    const pool = new FakePool();
    const connection = pool.connect();
    const tracer = trace.getTracer("test");
    const holder = tracer.startActiveSpan("holder", () => pool.checkout(connection));
    const [caller, waiting] = tracer.startActiveSpan("caller", (span) => {
      const checkout = pool.telemetry.startCheckout("explicit");
      checkout.waiting();
      return [span, checkout] as const;
    });
    tracer.startActiveSpan("releaser", () => {
      holder.released();
      waiting.granted(connection, { source: "queued", waitMillis: 5, idleMillis: 0 });
      pool.run(connection, waiting);
    });
    waiting.released();
    const checkout = sdk.spansNamed("pool.checkout").at(-1);
    expect(checkout && parentIdOf(checkout)).toBe(idOf(caller));
    expect(sdk.span("pool.wait").spanContext().traceId).toBe(caller.spanContext().traceId);
    expect(checkout?.attributes["rockpool.acquire.source"]).toBe("queued");
    expect(checkout?.attributes["rockpool.acquire.wait_time"]).toBe(0.005);
  });

  test("of a failed acquire says why, and has its wait under it", () => {
    const pool = new FakePool();
    const checkout = pool.telemetry.startCheckout("explicit");
    checkout.waiting();
    checkout.failed(acquireTimeout());
    const span = sdk.span("pool.checkout");
    expect(attributesOf(span)).toEqual({
      "db.client.connection.pool.name": "main",
      "error.type": "acquire_timeout",
    });
    expect(span.status.code).toBe(SpanStatusCode.ERROR);
    const wait = sdk.span("pool.wait");
    expect(parentIdOf(wait)).toBe(idOf(span));
    expect(attributesOf(wait)).toEqual({
      "db.client.connection.pool.name": "main",
      "error.type": "acquire_timeout",
    });
  });

  test("has an event for a discarded connection and for a suspected leak", () => {
    const pool = new FakePool();
    const checkout = pool.checkout(pool.connect());
    checkout.leakSuspected(null);
    checkout.discarded("broken");
    checkout.released();
    const events = sdk
      .span("pool.checkout")
      .events.map(({ name, attributes = {} }) => ({ name, attributes }));
    expect(events).toEqual([
      { name: "leak_suspected", attributes: {} },
      { name: "connection_discarded", attributes: { "rockpool.close.reason": "broken" } },
    ]);
  });

  test("says so where its connection closes under it", () => {
    const pool = new FakePool();
    const connection = pool.connect();
    const checkout = pool.checkout(connection);
    connection.closed("broken");
    checkout.released();
    expect(sdk.span("pool.checkout").events.map((event) => event.name)).toEqual(["connection_discarded"]);
  });

  test("ends once, whatever is called after its end", () => {
    const pool = new FakePool();
    const checkout = pool.checkout(pool.connect());
    checkout.released();
    checkout.released();
    checkout.failed(new Error("late"));
    checkout.discarded("broken");
    checkout.leakSuspected(null);
    expect(sdk.ledger.unbalanced).toEqual([]);
    expect(sdk.span("pool.checkout").events).toEqual([]);
  });
});

describe("a wait span", () => {
  test("covers the wait within the checkout and is there only for who waited", () => {
    const pool = new FakePool();
    const connection = pool.connect();
    pool.checkout(connection).released();
    expect(sdk.spansNamed("pool.wait")).toEqual([]);
    const checkout = pool.telemetry.startCheckout("explicit");
    checkout.waiting();
    checkout.granted(connection, { source: "queued", waitMillis: 1, idleMillis: 0 });
    checkout.released();
    const wait = sdk.span("pool.wait");
    expect(wait.kind).toBe(SpanKind.INTERNAL);
    expect(attributesOf(wait)).toEqual({ "db.client.connection.pool.name": "main" });
    expect(parentIdOf(wait)).toBe(idOf(sdk.spansNamed("pool.checkout")[1] ?? wait));
  });

  test.each(["always", "contended"] as const)("never begins before its checkout (%s)", (checkoutSpans) => {
    // The clock stands within a millisecond, as it does for all that is shorter than one.
    vi.spyOn(Date, "now").mockReturnValue(1_790_000_000_000);
    const pool = new FakePool({ checkoutSpans });
    const connection = pool.connect();
    const checkout = pool.telemetry.startCheckout("explicit");
    checkout.waiting();
    checkout.granted(connection, { source: "queued", waitMillis: 1, idleMillis: 0 });
    checkout.released();
    const failed = pool.telemetry.startCheckout("explicit");
    failed.waiting();
    failed.failed(acquireTimeout());
    const starts = sdk.spansNamed("pool.checkout").map((span) => span.startTime);
    const waits = sdk.spansNamed("pool.wait").map((span) => span.startTime);
    expect(waits).toEqual(starts);
  });
});
