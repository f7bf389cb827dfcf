import { context, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { AcquireTimeoutError, ConnectError } from "../../src/errors.ts";
import { FakePool, serverError } from "./fake-pool.ts";
import { attributesOf, idOf, parentIdOf, TestSdk } from "./sdk.ts";

let sdk: TestSdk;

beforeEach(() => {
  sdk = TestSdk.start();
});

afterEach(() => {
  TestSdk.stop();
});

const numbers = { max: 1, total: 1, idle: 0, acquired: 1, connecting: 0, waiting: 1 };

function timeout(): AcquireTimeoutError {
  return new AcquireTimeoutError({ timeoutMillis: 10, phase: "wait", numbers, holders: [] });
}

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
    checkout.failed(timeout());
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
});

describe("a connect span", () => {
  test("follows the conventions and tells the identity of what it opened", () => {
    const pool = new FakePool({ port: 6543 });
    pool.connect();
    const span = sdk.span("CONNECT orders");
    expect(span.kind).toBe(SpanKind.CLIENT);
    expect(span.parentSpanContext).toBeUndefined();
    expect(span.status).toEqual({ code: SpanStatusCode.UNSET });
    expect(attributesOf(span)).toEqual({
      "db.system.name": "postgresql",
      "db.namespace": "orders",
      "server.address": "db.example",
      "server.port": 6543,
      "db.client.connection.pool.name": "main",
      "rockpool.connection.id": "main#1",
      "rockpool.backend.pid": 4_001,
    });
  });

  test.each([5432, 6000])("names the host and the port that took the connection: %i", (port) => {
    const pool = new FakePool({ port: 6543 });
    pool.connect(null, { host: "replica.example", port });
    const { attributes } = sdk.span("CONNECT orders");
    expect(attributes["server.address"]).toBe("replica.example");
    expect(attributes["server.port"]).toBe(port);
  });

  test("is a child of the checkout that demanded it", () => {
    const pool = new FakePool();
    const checkout = pool.telemetry.startCheckout("explicit");
    const connection = pool.connect(checkout);
    checkout.granted(connection, { source: "new", waitMillis: 3, idleMillis: 0 });
    checkout.released();
    expect(parentIdOf(sdk.span("CONNECT orders"))).toBe(idOf(sdk.span("pool.checkout")));
  });

  test("is a root in the background, whoever's context the pool runs in", () => {
    const pool = new FakePool();
    trace.getTracer("test").startActiveSpan("bystander", (span) => {
      pool.connect();
      span.end();
    });
    expect(sdk.span("CONNECT orders").parentSpanContext).toBeUndefined();
  });

  test("runs the factory outside the caller's trace and puts its queries under itself", () => {
    const pool = new FakePool();
    trace.getTracer("test").startActiveSpan("bystander", () => {
      const attempt = pool.telemetry.startConnect("main#1", null);
      const identity = {
        id: "main#1",
        backendPid: 1,
        host: "db.example",
        port: 5432,
        database: "orders",
        user: "app",
      };
      attempt.run(() => {
        expect(trace.getSpan(context.active())).toBeUndefined();
        attempt.observer
          .started(identity, {
            kind: "query",
            text: "set time zone 'UTC'",
            isParameterised: false,
            isPrepared: false,
            batchSize: 1,
            scope: null,
          })
          ?.end({ error: null, wasAborted: false, rowCount: null, command: "SET" });
      });
      attempt.opened(identity);
    });
    expect(parentIdOf(sdk.span("set time"))).toBe(idOf(sdk.span("CONNECT orders")));
  });

  test.each([
    [serverError("28P01", "password authentication failed for user app"), "28P01", "28P01"],
    [Object.assign(new Error("no"), { code: "ECONNREFUSED" }), "ECONNREFUSED", undefined],
  ])("that failed says why: %s", (cause, type, status) => {
    const pool = new FakePool();
    const attempts = [{ host: "db.example", port: 5432, reason: type }];
    pool.telemetry.startConnect("main#1", null).failed(new ConnectError("no host", { attempts, cause }));
    const span = sdk.span("CONNECT orders");
    expect(span.attributes["error.type"]).toBe(type);
    expect(span.attributes["db.response.status_code"]).toBe(status);
    expect(span.status.code).toBe(SpanStatusCode.ERROR);
    expect(span.attributes).not.toHaveProperty("rockpool.backend.pid");
  });
});

describe("a query span", () => {
  test("follows the conventions to the letter", () => {
    const pool = new FakePool();
    const connection = pool.connect();
    pool.run(connection, pool.checkout(connection));
    const span = sdk.span("select orders");
    expect(span.kind).toBe(SpanKind.CLIENT);
    expect(span.status).toEqual({ code: SpanStatusCode.UNSET });
    expect(span.events).toEqual([]);
    expect(attributesOf(span)).toEqual({
      "db.system.name": "postgresql",
      "db.namespace": "orders",
      "server.address": "db.example",
      "db.query.summary": "select orders",
      "db.query.text": "select * from orders where id = $1",
      "rockpool.connection.id": "main#1",
    });
  });

  test("of pool.query() tells how its connection was acquired", () => {
    const pool = new FakePool({ port: 5433 });
    const connection = pool.connect();
    pool.run(connection, pool.checkout(connection, "query"));
    expect(attributesOf(sdk.span("select orders"))).toEqual({
      "db.system.name": "postgresql",
      "db.namespace": "orders",
      "server.address": "db.example",
      "server.port": 5433,
      "db.query.summary": "select orders",
      "db.query.text": "select * from orders where id = $1",
      "rockpool.connection.id": "main#1",
      "rockpool.connection.use_count": 1,
      "rockpool.acquire.source": "idle",
      "rockpool.acquire.wait_time": 0,
    });
  });

  test("of a server error has the SQLSTATE twice and the class of it as its description", () => {
    const pool = new FakePool();
    const connection = pool.connect();
    pool.run(
      connection,
      pool.checkout(connection),
      {},
      serverError("22P02", 'invalid input syntax: "secret"'),
    );
    const span = sdk.span("select orders");
    expect(span.attributes["db.response.status_code"]).toBe("22P02");
    expect(span.attributes["error.type"]).toBe("22P02");
    expect(span.status).toEqual({ code: SpanStatusCode.ERROR, message: "data exception" });
    expect(span.events).toEqual([]);
  });

  test("has the server's message only by option", () => {
    const pool = new FakePool({ captureServerMessage: true });
    const connection = pool.connect();
    pool.run(connection, pool.checkout(connection), {}, serverError("22P02", "invalid input"));
    expect(sdk.span("select orders").status.message).toBe("invalid input");
  });

  test("has no literal of a text that carries its values", () => {
    const pool = new FakePool();
    const connection = pool.connect();
    const text = "select * from users where name = 'secret' and pin = 1234";
    pool.run(connection, pool.checkout(connection), { text, isParameterised: false });
    expect(sdk.span("select users").attributes["db.query.text"]).toBe(
      "select * from users where name = ? and pin = ?",
    );
  });

  test("is named after the database where there is no summary, or none is wanted", () => {
    const pool = new FakePool({ querySummary: false, queryText: false });
    const connection = pool.connect();
    pool.run(connection, pool.checkout(connection));
    expect(attributesOf(sdk.span("orders"))).toEqual({
      "db.system.name": "postgresql",
      "db.namespace": "orders",
      "server.address": "db.example",
      "rockpool.connection.id": "main#1",
    });
  });

  test.each([
    ["select 1; select 2", 2, "BATCH select", "select ?"],
    [
      "insert into a values (1); update b set c = 2;",
      2,
      "BATCH",
      "insert into a values (?); update b set c = ?",
    ],
    ["", 0, "BATCH", undefined],
  ])("of a batch is named after what its statements share: %s", (text, batchSize, name, told) => {
    const pool = new FakePool();
    const connection = pool.connect();
    pool.run(connection, pool.checkout(connection), { text, batchSize, isParameterised: false });
    const { attributes } = sdk.span(name);
    expect(attributes["db.operation.batch.size"]).toBe(batchSize);
    expect(attributes["db.query.summary"]).toBe(name);
    expect(attributes["db.query.text"]).toBe(told);
  });

  test("does not tell the directory of a Unix socket as a port", () => {
    const pool = new FakePool({ host: "/run/postgresql", port: 5433 });
    const connection = pool.connect();
    pool.run(connection, pool.checkout(connection));
    const { attributes } = sdk.span("select orders");
    expect(attributes["server.address"]).toBe("/run/postgresql");
    expect(attributes).not.toHaveProperty("server.port");
  });
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

describe("a transaction span", () => {
  test("is a child of the checkout, and the parent of the transaction's queries", () => {
    const pool = new FakePool();
    const connection = pool.connect();
    const checkout = pool.checkout(connection);
    const transaction = pool.telemetry.observer.transactionStarted?.(connection.identity, {
      isolation: "serializable",
      attempt: 2,
      scope: checkout,
    });
    transaction?.run(() => pool.run(connection, checkout, { text: "commit", isParameterised: false }));
    transaction?.end({ outcome: "commit", error: null, wasAborted: false, isRetried: false });
    checkout.released();
    const span = sdk.span("transaction");
    expect(span.kind).toBe(SpanKind.INTERNAL);
    expect(span.status).toEqual({ code: SpanStatusCode.UNSET });
    expect(parentIdOf(span)).toBe(idOf(sdk.span("pool.checkout")));
    expect(parentIdOf(sdk.span("commit"))).toBe(idOf(span));
    expect(attributesOf(span)).toEqual({
      "db.client.connection.pool.name": "main",
      "rockpool.connection.id": "main#1",
      "rockpool.tx.isolation": "serializable",
      "rockpool.tx.attempt": 2,
      "rockpool.tx.outcome": "commit",
    });
  });

  test.each([
    [true, SpanStatusCode.UNSET, undefined],
    [false, SpanStatusCode.ERROR, "40001"],
  ])("that failed is an error unless it is tried again (%s)", (isRetried, code, type) => {
    const pool = new FakePool();
    const connection = pool.connect();
    const start = { isolation: null, attempt: 1, scope: pool.checkout(connection) };
    const transaction = pool.telemetry.observer.transactionStarted?.(connection.identity, start);
    const error = serverError("40001", "could not serialize");
    transaction?.end({ outcome: "rollback", error, wasAborted: false, isRetried });
    const span = sdk.span("transaction");
    expect(span.status.code).toBe(code);
    expect(span.attributes["error.type"]).toBe(type);
    expect(span.attributes["rockpool.tx.outcome"]).toBe("rollback");
    expect(span.attributes["rockpool.tx.isolation"]).toBe("default");
  });
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

describe("the comment of a statement", () => {
  const start = {
    kind: "query",
    text: "select 1",
    isParameterised: false,
    isPrepared: false,
    batchSize: 1,
  } as const;

  test("names the query span, and is not asked for where the text is fixed", () => {
    const pool = new FakePool({ queryComment: ({ spanId }) => ` /* ${spanId} */` });
    const connection = pool.connect();
    const scope = pool.checkout(connection);
    const { observer } = pool.telemetry;
    const comment = observer.started(connection.identity, { ...start, scope })?.comment;
    expect(comment).toBe(` /* ${sdk.ledger.started.at(-1)?.spanContext().spanId} */`);
    expect(observer.started(connection.identity, { ...start, isPrepared: true, scope })?.comment).toBeNull();
    expect(observer.started(connection.identity, { ...start, kind: "copy", scope })?.comment).toBeNull();
  });

  test("that cannot be made is left out", () => {
    const pool = new FakePool({
      queryComment: () => {
        throw new Error("no");
      },
    });
    const connection = pool.connect();
    const scope = pool.checkout(connection);
    expect(pool.telemetry.observer.started(connection.identity, { ...start, scope })?.comment).toBeNull();
  });
});
