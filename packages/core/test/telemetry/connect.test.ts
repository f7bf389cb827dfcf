import { context, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ConnectError } from "../../src/errors.ts";
import { FakePool, serverError } from "./fake-pool.ts";
import { attributesOf, idOf, parentIdOf, TestSdk } from "./sdk.ts";

let sdk: TestSdk;

beforeEach(() => {
  sdk = TestSdk.start();
});

afterEach(() => {
  TestSdk.stop();
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
