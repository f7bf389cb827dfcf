import { type PostgresServer, startPostgres } from "@rockpool/postgres";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { explainSettings, openDatabase } from "../../src/database/open-database.ts";
import type { Database, DatabaseLease, ExecuteOptions, Notice } from "../../src/model/database.ts";
import { describeFailure, isPasswordFailure } from "../../src/model/failure.ts";
import { poolRecorder } from "../../src/model/pool/pool-recorder.ts";

const never = new AbortController().signal;

let server: PostgresServer;
const recorder = poolRecorder();
let database: Database;
let lease: DatabaseLease;

function open(
  overrides: { connection?: string; password?: string; isReadOnly?: boolean; isUntrusted?: boolean } = {},
) {
  return openDatabase({
    name: "test",
    connection: server.url,
    password: null,
    max: 2,
    idleTimeoutMillis: 60_000,
    acquireTimeoutMillis: 5_000,
    isReadOnly: false,
    isUntrusted: false,
    spans: recorder,
    signal: never,
    ...overrides,
  });
}

function execute(text: string, options: Partial<ExecuteOptions> = {}) {
  return lease.execute(text, { signal: never, pageSize: 100, copyData: null, ...options });
}

beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.stop());

beforeEach(async () => {
  database = await open();
  lease = await database.acquire(never);
});
afterEach(async () => {
  await lease.release();
  await database.close();
});

describe("a statement", () => {
  it("gives its rows in the server's text form, with the types' names", async () => {
    const { columns, rows, command, rowCount } = await execute(
      "select 1::int8 as a, 2.50::numeric(10,2) as b, true as c, null as d, '{\"k\": 1}'::jsonb as e, 'x'::varchar(20) as f, " +
        "7 as g, timestamptz '2024-02-03 04:05:06+00' at time zone 'utc' as h, date '2024-02-03' as i, '{1,2}'::int[] as j",
    );
    expect(columns.map(({ name, typeName }) => `${name} ${typeName}`)).toEqual([
      "a bigint",
      "b numeric(10,2)",
      "c boolean",
      "d text",
      "e jsonb",
      "f character varying(20)",
      "g integer",
      "h timestamp",
      "i date",
      "j integer[]",
    ]);
    expect(rows).toEqual([
      ["1", "2.50", "true", null, '{"k": 1}', "x", "7", "2024-02-03 04:05:06", "2024-02-03", "{1,2}"],
    ]);
    expect({ command, rowCount }).toEqual({ command: "SELECT", rowCount: 1 });
  });

  it("says how many rows it changed", async () => {
    await execute("create temporary table t (a int)");
    const { command, rowCount, columns } = await execute("insert into t select generate_series(1, 3)");
    expect({ command, rowCount, columns }).toEqual({ command: "INSERT", rowCount: 3, columns: [] });
  });

  it("gives the rows of RETURNING, SHOW and EXPLAIN too", async () => {
    await execute("create temporary table t (a int)");
    expect((await execute("insert into t values (7) returning a")).rows).toEqual([["7"]]);
    expect((await execute("show application_name")).rows).toEqual([["Rockpool for VS Code"]]);
    expect((await execute("explain select 1")).columns[0]?.name).toBe("QUERY PLAN");
  });

  it("names the types of the database's own", async () => {
    await execute("create type mood as enum ('calm')");
    const again = await open();
    const other = await again.acquire(never);
    const { columns } = await other.execute("select 'calm'::mood as m", {
      signal: never,
      pageSize: 10,
      copyData: null,
    });
    expect(columns[0]?.typeName).toBe("mood");
    await other.release();
    await again.close();
    await execute("drop type mood");
  });
});

describe("a result of more than one page", () => {
  it("keeps a reader, which reads to the end", async () => {
    const first = await execute("select n % 2 = 0 from generate_series(1, 250) n", { pageSize: 100 });
    expect(first.rows).toHaveLength(100);
    expect(new Set(first.rows.flat())).toEqual(new Set(["true", "false"]));
    expect(first.rowCount).toBeNull();
    expect(await first.reader?.read(100)).toMatchObject({ rows: { length: 100 }, isLast: false });
    expect(await first.reader?.read(100)).toMatchObject({ rows: { length: 50 }, isLast: true });
    await first.reader?.close();
    expect((await execute("select 1")).rows).toEqual([["1"]]);
  });

  it.each([99, 100])(
    "is none with %i rows and a page of 100: all of them are there at once",
    async (count) => {
      const { rows, rowCount, hasMore, reader } = await execute(`select generate_series(1, ${count})`);
      expect({ rows: rows.length, rowCount, hasMore, reader }).toEqual({
        rows: count,
        rowCount: count,
        hasMore: false,
        reader: null,
      });
    },
  );

  it("knows its last page though that is a full one", async () => {
    const first = await execute("select generate_series(1, 200)", { pageSize: 100 });
    expect(first.hasMore).toBe(true);
    const second = await first.reader?.read(100);
    expect(second).toMatchObject({ rows: { 0: ["101"], 99: ["200"], length: 100 }, isLast: true });
  });

  it("is a page shorter where the values are large", async () => {
    const large = await execute("select repeat('x', 4000000) from generate_series(1, 100)", {
      pageSize: 100,
    });
    expect(large.hasMore).toBe(true);
    expect(large.rows.length).toBeLessThan(10);
    expect((await large.reader?.read(2))?.rows).toHaveLength(2);
    await large.reader?.close();
  });

  it("can be left unread", async () => {
    const first = await execute("select generate_series(1, 100000)", { pageSize: 10 });
    await first.reader?.close();
    expect(lease.transactionStatus).toBe("idle");
    expect((await execute("select 1")).rows).toEqual([["1"]]);
  });
});

describe("COPY", () => {
  it("takes the data lines of a script", async () => {
    await execute("create temporary table t (a int, b text)");
    const copied = await execute("copy t from stdin", { copyData: "1\tone\n2\ttwo\n" });
    expect(copied.rowCount).toBe(2);
    expect((await execute("copy t to stdout")).rows).toEqual([["1\tone"], ["2\ttwo"]]);
  });

  it("gives its lines by pages, whatever stands between its words, and can be left", async () => {
    const text = "/* all */ copy (select 'línea ' || n from generate_series(1, 100000) n) to -- here\nstdout";
    const { rows, reader, rowCount } = await execute(text);
    expect([rows.length, rows[0], rows[99], rowCount]).toEqual([100, ["línea 1"], ["línea 100"], null]);
    const page = await reader?.read(3);
    expect(page).toEqual({ rows: [["línea 101"], ["línea 102"], ["línea 103"]], isLast: false });
    await reader?.close();
    expect((await execute("select 1")).rows).toEqual([["1"]]);
  });

  it("gives all of its lines in a transaction, which stays whole", async () => {
    await execute("begin");
    const { rows, reader, rowCount } = await execute("copy (select generate_series(1, 25000)) to stdout");
    expect([rows.length, rows.at(-1), reader, rowCount]).toEqual([25_000, ["25000"], null, 25_000]);
    expect(lease.transactionStatus).toBe("transaction");
    await execute("commit");
  });

  it("shows its binary format as bytes", async () => {
    const { columns, rows } = await execute("copy (select 7) to stdout (format binary)");
    expect(columns[0]?.typeName).toBe("bytea");
    expect(rows[0]?.[0]).toMatch(/^\\x5047434f50590aff0d0a00/);
  });

  it("that goes to a program is no output to be read, whatever the program is called", async () => {
    const { rowCount, columns } = await execute("copy (select 1) to program 'cat > /dev/null # to stdout'");
    expect([rowCount, columns]).toEqual([1, []]);
  });
});

describe("a session says why it must be kept", () => {
  it("in a transaction, and in a failed one", async () => {
    await execute("begin");
    expect(lease.transactionStatus).toBe("transaction");
    await expect(execute("select 1/0")).rejects.toMatchObject({ code: "22012" });
    expect(lease.transactionStatus).toBe("failed");
    await execute("rollback");
    expect(lease.transactionStatus).toBe("idle");
  });

  it.each([
    ["set search_path to pg_catalog", "settings"],
    ["create temporary table kept (a int)", "temporary_table"],
    ["listen kept", "listen"],
    ["select pg_advisory_lock(1)", "advisory_lock"],
    ["select pg_try_advisory_lock(2)", "advisory_lock"],
  ])("after %s", async (text, trait) => {
    await execute(text);
    expect([...lease.traits]).toContain(trait);
  });

  it("and is clean after plain statements", async () => {
    await execute("select 1");
    await execute("begin");
    await execute("commit");
    expect([...lease.traits]).toEqual([]);
  });
});

describe("a session that the server ended", () => {
  it("is kept for nothing, and the next one works", async () => {
    await execute("begin");
    const victim = lease.backendPid;
    const other = await database.acquire(never);
    await other.execute(`select pg_terminate_backend(${victim})`, {
      signal: never,
      pageSize: 1,
      copyData: null,
    });
    await other.release();
    await expect(execute("select 1")).rejects.toThrow();
    expect({ status: lease.transactionStatus, traits: lease.traits.size }).toEqual({
      status: "idle",
      traits: 0,
    });
    await lease.release();
    lease = await database.acquire(never);
    expect((await execute("select 1")).rows).toEqual([["1"]]);
  });
});

describe("a failure", () => {
  it("keeps the server's place, hint and code", async () => {
    const failure = describeFailure(
      await execute("select '😀', nope from pg_class").catch((error: unknown) => error),
    );
    expect(failure).toMatchObject({ code: "42703", position: 13, isCancelled: false });
  });

  it("is a cancellation once the run was cancelled, and the connection stays usable", async () => {
    const abort = new AbortController();
    const running = execute("select pg_sleep(60)", { signal: abort.signal });
    const other = await database.acquire(never);
    const options = { signal: never, pageSize: 10, copyData: null };
    const isAsleep = "select 1 from pg_stat_activity where wait_event = 'PgSleep'";
    while ((await other.execute(isAsleep, options)).rows.length === 0);
    await other.release();
    abort.abort();
    const failure = describeFailure(await running.catch((error: unknown) => error), abort.signal);
    expect(failure).toMatchObject({ message: "cancelled", isCancelled: true });
    expect((await execute("select 1")).rows).toEqual([["1"]]);
  });

  it("to connect says what to do", async () => {
    const connection = server.url.replace(String(server.port), "1");
    const failure = describeFailure(await open({ connection }).catch((error: unknown) => error));
    expect(failure.code).toBe("ECONNREFUSED");
    expect(failure.remedy).toMatch(/check host and port/);
  });

  it("for a database that does not exist is the server's own", async () => {
    const connection = server.url.replace(/\/postgres$/, "/nowhere");
    const failure = describeFailure(await open({ connection }).catch((error: unknown) => error));
    expect(failure).toMatchObject({ code: "3D000", message: 'database "nowhere" does not exist' });
  });
});

describe("notices", () => {
  it("arrive with their severity", async () => {
    const notices: Notice[] = [];
    lease.onNotice((notice) => notices.push(notice));
    await execute("do $$ begin raise notice 'one'; raise warning 'two' using hint = 'h'; end $$");
    expect(notices.map(({ severity, message, hint }) => [severity, message, hint])).toEqual([
      ["NOTICE", "one", null],
      ["WARNING", "two", "h"],
    ]);
  });
});

describe("the pool", () => {
  it("shows its slots and tells when they change", async () => {
    let changes = 0;
    const stop = database.onDidChange(() => changes++);
    const other = await database.acquire(never);
    expect(database.numbers()).toMatchObject({ max: 2, acquired: 2, waiting: 0 });
    const waiting = database.acquire(never);
    expect(database.numbers().waiting).toBe(1);
    await other.release();
    await (await waiting).release();
    expect(database.slots().map(({ state }) => state)).toContain("acquired");
    expect(changes).toBeGreaterThan(0);
    stop();
  });

  it("gives the next editor a session without the last one's settings", async () => {
    await execute("set search_path to pg_catalog");
    const { connectionId } = lease;
    await lease.release();
    lease = await database.acquire(never);
    expect(lease.connectionId).toBe(connectionId);
    expect((await execute("show search_path")).rows).toEqual([['"$user", public']]);
  });
});

describe("a profile", () => {
  it("that is read-only is so on the server", async () => {
    const readOnly = await open({ isReadOnly: true });
    const reader = await readOnly.acquire(never);
    const create = reader.execute("create table nope (a int)", {
      signal: never,
      pageSize: 1,
      copyData: null,
    });
    await expect(create).rejects.toMatchObject({ code: "25006" });
    await reader.release();
    await readOnly.close();
  });

  it("of a workspace may not name files of the machine", async () => {
    const connection = `${server.url}?sslkey=/etc/passwd`;
    await expect(open({ connection, isUntrusted: true })).rejects.toThrow(/sslkey/);
  });

  it("tells where each setting comes from and shows no password", () => {
    const settings = explainSettings({ connection: "postgresql://me:secret@h/db", isUntrusted: false });
    expect(settings).toContainEqual({ keyword: "host", value: "h", source: "the connection string" });
    expect(JSON.stringify(settings)).not.toContain("secret");
  });
});

describe("a password", () => {
  it("is asked for when it is wrong or missing", async () => {
    await execute("create role guarded login password 'right'");
    await server.setHba("host all guarded 127.0.0.1/32 scram-sha-256\nhost all all 127.0.0.1/32 trust\n");
    await server.reload();
    const connection = server.url.replace("postgres@", "guarded@");
    const failures = await Promise.all([
      open({ connection, password: "wrong" }).catch((error: unknown) => error),
      open({ connection }).catch((error: unknown) => error),
    ]);
    expect(failures.map((error) => isPasswordFailure(describeFailure(error)))).toEqual([true, true]);
    const opened = await open({ connection, password: "right" });
    expect(opened.target).toBe(`guarded@127.0.0.1:${server.port}/postgres`);
    await opened.close();
  });
});
