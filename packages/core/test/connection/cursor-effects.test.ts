import { type PostgresServer, startPostgres } from "@rockpool/postgres";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Session } from "../../src/connection/session.ts";
import { openSession } from "./world.ts";

let server: PostgresServer;
let session: Session;

beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.stop());
beforeEach(async () => {
  session = await openSession(server);
});
afterEach(() => session.close());

const never = new AbortController().signal;

const traits = (): string[] => [...session.traits].sort();

const readAll = (text: string): Promise<unknown[]> => session.cursor(text, [], { batchSize: 2 }).fetchAll();

async function readSome(text: string, count: number): Promise<void> {
  await using cursor = session.cursor(text);
  await cursor.read(count);
}

/** The session's own advisory locks, by the server's books. */
async function locksHeld(): Promise<number> {
  const text = "select 1 from pg_locks where locktype = 'advisory' and pid = pg_backend_pid()";
  return (await session.query(text)).rows.length;
}

describe.each(["outside", "within"])("what a cursor %s a transaction reads changes the session:", (place) => {
  const isWithin = place === "within";
  beforeEach(async () => {
    if (isWithin) await session.query("begin");
  });

  it.each([
    ["select pg_advisory_lock(1)", ["advisory_lock"]],
    ["select pg_try_advisory_lock_shared(1)", ["advisory_lock"]],
    ["select pg_advisory_xact_lock(1)", []],
    ["select set_config('app.user', 'x', false)", ["settings"]],
    ["select set_config('app.user', 'x', true)", []],
    ["set work_mem = '5MB'", ["settings"]],
    ["create temp table t (id int)", ["temporary_table"]],
    ["select 1 as x", []],
  ])("%s is seen, read to its end or not", async (text, expected) => {
    await readSome(text, 1);
    expect(traits()).toEqual(expected);
    if (text.startsWith("select")) {
      await readAll(text);
      expect(traits()).toEqual(expected);
    }
    if (isWithin) await session.query("commit");
    expect(traits()).toEqual(expected);
  });

  it("a statement that fails, or is never read, changes nothing", async () => {
    await session.cursor("select set_config('app.user', 'x', false)").close();
    await readAll("select set_config('no such name', 'x', false)").catch(() => {});
    expect(traits()).toEqual([]);
  });

  it("a lock is counted for each row, whatever the batches", async () => {
    await readAll("select pg_advisory_lock(n) from generate_series(1, 5) n");
    await readAll("select pg_advisory_unlock(n) from generate_series(1, 4) n");
    expect(traits()).toEqual(["advisory_lock"]);
    expect(await locksHeld()).toBe(1);
    await readAll("select pg_advisory_unlock(5)");
    expect(traits()).toEqual([]);
    expect(await locksHeld()).toBe(0);
  });

  it("a lock is counted for each row that a change returns", async () => {
    await session.query("create table if not exists jobs (id int)");
    await readAll("insert into jobs select generate_series(1, 5) returning id, pg_advisory_lock(id)");
    await readAll("select pg_advisory_unlock(n) from generate_series(1, 4) n");
    expect(traits()).toEqual(["advisory_lock"]);
    await readAll("select pg_advisory_unlock(5)");
    expect(traits()).toEqual([]);
    if (isWithin) await session.query("rollback");
  });

  it("a lock on a row that was computed but not read counts until all locks are released", async () => {
    await readSome("select pg_try_advisory_lock(n) as ok from generate_series(1, 5) n order by ok", 1);
    expect(await locksHeld()).toBe(5);
    await readAll("select pg_advisory_unlock(1)");
    expect(traits()).toEqual(["advisory_lock"]);
    await readAll("select pg_advisory_unlock_all()");
    expect(traits()).toEqual([]);
    expect(await locksHeld()).toBe(0);
  });
});

it("a reset removes what a cursor left behind, and what a rollback undid is not left behind", async () => {
  await readAll("select pg_advisory_lock(1), set_config('work_mem', '5MB', false)");
  expect(traits()).toEqual(["advisory_lock", "settings"]);
  await session.reset("clean", never);
  expect(traits()).toEqual([]);
  expect(await locksHeld()).toBe(0);
  await session.query("begin");
  await readAll("select set_config('work_mem', '6MB', false)");
  await session.query("rollback");
  expect(traits()).toEqual([]);
});

it("statements that were prepared are prepared anew when a cursor has discarded them", async () => {
  expect((await session.query("select 1 as x")).rows).toEqual([{ x: 1 }]);
  await readAll("deallocate all");
  expect((await session.query("select 1 as x")).rows).toEqual([{ x: 1 }]);
  expect((await session.query("select 2 as x")).rows).toEqual([{ x: 2 }]);
});

it("behind a transaction pooler a cursor that would change the session is refused, and nothing is sent", async () => {
  const pooled = await openSession(server, { pooler: "transaction" });
  try {
    const reading = pooled.cursor("select set_config('work_mem', '5MB', false)").read(1);
    await expect(reading).rejects.toMatchObject({ code: "POOL_CONFIG" });
    const { rows } = await pooled.query("show work_mem");
    expect(rows).not.toEqual([{ work_mem: "5MB" }]);
  } finally {
    await pooled.close();
  }
});
