import { SpanKind, SpanStatusCode } from "@opentelemetry/api";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { FakePool, serverError } from "./fake-pool.ts";
import { attributesOf, idOf, parentIdOf, TestSdk } from "./sdk.ts";

let sdk: TestSdk;

beforeEach(() => {
  sdk = TestSdk.start();
});

afterEach(() => {
  TestSdk.stop();
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
