import { describe, expect, test } from "vitest";
import type { PoolOriginView } from "../../../shared/protocol/pool.ts";
import type { ServerBackend } from "../../../src/model/database.ts";
import { leaksOf, withLeaks } from "../../../src/model/pool/leaks.ts";
import { ServerActivity, serverBehind, serverQuestions } from "../../../src/model/pool/server-activity.ts";
import { isSameServer, serverPlace } from "../../../src/model/pool/server-place.ts";
import { FakeDatabase, ManualClock } from "../fake-database.ts";
import { pool, slot } from "./sample-pool.ts";

const PROGRAM: PoolOriginView = {
  kind: "program",
  serviceName: "orders",
  process: "7@box",
  lastSeenUnixMillis: 0,
  isStale: false,
};

function backend(pid: number, changes: Partial<ServerBackend> = {}): ServerBackend {
  return {
    pid,
    database: "shop",
    user: "app",
    applicationName: "orders",
    state: "idle",
    stateMillis: 0,
    waitEvent: null,
    queryMillis: 0,
    ...changes,
  };
}

function joined(of: ReturnType<typeof pool>, ...backends: ServerBackend[]) {
  const activity = new ServerActivity(new ManualClock());
  activity.replace(new Map([[of.key, backends]]));
  return activity.join(of);
}

describe("the server behind a pool", () => {
  test.each([
    ["shop@db:6432", { database: "shop", host: "db", port: 6432 }],
    ["shop@db", { database: "shop", host: "db", port: 5432 }],
    ["a@b@::1:5433", { database: "a@b", host: "::1", port: 5433 }],
    ["shop", null],
  ])("is read from %s", (target, place) => {
    expect(serverPlace(target)).toEqual(place);
  });

  test.each([
    ["localhost", "127.0.0.1", true],
    ["::1", "/var/run/postgresql", true],
    ["DB.example", "db.example", true],
    ["db1", "db2", false],
  ])("is the same for %s and %s: %s", (a, b, isSame) => {
    expect(isSameServer({ host: a, port: 5432 }, { host: b, port: 5432 })).toBe(isSame);
    expect(isSameServer({ host: a, port: 5432 }, { host: b, port: 5433 })).toBe(false);
  });

  test("is that of a connection that is open, for a program's pool by its address", () => {
    const database = new FakeDatabase();
    expect(serverBehind(pool([]), [database])).toBe(database);
    expect(serverBehind(pool([], { origin: PROGRAM, name: "main", target: "shop@db" }), [database])).toBe(
      database,
    );
    expect(serverBehind(pool([], { origin: PROGRAM, target: "shop@elsewhere" }), [database])).toBeNull();
    expect(serverBehind(pool([], { origin: PROGRAM, target: null }), [database])).toBeNull();
  });

  test("is asked about the processes of its slots, and not at all where there is none", () => {
    const database = new FakeDatabase();
    const pools = [pool([slot(1), slot(2, { backendPid: null })]), pool([], { key: "other" })];
    expect(serverQuestions(pools, [database])).toEqual([{ poolKey: "own shop", database, pids: [101] }]);
  });
});

describe("a slot joined with its process", () => {
  test("shows what the server says of it", () => {
    const view = joined(pool([slot(1), slot(2)]), backend(101, { state: "active", waitEvent: "Lock:tuple" }));
    expect(view.slots.map(({ server }) => server)).toEqual([
      { state: "active", waitEvent: "Lock:tuple" },
      null,
    ]);
  });

  test("shows nothing that the server said a while ago, since nobody has asked it since", () => {
    const clock = new ManualClock();
    const activity = new ServerActivity(clock);
    const of = pool([slot(1)]);
    activity.replace(new Map([[of.key, [backend(101)]]]));
    clock.advance(6_000);
    expect(activity.join(of).slots[0]?.server?.state).toBe("idle");
    clock.advance(1);
    expect(activity.join(of)).toBe(of);
  });

  test("of a program is in the state that the server sees, since its spans come only afterwards", () => {
    const idle = slot(1, { state: "idle", holder: null, forMillis: 9 });
    const of = pool([idle], { origin: PROGRAM, target: "shop@db" });
    expect(joined(of, backend(101, { state: "active", stateMillis: 70 })).slots).toMatchObject([
      { state: "running", forMillis: 70 },
    ]);
    expect(joined(of, backend(101, { state: "idle in transaction (aborted)" })).slots[0]?.state).toBe("kept");
    expect(joined(of, backend(101)).slots).toMatchObject([{ state: "idle", forMillis: 9 }]);
  });

  test("of a program that is a suspected leak stays held since its acquire", () => {
    const leak = { stack: null, place: null };
    const held = slot(1, { state: "used", leak, forMillis: 9_000 });
    const of = pool([held], { origin: PROGRAM, target: "shop@db" });
    expect(joined(of, backend(101, { state: "idle in transaction", stateMillis: 5 })).slots).toMatchObject([
      { state: "used", forMillis: 9_000, server: { state: "idle in transaction" } },
    ]);
  });

  test("of the extension stays in the state that it knows itself", () => {
    expect(joined(pool([slot(1)]), backend(101)).slots[0]?.state).toBe("running");
  });

  test("is not joined with a process of that number on another database, nor with one that may not be seen", () => {
    const of = pool([slot(1)], { origin: PROGRAM, target: "shop@db" });
    expect(joined(of, backend(101, { database: "other" })).slots[0]?.server).toBeNull();
    expect(joined(of, backend(101, { state: null })).slots[0]?.server).toBeNull();
  });
});

describe("a suspected leak", () => {
  const kept = slot(1, { state: "kept", forMillis: 60_000 });

  test("is a connection that is kept beyond the threshold while no statement runs", () => {
    expect(leaksOf(withLeaks(pool([kept]), 60_000))).toMatchObject([
      { id: "shop#1", leak: { place: { path: "file:///shop.sql", line: 6 } } },
    ]);
    expect(leaksOf(withLeaks(pool([kept]), 60_001))).toEqual([]);
    expect(leaksOf(withLeaks(pool([kept]), null))).toEqual([]);
    expect(leaksOf(withLeaks(pool([slot(1, { forMillis: 60_000 })]), 1))).toEqual([]);
  });

  test("is none while the server says that a statement runs, whatever the program suspects", () => {
    const leak = { stack: null, place: null };
    const active = { state: "active", waitEvent: null };
    expect(leaksOf(withLeaks(pool([{ ...kept, server: active }]), 1))).toEqual([]);
    expect(leaksOf(withLeaks(pool([slot(1, { state: "used", leak, server: active })]), 1))).toEqual([]);
    const idle = { state: "idle in transaction", waitEvent: null };
    expect(leaksOf(withLeaks(pool([slot(1, { state: "used", leak, server: idle })]), null))).toHaveLength(1);
  });

  test("makes no new view of a pool that has none", () => {
    const view = pool([slot(1)]);
    expect(withLeaks(view, 1)).toBe(view);
  });
});
