import type { PoolOriginView, PoolUpdate, PoolView, SlotView } from "../../shared/protocol/pool.ts";
import { Recording } from "./pool-recording.ts";

/** A generator of numbers in [0, 1) that gives the same ones each time. */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

export const NOW = 1_800_000_000_000;

export function slot(number: number, changes: Partial<SlotView> = {}): SlotView {
  return {
    id: `shop#${number}`,
    backendPid: 4_100 + number,
    state: "idle",
    forMillis: 1_400,
    holder: null,
    reasons: [],
    isTransactionFailed: false,
    leak: null,
    server: null,
    ...changes,
  };
}

export function holder(line: number, statement: string) {
  const place = { path: "file:///work/orders.sql", line };
  return { label: `orders.sql:${line}`, place, statement, caller: null, traceId: null };
}

export const PROGRAM = {
  kind: "program",
  serviceName: "checkout-service",
  process: "48213@devbox",
  lastSeenUnixMillis: NOW,
  isStale: false,
} as const satisfies PoolOriginView;

export function pool(changes: Partial<PoolView> = {}): PoolView {
  return {
    key: "own shop",
    name: "shop",
    origin: { kind: "own" },
    target: "app@127.0.0.1:5432/shop",
    max: 6,
    total: 6,
    idle: 2,
    used: 4,
    connecting: 0,
    waiting: 2,
    counters: { checkouts: null, reused: null, timeouts: null, errors: null },
    waitTime: null,
    slots: [
      slot(1),
      slot(2, { state: "running", forMillis: 29_500, holder: holder(7, "select pg_sleep(30)") }),
      slot(3, {
        state: "kept",
        forMillis: 35_000,
        holder: holder(12, "create temporary table seen as select * from events"),
        reasons: ["open transaction", "temporary table"],
      }),
      slot(4, {
        state: "kept",
        forMillis: 4_000,
        holder: holder(31, "insert into orders values (1)"),
        isTransactionFailed: true,
      }),
      slot(5, {
        state: "used",
        forMillis: 41_000,
        holder: {
          label: "report.ts:88",
          place: { path: "/srv/report.ts", line: 88 },
          statement: null,
          caller: null,
          traceId: null,
        },
        leak: { stack: null, place: { path: "/srv/report.ts", line: 88 } },
      }),
      slot(6),
    ],
    waiters: [{ holder: holder(44, "select count(*) from order_lines"), forMillis: 8_200 }],
    ...changes,
  };
}

const STATEMENTS = ["SELECT orders", "UPDATE stock", "INSERT order_lines", "SELECT customers"];
const PLACES = [
  { path: "/srv/src/orders.ts", line: 41 },
  { path: "/srv/src/stock.ts", line: 17 },
  { path: "file:///work/orders.sql", line: 12 },
];

/** A minute of a pool that was calm, busy, and then full: something of everything that can be seen. */
export function busyMinute(view: PoolView = pool()): Recording {
  const recording = new Recording(view);
  const random = seeded(11);
  const begin = NOW - 60_000;
  for (let number = 1; number <= 6; number += 1) {
    const born = number <= 2 ? begin - 20_000 : begin + (number - 2) * 4_500;
    const lane = recording.lane(number, { opened: { start: born, end: born + 380, reason: null } });
    const until =
      { 2: NOW - 29_500, 3: NOW - 35_000, 4: NOW - 4_000, 5: NOW - 41_000 }[number] ?? NOW - 1_400;
    fillLane(recording, lane, { from: Math.max(begin, born + 400), until, random });
  }
  const gone = recording.lane(7, {
    opened: { start: begin + 9_000, end: begin + 9_300, reason: null },
    closed: { start: begin + 31_000, end: begin + 31_600, reason: "idle" },
  });
  fillLane(recording, gone, { from: begin + 9_400, until: begin + 22_000, random });
  recording.lane(8, {
    backendPid: null,
    opened: { start: begin + 33_000, end: begin + 34_000, reason: "ECONNREFUSED" },
  });
  recording.cancel(1, NOW - 31_500, NOW - 30_000);
  const queue = recording.lane(0, { connectionId: null, backendPid: null });
  recording.failed(queue, NOW - 25_000, NOW - 15_000);
  recording.failed(queue, NOW - 23_500, NOW - 13_500);
  hold(recording);
  count(recording, begin);
  return recording;
}

function fillLane(
  recording: Recording,
  lane: number,
  { from, until, random }: { from: number; until: number; random: () => number },
): void {
  let at = from + random() * 400;
  while (at < until - 1_200) {
    const busy = at > NOW - 30_000 ? 1 : 0.45;
    const length = 30 + random() ** 3 * 2_600 * busy;
    const end = Math.min(until - 20, at + length);
    const waitMillis = at > NOW - 30_000 ? random() * 900 : random() < 0.2 ? random() * 4 : 0;
    const inTransaction = random() < 0.25;
    const statements = statementsOf(at, end, random);
    recording.use(lane, {
      start: at,
      end,
      waitMillis,
      source: waitMillis > 0 ? 3 : 1,
      place: PLACES[Math.floor(random() * PLACES.length)] ?? { path: "/srv/a.ts", line: 1 },
      statements,
      ...(inTransaction ? { transaction: { start: at + 2, end: end - 2 } } : {}),
    });
    at = end + (random() ** 2 * 1_900) / (busy * 2);
  }
}

function statementsOf(from: number, to: number, random: () => number) {
  const statements = [];
  let at = from + 3;
  while (at < to - 8) {
    const end = Math.min(to - 4, at + 6 + random() * 240);
    const summary = STATEMENTS[Math.floor(random() * STATEMENTS.length)] ?? "SELECT";
    statements.push({ start: at, end, summary, ...(random() < 0.015 ? { failure: "23505" } : {}) });
    at = end + 4 + random() * 60;
  }
  return statements;
}

function hold(recording: Recording): void {
  const base = {
    waitMillis: 0.2,
    useCount: 40,
    transactionSince: null,
    cancellingSince: null,
    isLeakSuspected: false,
  };
  const place = PLACES[2] ?? null;
  const held = (lane: number, acquired: number, more: object = {}): void => {
    recording.held.push({
      ...base,
      lane,
      acquired,
      place,
      traceId: "4bf92f3577b34da6a3ce929d0e0e4736",
      ...more,
    });
  };
  held(1, NOW - 29_500);
  held(2, NOW - 35_000, { transactionSince: NOW - 34_000 });
  held(3, NOW - 4_000, { transactionSince: NOW - 3_900 });
  held(4, NOW - 41_000, { isLeakSuspected: true });
}

function count(recording: Recording, begin: number): void {
  for (let at = begin; at <= NOW; at += 500) {
    const age = (at - begin) / 60_000;
    const open = Math.min(6, 2 + Math.floor(age * 14));
    const used = Math.min(
      open,
      age < 0.5 ? 1 + Math.round(Math.sin(age * 30) + 1) : 4 + Math.round(Math.sin(age * 40)),
    );
    const waiting = age > 0.62 && age < 0.82 ? Math.round(6 * Math.sin(((age - 0.62) / 0.2) * Math.PI)) : 0;
    recording.numbers(at, {
      used,
      idle: Math.max(0, open - used),
      connecting: age < 0.3 ? 1 : 0,
      waiting,
      max: 6,
    });
  }
}

/** The same minute as a message. */
export function busyUpdate(view: PoolView = pool()): PoolUpdate {
  return busyMinute(view).update(NOW);
}
