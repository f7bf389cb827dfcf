import { createRequire } from "node:module";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as names from "../../src/telemetry/names.ts";
import { acquireTimeout, FakePool, serverError } from "./fake-pool.ts";
import { TestSdk } from "./sdk.ts";
import { SemconvClassifier } from "./semconv-classifier.ts";

const classifier = new SemconvClassifier();
let sdk: TestSdk;

/** Makes every span, event, link and metric that there is. */
beforeAll(() => {
  sdk = TestSdk.start();
  const pool = new FakePool({ lifecycleSpans: true, querySummary: "metrics", port: 6543 });
  const connection = pool.connect();
  pool.checkout(connection, "query").released();
  const checkout = pool.telemetry.startCheckout("explicit");
  checkout.waiting();
  checkout.granted(connection, { source: "queued", waitMillis: 2, idleMillis: 0 });
  const start = { isolation: "serializable", attempt: 1, scope: checkout };
  const transaction = pool.telemetry.observer.transactionStarted?.(connection.identity, start);
  transaction?.run(() => pool.run(connection, checkout, { text: "select 1; select 2", batchSize: 2 }));
  transaction?.end({
    outcome: "rollback",
    error: serverError("40001", "no"),
    wasAborted: false,
    isRetried: false,
  });
  checkout.leakSuspected("Error: acquired here\n    at main (/srv/main.js:5:6)");
  checkout.discarded("max_uses");
  checkout.released();
  connection.maintenance("reset")?.ended(new Error("no"));
  connection.maintenance("validate")?.ended(null);
  connection.closed("max_uses");
  pool.telemetry.startCheckout("explicit").failed(acquireTimeout());
});

afterAll(() => {
  TestSdk.stop();
});

describe("the classifier", () => {
  test.each([
    ["db.query.text", "stable"],
    ["db.client.connection.pool.name", "development"],
    ["db.client.operation.duration", "stable"],
    ["db.system", "deprecated"],
    ["db.statement", "deprecated"],
    ["db.client.connections.usage", "deprecated"],
    ["db.query.sumary", "unknown"],
    ["rockpool.connection.id", "ours"],
  ])("knows that %s is %s", (name, standing) => {
    expect(classifier.classify(name)).toBe(standing);
  });
});

describe("nothing that is told is unknown or deprecated", () => {
  test("on spans, events and links", () => {
    const keys = new Set<string>();
    for (const span of sdk.spans) {
      const links = span.links.map((link) => link.attributes ?? {});
      const events = span.events.map((event) => event.attributes ?? {});
      for (const attributes of [span.attributes, ...links, ...events]) {
        for (const key of Object.keys(attributes)) keys.add(key);
      }
    }
    expect(Object.fromEntries([...keys].sort().map((key) => [key, classifier.classify(key)]))).toEqual({
      "code.column.number": "stable",
      "code.file.path": "stable",
      "code.function.name": "stable",
      "code.line.number": "stable",
      "code.stacktrace": "stable",
      "db.client.connection.pool.name": "development",
      "db.namespace": "stable",
      "db.operation.batch.size": "stable",
      "db.query.summary": "stable",
      "db.query.text": "stable",
      "db.response.status_code": "stable",
      "db.system.name": "stable",
      "error.type": "stable",
      "rockpool.acquire.source": "ours",
      "rockpool.acquire.wait_time": "ours",
      "rockpool.backend.pid": "ours",
      "rockpool.close.reason": "ours",
      "rockpool.connection.age": "ours",
      "rockpool.connection.id": "ours",
      "rockpool.connection.idle_time": "ours",
      "rockpool.connection.reused": "ours",
      "rockpool.connection.use_count": "ours",
      "rockpool.link.type": "ours",
      "rockpool.tx.attempt": "ours",
      "rockpool.tx.isolation": "ours",
      "rockpool.tx.outcome": "ours",
      "server.address": "stable",
      "server.port": "stable",
    });
  });

  test("on metrics, whose points have at most five attributes and never an identity", async () => {
    for (const [name, metric] of await sdk.collect()) {
      expect([name, classifier.classify(name)]).toEqual([
        name,
        expect.stringMatching(/stable|development|ours/),
      ]);
      for (const { attributes } of metric.dataPoints) {
        const keys = Object.keys(attributes);
        expect(keys.length).toBeLessThanOrEqual(5);
        expect(keys.filter((key) => /\.id$|\.pid$|use_count|age$/.test(key))).toEqual([]);
        for (const key of keys) expect([key, classifier.classify(key)]).not.toContain("unknown");
      }
    }
  });
});

test("every span, event and metric carries the package as its scope", () => {
  const { version } = createRequire(import.meta.url)("../../package.json");
  for (const span of sdk.spans) {
    expect(span.instrumentationScope).toMatchObject({
      name: "@rockpool/core",
      version,
      schemaUrl: "https://opentelemetry.io/schemas/1.45.0",
    });
  }
  expect(names.SCOPE_VERSION).toBe(version);
});

test("the kind and the status of a span are those of the conventions", () => {
  for (const span of sdk.spans) {
    const isCall = span.attributes["db.system.name"] !== undefined;
    expect([span.name, span.kind]).toEqual([span.name, isCall ? 2 : 0]);
    expect([span.name, span.status.code]).toEqual([
      span.name,
      span.attributes["error.type"] === undefined ? 0 : 2,
    ]);
  }
});
