import { type PostgresServer, startPostgres } from "@rockpool/postgres";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openDatabase, testDatabase } from "../../src/database/open-database.ts";
import type { Database, DatabaseLease } from "../../src/model/database.ts";

const never = new AbortController().signal;
/** Nobody looks at the spans here. */
const spans = { onStart: () => {}, onEnd: () => {} };

let server: PostgresServer;
let database: Database;
let lease: DatabaseLease;

function request(overrides: { connection?: string; isReadOnly?: boolean; isUntrusted?: boolean } = {}) {
  return {
    name: "test",
    connection: server.url,
    password: null,
    max: 2,
    idleTimeoutMillis: 60_000,
    acquireTimeoutMillis: 5_000,
    isReadOnly: false,
    isUntrusted: false,
    signal: never,
    ...overrides,
  };
}

function execute(target: DatabaseLease, text: string) {
  return target.execute(text, { signal: never, pageSize: 10, copyData: null });
}

beforeAll(async () => {
  server = await startPostgres();
  database = await openDatabase({ ...request(), spans });
  lease = await database.acquire(never);
});
afterAll(async () => {
  await lease?.release();
  await database?.close();
  await server?.stop();
});

describe("which functions may write", () => {
  const asked = (...names: string[]) => database.writingFunctions(names, never);

  it("is what the server has them declared, in any schema", async () => {
    await execute(lease, "create schema shop");
    for (const volatility of ["volatile", "stable", "immutable"]) {
      await execute(
        lease,
        `create function shop.is_${volatility}() returns int language sql ${volatility} as 'select 1'`,
      );
    }
    expect(await asked("is_volatile", "is_stable", "is_immutable", "is_nowhere")).toEqual(["is_volatile"]);
  });

  it("counts the server's own that change something, and none that only look", async () => {
    expect(await asked("count", "now", "lower", "random", "clock_timestamp", "pg_sleep", "currval")).toEqual(
      [],
    );
    expect(await asked("pg_table_size", "pg_advisory_lock", "set_config", "pg_ls_dir")).toEqual([]);
    const writing = ["lo_unlink", "nextval", "pg_notify", "pg_terminate_backend", "query_to_xml", "setval"];
    expect(await asked(...writing)).toEqual(writing);
  });

  it("takes a function of the user's for a writing one even where the server has one of that name", async () => {
    await execute(lease, "create function shop.lower(int) returns int language sql volatile as 'select 1'");
    expect(await asked("lower")).toEqual(["lower"]);
  });
});

describe("a read-only profile", () => {
  async function readOnly(connection: string): Promise<Database> {
    return openDatabase({ ...request({ connection, isReadOnly: true }), spans });
  }

  it("is so on the server, also beside options of its own", async () => {
    const opened = await readOnly(`${server.url}?options=-c%20search_path%3Dshop`);
    const reader = await opened.acquire(never);
    expect((await execute(reader, "show search_path")).rows).toEqual([["shop"]]);
    await expect(execute(reader, "create table nope (a int)")).rejects.toMatchObject({ code: "25006" });
    await reader.release();
    await opened.close();
  });

  it("is so again after its session was reset", async () => {
    const opened = await readOnly(server.url);
    const first = await opened.acquire(never);
    await execute(first, "set default_transaction_read_only = off");
    await first.release();
    const second = await opened.acquire(never);
    expect((await execute(second, "show default_transaction_read_only")).rows).toEqual([["on"]]);
    await second.release();
    await opened.close();
  });

  it("of a workspace too, which may set no options itself", async () => {
    const opened = await openDatabase({
      ...request({ isReadOnly: true, isUntrusted: true }),
      spans,
    });
    await opened.close();
    const connection = `${server.url}?options=-c%20search_path%3Dshop`;
    await expect(testDatabase(request({ connection, isUntrusted: true }))).rejects.toThrow(/sets options/);
  });
});

describe("a connection that is tested", () => {
  it("tells the server's version, how it is encrypted and how fast it answers, and leaves nothing open", async () => {
    const before = await execute(lease, "select count(*) from pg_stat_activity where usename is not null");
    const facts = await testDatabase(request());
    expect(facts).toMatchObject({ isStandby: false, encryption: null });
    expect(facts.version).toMatch(/^\d+/);
    expect(facts.latencyMillis).toBeGreaterThan(0);
    await expect
      .poll(
        async () =>
          (await execute(lease, "select count(*) from pg_stat_activity where usename is not null")).rows,
      )
      .toEqual(before.rows);
  });

  it("stops when it is cancelled", async () => {
    const abort = new AbortController();
    abort.abort();
    await expect(testDatabase({ ...request(), signal: abort.signal })).rejects.toBe(abort.signal.reason);
  });
});
