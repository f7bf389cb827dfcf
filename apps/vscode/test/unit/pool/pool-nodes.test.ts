import { expect, test } from "vitest";
import type { PoolView, SlotView, WaiterView } from "../../../shared/protocol/pool.ts";
import { type PoolChanges, PoolNodes } from "../../../src/model/pool/pool-nodes.ts";

const holder = {
  label: "shop.sql:6",
  place: { path: "file:///shop.sql", line: 6 },
  statement: "select pg_sleep(30)",
  traceId: null,
};

function slot(number: number, changes: Partial<SlotView> = {}): SlotView {
  return {
    id: `shop#${number}`,
    backendPid: 100 + number,
    state: "running",
    forMillis: 0,
    holder,
    reasons: [],
    isTransactionFailed: false,
    leak: null,
    server: null,
    ...changes,
  };
}

function pool(slots: readonly SlotView[], changes: Partial<PoolView> = {}): PoolView {
  const counts = { total: slots.length, idle: 0, used: slots.length, connecting: 0, waiting: 0 };
  return {
    key: "own shop",
    name: "shop",
    origin: { kind: "own" },
    target: "shop@db",
    max: 4,
    ...counts,
    counters: { checkouts: null, reused: null, timeouts: null, errors: null },
    waitTime: null,
    slots,
    waiters: [],
    ...changes,
  };
}

function waiter(forMillis: number): WaiterView {
  return { holder: { ...holder, place: { path: "file:///other.sql", line: 6 } }, forMillis };
}

function idsOf(changes: PoolChanges): unknown {
  return changes === "all" ? changes : changes.map((node) => (node.kind === "pool" ? node.key : node.id));
}

test("the same slot is the same element in every refresh", () => {
  const nodes = new PoolNodes();
  nodes.update([pool([slot(1)], { waiters: [waiter(0)] })]);
  const [root] = nodes.roots;
  const leaves = root?.children ?? [];
  nodes.update([pool([slot(1, { state: "kept", forMillis: 70_000 })], { waiters: [waiter(90_000)] })]);
  expect(nodes.roots[0]).toBe(root);
  expect(leaves).toHaveLength(2);
  for (const [at, leaf] of leaves.entries()) expect(nodes.roots[0]?.children[at]).toBe(leaf);
  expect(leaves[0]).toMatchObject({ slot: { state: "kept" } });
});

test("nothing is drawn anew while a statement runs on and no text changes", () => {
  const nodes = new PoolNodes();
  nodes.update([pool([slot(1), slot(2)], { waiters: [waiter(0)] })]);
  for (let forMillis = 500; forMillis < 10_000; forMillis += 500) {
    const slots = [slot(1, { forMillis }), slot(2, { forMillis })];
    expect(nodes.update([pool(slots, { waiters: [waiter(forMillis)] })])).toEqual([]);
  }
});

test("only the row whose age is shown differently is drawn anew", () => {
  const nodes = new PoolNodes();
  nodes.update([pool([slot(1, { forMillis: 9_900 }), slot(2)])]);
  const later = nodes.update([pool([slot(1, { forMillis: 10_100 }), slot(2, { forMillis: 200 })])]);
  expect(idsOf(later)).toEqual(["slot own shop shop#1"]);
});

test("only the row whose state has changed is drawn anew", () => {
  const nodes = new PoolNodes();
  nodes.update([pool([slot(1), slot(2)])]);
  expect(idsOf(nodes.update([pool([slot(1), slot(2, { state: "kept" })])]))).toEqual([
    "slot own shop shop#2",
  ]);
});

test("a pool is drawn anew when its numbers change, and when slots come or go", () => {
  const nodes = new PoolNodes();
  nodes.update([pool([slot(1)])]);
  expect(idsOf(nodes.update([pool([slot(1)], { idle: 1 })]))).toEqual(["own shop"]);
  expect(idsOf(nodes.update([pool([slot(1), slot(2)], { idle: 1, used: 1, total: 1 })]))).toEqual([
    "own shop",
  ]);
  expect(idsOf(nodes.update([pool([slot(2)], { idle: 1, used: 1, total: 1 })]))).toEqual(["own shop"]);
});

test("everything is drawn anew when pools come or go", () => {
  const nodes = new PoolNodes();
  expect(nodes.update([pool([])])).toBe("all");
  expect(nodes.update([pool([]), pool([], { key: "own other", name: "other" })])).toBe("all");
  expect(nodes.update([])).toBe("all");
  expect(nodes.update([])).toEqual([]);
});
