import { expect, test } from "vitest";
import type { WaiterView } from "../../../shared/protocol/pool.ts";
import { troubleOf } from "../../../src/model/pool/pool-trouble.ts";
import { holder, pool, slot } from "./sample-pool.ts";

const leaking = slot(1, { leak: { stack: null, place: null } });

function waiter(forMillis: number): WaiterView {
  return { holder, forMillis };
}

test("a pool that is full, or in which somebody has just begun to wait, is in no trouble", () => {
  expect(troubleOf(pool([slot(1)], { max: 1, waiting: 1, waiters: [waiter(4_999)] }))).toBeNull();
});

test("a wait that no burst explains is trouble, and more so than a leak", () => {
  const waiters = [waiter(1), waiter(5_000)];
  expect(troubleOf(pool([leaking], { waiters }))).toEqual({ kind: "waiting", forMillis: 5_000 });
});

test("suspected leaks are trouble", () => {
  expect(troubleOf(pool([leaking, slot(2)]))).toEqual({ kind: "leak", count: 1 });
});
