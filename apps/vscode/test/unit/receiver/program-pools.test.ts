import { beforeEach, describe, expect, test } from "vitest";
import { ProgramPools } from "../../../src/model/receiver/program-pools.ts";
import { ManualClock } from "../fake-database.ts";
import { checkout, numbers, sender, span } from "./reports.ts";

const SHOP = sender("shop", "71@box");
let clock: ManualClock;
let ended: Set<string>;
let programs: ProgramPools;

beforeEach(() => {
  clock = new ManualClock();
  ended = new Set();
  programs = new ProgramPools({
    clock,
    unixNow: () => clock.now(),
    hasEnded: (process) => ended.has(process),
  });
});

/** Time in which the program reports once a second. */
function advance(seconds: number, report: (() => void) | null = null): void {
  for (let second = 0; second < seconds; second += 1) {
    clock.advance(1_000);
    report?.();
  }
}

function states() {
  return programs.pools().map(({ name, origin }) => [name, origin.kind === "program" && origin.isStale]);
}

describe("a program that reports", () => {
  test("shows its pool by its metrics alone, whatever it is written in", () => {
    programs.addMetrics(
      numbers(sender("java-orders", "9@box"), "HikariPool-1", { used: 2, idle: 3, max: 5 }),
    );
    expect(programs.pools()).toMatchObject([
      {
        name: "HikariPool-1",
        origin: { kind: "program", serviceName: "java-orders", process: "9@box", isStale: false },
        used: 2,
        idle: 3,
        total: 5,
        max: 5,
        waiting: 0,
        slots: [],
      },
    ]);
    expect(programs.programCount).toBe(1);
  });

  test("shows its slots by its spans, idle since the last release", () => {
    programs.addMetrics(numbers(SHOP, "shop", { idle: 2 }));
    programs.addSpans([checkout(SHOP, 2, [100, 400]), checkout(SHOP, 1, [0, 500])]);
    clock.advance(900);
    expect(programs.pools()[0]?.slots).toMatchObject([
      { id: "shop#1", state: "idle", forMillis: 400, backendPid: 4_001 },
      { id: "shop#2", state: "idle", forMillis: 500, backendPid: 4_002 },
    ]);
  });

  test("shows no slot as idle where its metrics say that none is", () => {
    programs.addSpans([checkout(SHOP, 1, [0, 500])]);
    programs.addMetrics(numbers(SHOP, "shop", { used: 1, idle: 0 }));
    expect(programs.pools()[0]?.slots).toMatchObject([{ id: "shop#1", state: "used", holder: null }]);
  });

  test("shows a pool of which only spans arrive", () => {
    programs.addSpans([checkout(SHOP, 1, [0, 500])]);
    expect(programs.pools()).toMatchObject([
      { name: "shop", used: null, total: 1, slots: [{ id: "shop#1" }] },
    ]);
  });

  test("shows no more slots than are open: those of which nothing was heard for longest are gone", () => {
    programs.addSpans([1, 2, 3].map((connection) => checkout(SHOP, connection, [0, connection * 100])));
    programs.addMetrics(numbers(SHOP, "shop", { used: 1, idle: 1 }));
    expect(programs.pools()[0]?.slots.map(({ id }) => id)).toEqual(["shop#2", "shop#3"]);
  });

  test("names the line that holds a connection for too long, the request that it serves and what it ran last", () => {
    const request = span(SHOP, { name: "GET /report", kind: "server" });
    clock.advance(2_100);
    programs.addSpans([
      request,
      span(SHOP, {
        name: "SELECT orders",
        kind: "client",
        startTimeUnixMillis: 110,
        endTimeUnixMillis: 120,
        attributes: { "rockpool.connection.id": "shop#1" },
      }),
      span(SHOP, {
        name: "pool.leak",
        traceId: request.traceId,
        startTimeUnixMillis: 100,
        endTimeUnixMillis: 2_100,
        attributes: {
          ...checkout(SHOP, 1, [0, 0]).attributes,
          "code.file.path": "/srv/shop/order.ts",
          "code.line.number": 12,
          "code.stacktrace": "Error: acquired here\n    at order (/srv/shop/order.ts:12:3)",
        },
      }),
    ]);
    clock.advance(3_000);
    const place = { path: "/srv/shop/order.ts", line: 12 };
    expect(programs.pools()[0]?.slots).toMatchObject([
      {
        state: "used",
        forMillis: 5_000,
        holder: { label: "order.ts:12", place, caller: "GET /report", statement: "SELECT orders" },
        leak: { place, stack: expect.stringContaining("order.ts:12:3") },
      },
    ]);
  });

  test("is in the present although its clock is five minutes ahead", () => {
    const ahead = 300_000;
    clock.advance(1_000);
    programs.addSpans([
      checkout(SHOP, 1, [ahead + 200, ahead + 900]),
      checkout(SHOP, 2, [ahead, ahead + 400]),
    ]);
    clock.advance(2_000);
    programs.addSpans([checkout(SHOP, 1, [ahead + 2_000, ahead + 2_800], 2)]);
    // To the tenths of a second that the batches took.
    expect(programs.pools()[0]?.slots).toMatchObject([{ forMillis: 0 }, { forMillis: 2_500 }]);
  });

  test("that tells a wild time once is believed in all else", () => {
    clock.advance(1_000);
    programs.addSpans([checkout(SHOP, 1, [500, 900])]);
    programs.addSpans([checkout(SHOP, 1, [4e12, 4e12 + 50], 2), checkout(SHOP, 2, [100, 300])]);
    const [first, second] = programs.recorder.tape.lanes;
    expect(first?.tracks.use.end(first.tracks.use.length - 1)).toBe(1_000);
    expect(second?.tracks.use.end(0)).toBe(300);
  });

  test("is told from another process of the same service", () => {
    programs.addMetrics(numbers(SHOP, "shop", { used: 1 }));
    programs.addMetrics(numbers(sender("shop", "72@box"), "shop", { used: 2 }));
    expect(programs.pools().map(({ used }) => used)).toEqual([1, 2]);
    expect(programs.programCount).toBe(2);
  });
});

describe("a program that falls silent", () => {
  const report = () => programs.addMetrics(numbers(SHOP, "shop", { used: 1 }));

  test("fades, and is forgotten a minute later", () => {
    report();
    advance(60, report);
    advance(4);
    expect(states()).toEqual([["shop", false]]);
    advance(6);
    expect(states()).toEqual([["shop", true]]);
    expect(programs.programCount).toBe(0);
    advance(60);
    expect(programs.pools()).toEqual([]);
    expect(clock.timerCount).toBe(0);
  });

  test("is back as soon as it reports again", () => {
    report();
    advance(30);
    expect(states()).toEqual([["shop", true]]);
    report();
    expect(states()).toEqual([["shop", false]]);
  });

  test("has its own rhythm: who reports once a minute is not silent after ten seconds", () => {
    report();
    clock.advance(60_000);
    report();
    advance(59);
    expect(states()).toEqual([["shop", false]]);
  });

  test("fades at once where its process has ended", () => {
    report();
    ended.add("71@box");
    advance(1);
    expect(states()).toEqual([["shop", true]]);
  });

  test("is gone at once where it says that it has closed its pool", () => {
    report();
    programs.addMetrics(numbers(SHOP, "shop", { max: 0 }));
    expect(programs.pools()).toEqual([]);
  });
});

test("programs without number are not kept: of more than sixty-four the one silent for longest goes", () => {
  for (let pid = 1; pid <= 100; pid += 1) {
    programs.addMetrics(numbers(sender("swarm", `${pid}@box`), "shop", { used: 1 }));
  }
  expect(programs.pools()).toHaveLength(64);
  expect(programs.pools().map(({ origin }) => origin)).not.toContainEqual(
    expect.objectContaining({ process: "36@box" }),
  );
});

test("who watches is told of each report and of silence, until it looks away", () => {
  let told = 0;
  const stop = programs.onDidChange(() => {
    told += 1;
  });
  programs.addMetrics(numbers(SHOP, "shop", {}));
  advance(1);
  expect(told).toBe(2);
  stop();
  advance(1);
  expect(told).toBe(2);
});
