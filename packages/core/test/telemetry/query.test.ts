import { SpanKind, SpanStatusCode } from "@opentelemetry/api";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { FakePool, serverError } from "./fake-pool.ts";
import { attributesOf, TestSdk } from "./sdk.ts";

let sdk: TestSdk;

beforeEach(() => {
  sdk = TestSdk.start();
});

afterEach(() => {
  TestSdk.stop();
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
