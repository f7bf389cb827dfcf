import { expect, test } from "vitest";
import type { WaiterView } from "../../../shared/protocol/pool.ts";
import { type PoolChanges, PoolNodes } from "../../../src/model/pool/pool-nodes.ts";
import { ManualClock } from "../fake-database.ts";
import { holder, pool, slot } from "./sample-pool.ts";

const clock = new ManualClock();

function waiter(forMillis: number): WaiterView {
  return { holder: { ...holder, place: { path: "file:///other.sql", line: 6 } }, forMillis };
}

function idsOf(changes: PoolChanges): unknown {
  return changes === "all"
    ? changes
    : changes.map((node) => ("id" in node ? node.id : node.kind === "pool" ? node.key : node.kind));
}

test("the same slot is the same element in every refresh", () => {
  const nodes = new PoolNodes(clock);
  nodes.update([pool([slot(1)], { waiters: [waiter(0)] })]);
  const [root] = nodes.pools;
  const leaves = root?.children ?? [];
  nodes.update([pool([slot(1, { state: "kept", forMillis: 70_000 })], { waiters: [waiter(90_000)] })]);
  expect(nodes.pools[0]).toBe(root);
  expect(leaves).toHaveLength(2);
  for (const [at, leaf] of leaves.entries()) expect(nodes.pools[0]?.children[at]).toBe(leaf);
  expect(leaves[0]).toMatchObject({ slot: { state: "kept" } });
});

test("nothing is drawn anew while a statement runs on and no text changes", () => {
  const nodes = new PoolNodes(clock);
  nodes.update([pool([slot(1), slot(2)], { waiters: [waiter(0)] })]);
  for (let forMillis = 500; forMillis < 10_000; forMillis += 500) {
    const slots = [slot(1, { forMillis }), slot(2, { forMillis })];
    expect(nodes.update([pool(slots, { waiters: [waiter(forMillis)] })])).toEqual([]);
  }
});

test("only the row whose age is shown differently is drawn anew", () => {
  const nodes = new PoolNodes(clock);
  nodes.update([pool([slot(1, { forMillis: 9_900 }), slot(2)])]);
  const later = nodes.update([pool([slot(1, { forMillis: 10_100 }), slot(2, { forMillis: 200 })])]);
  expect(idsOf(later)).toEqual(["slot own shop shop#1"]);
});

test("only the row whose state has changed is drawn anew", () => {
  const nodes = new PoolNodes(clock);
  nodes.update([pool([slot(1), slot(2)])]);
  expect(idsOf(nodes.update([pool([slot(1), slot(2, { state: "kept" })])]))).toEqual([
    "slot own shop shop#2",
  ]);
});

test("a pool is drawn anew when its numbers change, and when slots come or go", () => {
  const nodes = new PoolNodes(clock);
  nodes.update([pool([slot(1)])]);
  expect(idsOf(nodes.update([pool([slot(1)], { idle: 1 })]))).toEqual(["own shop"]);
  expect(idsOf(nodes.update([pool([slot(1), slot(2)], { idle: 1, used: 1, total: 1 })]))).toEqual([
    "own shop",
  ]);
  expect(idsOf(nodes.update([pool([slot(2)], { idle: 1, used: 1, total: 1 })]))).toEqual(["own shop"]);
});

test("everything is drawn anew when pools come or go", () => {
  const nodes = new PoolNodes(clock);
  expect(nodes.update([pool([])])).toBe("all");
  expect(nodes.update([pool([]), pool([], { key: "own other", name: "other" })])).toBe("all");
  expect(nodes.update([])).toBe("all");
  expect(nodes.update([])).toEqual([]);
});

test("callers of a program that are only counted are one row, which goes with the last of them", () => {
  const nodes = new PoolNodes(clock);
  nodes.update([pool([], { waiting: 2 })]);
  const [queue] = nodes.pools[0]?.children ?? [];
  expect(queue).toMatchObject({ kind: "queue", count: 2 });
  expect(idsOf(nodes.update([pool([], { waiting: 1 })]))).toContain("queue own shop");
  expect(nodes.pools[0]?.children[0]).toBe(queue);
  nodes.update([pool([], { waiting: 0 })]);
  expect(nodes.pools[0]?.children).toEqual([]);
});

test("the receiver is the last row, and is drawn anew only where it looks different", () => {
  const nodes = new PoolNodes(clock);
  const receiver = {
    state: "listening",
    text: "http://127.0.0.1:1",
    programs: 0,
    keptVariable: null,
    isTriedAgain: false,
  } as const;
  expect(nodes.update([pool([])], receiver)).toBe("all");
  expect(nodes.roots.map(({ kind }) => kind)).toEqual(["pool", "receiver"]);
  expect(nodes.update([pool([])], { ...receiver })).toEqual([]);
  expect(idsOf(nodes.update([pool([])], { ...receiver, programs: 1 }))).toEqual(["receiver"]);
  expect(nodes.update([pool([])], null)).toBe("all");
});

test("a program's report that changes no number draws nothing anew", () => {
  const nodes = new PoolNodes(clock);
  const origin = { kind: "program", serviceName: "a", process: "1", isStale: false } as const;
  nodes.update([pool([], { origin: { ...origin, lastSeenUnixMillis: 1 } })]);
  expect(nodes.update([pool([], { origin: { ...origin, lastSeenUnixMillis: 2 } })])).toEqual([]);
});

test("what the server says redraws a row only where a lock is waited for, since a button on it may be pressed", () => {
  const nodes = new PoolNodes(clock);
  const says = (waitEvent: string | null) => [pool([slot(1, { server: { state: "active", waitEvent } })])];
  nodes.update([pool([slot(1)])]);
  expect(nodes.update(says("Timeout:PgSleep"))).toEqual([]);
  expect(nodes.update(says(null))).toEqual([]);
  expect(idsOf(nodes.update(says("Lock:tuple")))).toEqual(["slot own shop shop#1"]);
  expect(nodes.pools[0]?.children[0]).toMatchObject({ slot: { server: { waitEvent: "Lock:tuple" } } });
});

test("a busy program's row waits for two seconds, so that its buttons can be pressed, but not for its slots", () => {
  const origin = {
    kind: "program",
    serviceName: "a",
    process: "1",
    isStale: false,
    lastSeenUnixMillis: 1,
  } as const;
  const nodes = new PoolNodes(clock);
  nodes.update([pool([slot(1)], { origin, used: 1 })]);
  expect(nodes.update([pool([slot(1)], { origin, used: 2 })])).toEqual([]);
  clock.advance(1_999);
  expect(nodes.update([pool([slot(1)], { origin, used: 3 })])).toEqual([]);
  expect(idsOf(nodes.update([pool([slot(1), slot(2)], { origin, used: 3 })]))).toContain("own shop");
  clock.advance(2_000);
  expect(idsOf(nodes.update([pool([slot(1), slot(2)], { origin, used: 4 })]))).toEqual(["own shop"]);
});
