import { AsyncLocalStorage } from "node:async_hooks";
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

async function run(text: string): Promise<void> {
  if (text.includes(";")) await session.script(text);
  else await session.query(text);
}

const traits = (): string[] => [...session.traits].sort();

describe("the transaction status", () => {
  it("is the server's own word", async () => {
    expect(session.transactionStatus).toBe("idle");
    await session.query("begin");
    expect(session.transactionStatus).toBe("transaction");
    await session.query("select no").catch(() => {});
    expect(session.transactionStatus).toBe("failed");
    await session.query("rollback");
    expect(session.transactionStatus).toBe("idle");
  });
});

describe("a session carries", () => {
  it.each([
    ["set work_mem = '5MB'", ["settings"]],
    ["SET SESSION search_path TO public", ["settings"]],
    ["set app.name = 'x'", ["settings"]],
    ["set time zone 'UTC'", ["settings"]],
    ["set session characteristics as transaction read only", ["settings"]],
    ["select set_config('app.user', 'x', false)", ["settings"]],
    ["/* a comment */ -- and another\n set work_mem = '5MB'", ["settings"]],
    ["set role postgres", ["role"]],
    ["set session authorization postgres", ["role"]],
    ["listen news", ["listen"]],
    ["create temp table t (id int)", ["temporary_table"]],
    ["create or replace temporary view v as select 1", ["temporary_table"]],
    ["create table pg_temp.t2 (id int)", ["temporary_table"]],
    ["select 1 as x into temp t3", ["temporary_table"]],
    ["begin; declare c cursor with hold for select 1; commit", ["held_cursor"]],
    ["select pg_advisory_lock(1)", ["advisory_lock"]],
    ["select pg_try_advisory_lock_shared(1)", ["advisory_lock"]],
    ["prepare p as select 1", ["prepared_statement"]],
    ["do $$ begin perform set_config('app.x', 'set role; listen', false); end $$", ["unknown"]],
    ["begin; set work_mem = '5MB'; commit", ["settings"]],
    ["set work_mem = '5MB'; listen a", ["listen", "settings"]],
  ])("what %s leaves", async (text, expected) => {
    await run(text);
    expect(traits()).toEqual(expected);
  });

  it.each([
    "select 1",
    "select 'set role; listen x; create temp table t' as \"set x\"",
    "select $$ listen news $$",
    "set local work_mem = '5MB'",
    "begin; set local work_mem = '5MB'; set transaction read only; set constraints all deferred; commit",
    "select set_config('app.user', lower('X'), true)",
    "begin; create temp table t (id int) on commit drop; commit",
    "begin; declare c cursor for select 1; commit",
    "select pg_advisory_xact_lock(1)",
    "begin; set work_mem = '5MB'; listen a; create temp table t (id int); rollback",
    "set work_mem = default",
    "create function f() returns int begin atomic select 1; select 2; end; drop function f",
  ])("nothing after %s", async (text) => {
    await run(text);
    expect(traits()).toEqual([]);
  });

  it.each([
    ["set work_mem = '5MB'", "reset work_mem"],
    ["set work_mem = '5MB'; set app.x = '1'", "reset all"],
    ["set time zone 'UTC'", "set time zone default"],
    ["set role postgres", "reset role"],
    ["set session authorization postgres", "reset session authorization"],
    ["listen a; listen b", "unlisten *"],
    ["listen a", "unlisten a"],
    ["create temp table t (id int)", "discard temp"],
    ["begin; declare c cursor with hold for select 1; commit", "close c"],
    ["select pg_advisory_lock(1)", "select pg_advisory_unlock(1)"],
    ["select pg_advisory_lock(n) from generate_series(1, 3) n", "select pg_advisory_unlock_all()"],
    ["prepare p as select 1", "deallocate p"],
    ["do $$ begin end $$", "discard all"],
    ["set work_mem = '5MB'; listen a; prepare p as select 1; create temp table t (id int)", "discard all"],
  ])("nothing of %s any more after %s", async (first, second) => {
    await run(first);
    expect(traits()).not.toEqual([]);
    await run(second);
    expect(traits()).toEqual([]);
  });

  it("what a rollback can't undo, and what it undoes the undoing of", async () => {
    await run("set work_mem = '5MB'");
    await run("begin");
    await run("reset all");
    await run("select pg_advisory_lock(1)");
    expect(traits()).toEqual(["advisory_lock"]);
    await run("rollback");
    expect(traits()).toEqual(["advisory_lock", "settings"]);
  });

  it("a lock as long as it is held: each lock wants its unlock, and a lock that was not got counts for nothing", async () => {
    const other = await openSession(server);
    await other.query("select pg_advisory_lock(7)");
    await run("select pg_try_advisory_lock(7)");
    expect(traits()).toEqual([]);
    await run("select pg_advisory_lock(8), pg_advisory_lock(8)");
    await run("select pg_advisory_unlock(8)");
    expect(traits()).toEqual(["advisory_lock"]);
    await run("select pg_advisory_unlock(9)");
    expect(traits()).toEqual(["advisory_lock"]);
    await run("select pg_advisory_unlock(8)");
    expect(traits()).toEqual([]);
    await other.close();
  });

  it("nothing of a statement that failed", async () => {
    await run("set work_mem = 'no'").catch(() => {});
    await run("listen a; select 1/0").catch(() => {});
    expect(traits()).not.toContain("settings");
  });
});

/** What the next borrower could find. */
async function remains(): Promise<Record<string, unknown>> {
  const { rows } = await session.query(`select current_setting('work_mem') as work_mem,
    (select count(*)::int from pg_listening_channels()) as channels,
    (select count(*)::int from pg_locks where locktype = 'advisory' and pid = pg_backend_pid()) as locks,
    (select count(*)::int from pg_class where relpersistence = 't' and pg_table_is_visible(oid)) as tables,
    (select count(*)::int from pg_cursors where is_holdable) as cursors,
    (select count(*)::int from pg_prepared_statements where from_sql) as statements`);
  return rows[0] ?? {};
}

describe("a reset", () => {
  const clean = { work_mem: "4MB", channels: 0, locks: 0, tables: 0, cursors: 0, statements: 0 };
  const dirt =
    "set work_mem = '5MB'; listen a; select pg_advisory_lock(1); create temp table t (id int); " +
    "begin; declare c cursor with hold for select 1; commit; prepare p as select 1; set role postgres";

  it("has nothing to do on a session that is clean, without a round trip", async () => {
    await run("select 1");
    for (const tier of ["none", "rollback", "clean"] as const) expect(session.reset(tier, never)).toBeNull();
  });

  it.each(["rollback", "clean", "discard"] as const)(
    "by %s ends the transaction, even a failed one",
    async (tier) => {
      for (const text of ["begin", "begin; select 1/0"]) {
        await run(text).catch(() => {});
        await session.reset(tier, never);
        expect(session.transactionStatus).toBe("idle");
      }
    },
  );

  it.each(["clean", "discard"] as const)("by %s leaves nothing for the next borrower", async (tier) => {
    await run(dirt);
    await session.reset(tier, never);
    expect(await remains()).toEqual(clean);
    expect(traits()).toEqual([]);
  });

  it("by clean keeps the statements that are prepared", async () => {
    await session.query("select 1 as kept");
    await run("set work_mem = '5MB'");
    await session.reset("clean", never);
    const text = "select count(*)::int as n from pg_prepared_statements where statement = 'select 1 as kept'";
    expect((await session.query(text)).rows).toEqual([{ n: 1 }]);
  });

  it("by rollback or none leaves the rest as it is", async () => {
    await run(`${dirt}; begin`);
    await session.reset("none", never);
    expect(session.transactionStatus).toBe("transaction");
    await session.reset("rollback", never);
    expect((await remains()).work_mem).toBe("5MB");
    expect(traits()).toContain("settings");
  });

  it("brings back what the session was configured with", async () => {
    session.restore = async () => {
      await session.query("set work_mem = '7MB'");
    };
    await session.restore(never);
    session.markConfigured();
    expect(traits()).toEqual([]);
    await run("set work_mem = '9MB'");
    await session.reset("clean", never);
    expect((await remains()).work_mem).toBe("7MB");
    expect(traits()).toEqual([]);
    expect(session.reset("clean", never)).toBeNull();
  });

  it("is not seen by the observer", async () => {
    const texts: string[] = [];
    session.observer = {
      started: (_identity, { text }) => {
        texts.push(text);
        return null;
      },
    };
    await session.ping(never);
    await session.reset("discard", never);
    expect(texts).toEqual([]);
  });
});

describe("a transaction pooler", () => {
  it.each([
    ["set work_mem = '5MB'", /SET LOCAL/],
    ["select set_config('app.x', '1', false)", /is_local/],
    ["listen a", /LISTEN/],
    ["select pg_advisory_lock(1)", /pg_advisory_xact_lock/],
    ["prepare p as select 1", /PREPARE/],
    ["create temp table t (id int)", /ON COMMIT DROP/],
    ["begin; declare c cursor with hold for select 1", /WITH HOLD/],
    ["set role postgres", /SET LOCAL ROLE/],
  ])("rules out %s, which would stay on a server that others use", async (text, remedy) => {
    const pooled = await openSession(server, { pooler: "transaction" });
    await expect(pooled.script(text)).rejects.toThrow(remedy);
    await expect(pooled.script(text)).rejects.toMatchObject({ code: "POOL_CONFIG" });
    expect(pooled.transactionStatus).toBe("idle");
    await pooled.script("begin; set local work_mem = '5MB'; select pg_advisory_xact_lock(1); commit");
    await pooled.close();
  });
});

describe("a notice", () => {
  it("reaches every listener until it is forgotten", async () => {
    const heard: string[] = [];
    const forget = session.onNotice(({ severity, message, code, hint }) => {
      heard.push(`${severity} ${code} ${message} ${hint}`);
    });
    const text = "do $$ begin raise notice 'hello' using hint = 'wave'; end $$";
    await session.query(text);
    expect(heard).toEqual(["NOTICE 00000 hello wave"]);
    forget();
    await session.query(text);
    expect(heard).toHaveLength(1);
  });

  it("reaches a listener in the asynchronous context of whoever registered it", async () => {
    const storage = new AsyncLocalStorage<string>();
    const seen: (string | undefined)[] = [];
    const listener = (): void => void seen.push(storage.getStore());
    for (const name of ["first", "second"]) storage.run(name, () => session.onNotice(listener));
    await storage.run("third", () => session.query("do $$ begin raise notice 'hello'; end $$"));
    expect(seen).toEqual(["first", "second"]);
  });

  it("that a listener throws on is a warning of the process, and does not hurt the operation", async () => {
    const warned = new Promise((resolve) => process.once("warning", resolve));
    session.onNotice(() => {
      throw new Error("a listener's own mistake");
    });
    await session.query("do $$ begin raise notice 'hello'; end $$");
    expect(await warned).toMatchObject({ message: "a listener's own mistake" });
    expect((await session.query("select 1 as x")).rows).toEqual([{ x: 1 }]);
  });
});

describe("a notification", () => {
  it("reaches the session that listens", async () => {
    const heard = new Promise((resolve) => {
      session.onNotification = resolve;
    });
    await session.script("listen news; notify news, 'hello'");
    expect(await heard).toEqual({
      channel: "news",
      payload: "hello",
      processId: session.identity.backendPid,
    });
  });
});
