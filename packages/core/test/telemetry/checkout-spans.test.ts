import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { PoolClosedError } from "../../src/errors.ts";
import type { CheckoutSpans } from "../../src/telemetry/options.ts";
import type { CheckoutKind } from "../../src/telemetry/pool-telemetry.ts";
import { FakePool } from "./fake-pool.ts";
import { idOf, parentIdOf, TestSdk } from "./sdk.ts";

let sdk: TestSdk;

beforeEach(() => {
  sdk = TestSdk.start();
});

afterEach(() => {
  TestSdk.stop();
});

type Fate = "idle" | "new" | "queued" | "failed";

function checkOut(pool: FakePool, kind: CheckoutKind, fate: Fate): void {
  const connection = pool.connect();
  const checkout = pool.telemetry.startCheckout(kind);
  if (fate === "failed") {
    checkout.failed(new PoolClosedError("main"));
    return;
  }
  const waitMillis = fate === "idle" ? 0 : 2;
  checkout.granted(connection, { source: fate, waitMillis, idleMillis: 0 });
  pool.run(connection, checkout);
  checkout.released();
}

const all = { idle: true, new: true, queued: true, failed: true };
const none = { idle: false, new: false, queued: false, failed: false };

describe("checkoutSpans", () => {
  test.each<[CheckoutSpans, CheckoutKind, Record<Fate, boolean>]>([
    ["always", "explicit", all],
    ["always", "query", all],
    ["explicit", "explicit", all],
    ["explicit", "query", none],
    ["contended", "explicit", { ...all, idle: false }],
    ["contended", "query", { ...all, idle: false }],
    ["contended", "shared", none],
    ["never", "explicit", none],
    ["never", "query", none],
  ])("%s decides which %s checkout has a span", (checkoutSpans, kind, expected) => {
    const fates: Fate[] = ["idle", "new", "queued", "failed"];
    const found = fates.map((fate) => {
      TestSdk.stop();
      sdk = TestSdk.start();
      checkOut(new FakePool({ checkoutSpans }), kind, fate);
      expect(sdk.ledger.unbalanced).toEqual([]);
      return [fate, sdk.spansNamed("pool.checkout").length === 1];
    });
    expect(Object.fromEntries(found)).toEqual(expected);
  });

  test("contended spans begin where the request began, and hold their wait and their queries", () => {
    checkOut(new FakePool({ checkoutSpans: "contended" }), "explicit", "queued");
    const checkout = sdk.span("pool.checkout");
    const wait = sdk.span("pool.wait");
    expect(parentIdOf(wait)).toBe(idOf(checkout));
    expect(parentIdOf(sdk.span("select orders"))).toBe(idOf(checkout));
    const [startSeconds, startNanos] = wait.startTime;
    const [endSeconds, endNanos] = wait.endTime;
    expect((endSeconds - startSeconds) * 1_000 + (endNanos - startNanos) / 1_000_000).toBeCloseTo(2, 0);
  });

  test("without a checkout span a query is the caller's child and links to the connect", () => {
    checkOut(new FakePool({ checkoutSpans: "never" }), "query", "queued");
    const query = sdk.span("select orders");
    expect(query.parentSpanContext).toBeUndefined();
    expect(query.attributes["rockpool.acquire.source"]).toBe("queued");
    expect(query.attributes["rockpool.acquire.wait_time"]).toBe(0.002);
    expect(query.links.map((link) => link.attributes)).toEqual([
      { "rockpool.link.type": "connection_setup" },
    ]);
  });
});
