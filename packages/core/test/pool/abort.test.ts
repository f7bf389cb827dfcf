import { type Connection, createPool, type Pool } from "@rockpool/core";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { rejection, until, useServer } from "./server.ts";

const test = useServer();
let pool: Pool;
let watcher: Pool;

beforeAll(async () => {
  await using admin = createPool(test.server.url, { max: 1 });
  // A COMMIT lasts as long as somebody holds the advisory lock 1.
  await admin.script(`
    create table items (id int);
    create function wait_in_commit() returns trigger language plpgsql as $$
      begin perform pg_advisory_xact_lock_shared(1); return null; end $$;
    create constraint trigger slow_commit after insert on items deferrable initially deferred
      for each row execute function wait_in_commit()`);
});
beforeEach(() => {
  pool = createPool({ connectionString: test.server.url, application_name: "aborted" }, { max: 1 });
  watcher = createPool(test.server.url, { max: 2 });
});
afterEach(async () => {
  await Promise.all([pool.close({ timeoutMillis: 0 }), watcher.close({ timeoutMillis: 0 })]);
});

const reason = new Error("enough");
const endless = "select pg_sleep(600)";
/** The first row comes at once, the next never. */
const halting = "select case when n > 200 then pg_sleep(600)::text end from generate_series(1, 400) n";
const silence = { [Symbol.asyncIterator]: () => ({ next: () => new Promise<never>(() => {}) }) };

async function drain(source: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of source);
}

/** Every operation of a pool, made to last until it is aborted. */
const operations: Record<string, (signal: AbortSignal) => Promise<unknown>> = {
  query: (signal) => pool.query(endless, [], { signal }),
  "query that is not prepared": (signal) => pool.query(endless, [], { signal, prepare: false }),
  script: (signal) => pool.script(`select 1; ${endless}`, { signal }),
  cursor: (signal) => drain(pool.cursor(endless, [], { signal })),
  "cursor amid its rows": (signal) => drain(pool.cursor(halting, [], { signal })),
  "cursor of a transaction, amid its rows": (signal) =>
    pool.transaction((tx) => drain(tx.cursor(halting, [], { signal })), { signal }),
  "COPY out": (signal) => drain(pool.copyTo(`copy (${halting}) to stdout`, { signal })),
  "COPY in": (signal) => pool.copyFrom("copy items from stdin", silence, { signal }),
  transaction: (signal) => pool.transaction((tx) => tx.query(endless), { signal }),
  savepoint: (signal) =>
    pool.transaction((tx) => tx.transaction((savepoint) => savepoint.query(endless)), { signal }),
  "transaction in COMMIT": (signal) =>
    pool.transaction((tx) => tx.query("insert into items values (1)"), { signal }),
  use: (signal) =>
    pool.use((connection: Connection) => connection.query(endless, [], { signal }), { signal }),
  "advisory lock": (signal) =>
    pool.use((connection: Connection) => connection.advisoryLock(1, { signal }), { signal }),
};

/** Nothing is held, nothing waits, nothing runs, and the pool works. */
async function expectRest(): Promise<void> {
  await until(() => pool.stats().acquired + pool.stats().resetting + pool.stats().closing === 0);
  const { total, idle, waiting, connecting, connectionsLost } = pool.stats();
  expect({ waiting, connecting, connectionsLost }).toEqual({ waiting: 0, connecting: 0, connectionsLost: 0 });
  expect(idle).toBe(total);
  const running = "select from pg_stat_activity where application_name = 'aborted' and state <> 'idle'";
  expect((await watcher.query(running)).rows).toEqual([]);
  expect((await pool.query("select count(*)::int as n from items")).rows).toEqual([{ n: 0 }]);
}

async function isAtWork(): Promise<boolean> {
  const text =
    "select from pg_stat_activity where application_name = 'aborted' and state = 'active' and wait_event in ('PgSleep', 'advisory', 'ClientRead')";
  return (await watcher.query(text)).rows.length > 0;
}

describe.each(Object.entries(operations))(
  "the abort of a %s leaves the pool and the server at rest",
  (_name, run) => {
    it("before it is asked for", async () => {
      expect(await rejection(run(AbortSignal.abort(reason)))).toBe(reason);
      expect(pool.stats().acquires).toBe(0);
      await expectRest();
    });

    it("while it waits for a connection", async () => {
      const lease = await pool.acquire();
      const controller = new AbortController();
      const waiting = rejection(run(controller.signal));
      await until(() => pool.stats().waiting === 1);
      controller.abort(reason);
      expect(await waiting).toBe(reason);
      lease.release();
      await expectRest();
    });

    it("in the turn in which it is sent", async () => {
      await pool.query("select 1");
      const controller = new AbortController();
      const running = rejection(run(controller.signal));
      await until(() => pool.stats().acquired === 1);
      controller.abort(reason);
      expect(await running).toBe(reason);
      await expectRest();
    });

    it("while the server works on it", async () => {
      await using blocker = await watcher.acquire();
      await using _lock = await blocker.advisoryLock(1);
      const controller = new AbortController();
      const running = rejection(run(controller.signal));
      await until(isAtWork);
      controller.abort(reason);
      expect(await running).toBe(reason);
      await expectRest();
    });
  },
);
