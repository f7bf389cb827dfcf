import type { PoolView, SlotView } from "../../../shared/protocol/pool.ts";

export const holder = {
  label: "shop.sql:6",
  place: { path: "file:///shop.sql", line: 6 },
  statement: "select pg_sleep(30)",
  caller: null,
  traceId: null,
};

export function slot(number: number, changes: Partial<SlotView> = {}): SlotView {
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

export function pool(slots: readonly SlotView[], changes: Partial<PoolView> = {}): PoolView {
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
