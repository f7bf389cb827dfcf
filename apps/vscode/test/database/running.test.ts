import { type PostgresServer, startPostgres } from "@rockpool/postgres";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Cell } from "../../shared/protocol/results.ts";
import { openDatabase } from "../../src/database/open-database.ts";
import type { Database, DatabaseLease } from "../../src/model/database.ts";
import { describeFailure, type Failure } from "../../src/model/failure.ts";
import { failureSpan } from "../../src/model/sql/failure-span.ts";
import { parameterise } from "../../src/model/sql/parameters.ts";

const never = new AbortController().signal;

let server: PostgresServer;
let database: Database;
let lease: DatabaseLease;

function execute(text: string, values: readonly Cell[] = []) {
  return lease.execute(parameterise(text).text, { signal: never, pageSize: 100, copyData: null, values });
}

async function failureOf(text: string, values: readonly Cell[] = []): Promise<Failure> {
  return describeFailure(
    await execute(text, values).then(
      () => null,
      (error: unknown) => error,
    ),
  );
}

/** What would be underlined of a statement. */
async function underlined(text: string, values: readonly Cell[] = []): Promise<string | null> {
  const span = failureSpan(text, parameterise(text), await failureOf(text, values));
  return span && text.slice(span.start, span.end);
}

function open(connection: string): Promise<Database> {
  return openDatabase({
    name: "test",
    connection,
    password: null,
    max: 2,
    idleTimeoutMillis: 60_000,
    acquireTimeoutMillis: 5_000,
    isReadOnly: false,
    isUntrusted: false,
    spans: { onStart: () => {}, onEnd: () => {} },
    signal: never,
  });
}

beforeAll(async () => {
  server = await startPostgres();
  database = await open(server.url);
});
afterAll(async () => {
  await database.close();
  await server.stop();
});

beforeEach(async () => {
  lease = await database.acquire(never);
});
afterEach(() => lease.release());

describe("a parameter", () => {
  it("has the type that the server inferred, by its name", async () => {
    const { text } = parameterise(
      "select :since::timestamptz, :n + 1, relname = :name, oid = any(:ids) from pg_class where reltuples > $1",
    );
    const types = await lease.describe(text, never);
    expect(types.map(({ name }) => name)).toEqual([
      "real",
      "timestamp with time zone",
      "integer",
      "name",
      "oid[]",
    ]);
  });

  it("takes its value in the text form of its type, NULL and an empty string apart", async () => {
    const { rows } = await execute(
      "select :n::int + 1, :d::date + 1, :list::int[] @> '{2}', :nothing::text is null, :empty::text = '' limit :n",
      ["1", "2026-01-31", "{1,2}", null, ""],
    );
    expect(rows).toEqual([["2", "2026-02-01", "true", "true", "true"]]);
  });

  it("is used by a statement that changes rows too", async () => {
    await execute("create temporary table t (a int, b text)");
    const { rowCount } = await execute("insert into t select n, :b from generate_series(1, :n) n", [
      "x",
      "3",
    ]);
    expect(rowCount).toBe(3);
    expect(
      (await execute("update t set b = :b where a = any(:ids) returning a", ["y", "{1,3}"])).rows,
    ).toEqual([["1"], ["3"]]);
  });

  it("of a list is an array", async () => {
    const { rows } = await execute("select n from generate_series(1, 5) n where n = any(:ids::int[])", [
      "{2,4}",
    ]);
    expect(rows).toEqual([["2"], ["4"]]);
  });
});

describe("a value", () => {
  const integer = { id: 23, name: "integer" };

  it("that the type does not take is refused in the server's words, without harm to a transaction", async () => {
    await execute("begin");
    expect(await lease.refusal("twelve", integer, never)).toBe(
      'invalid input syntax for type integer: "twelve"',
    );
    expect(await lease.refusal("12", integer, never)).toBeNull();
    expect(lease.transactionStatus).toBe("transaction");
    await execute("rollback");
  });

  it("of a type of the database's own is left to the statement", async () => {
    await execute("create type mood as enum ('calm')");
    const [type] = await lease.describe("select $1::mood", never);
    expect(type?.name).toBe("mood");
    expect(type && (await lease.refusal("angry", type, never))).toBeNull();
    await execute("drop type mood");
  });
});

describe("an error is underlined", () => {
  it("where it is behind a parameter that was written otherwise", async () => {
    expect(await underlined("select :customer_id::int, nope from pg_class", ["1"])).toBe("nope");
    expect(await underlined("select '😀', :a::int, nope from pg_class", ["1"])).toBe("nope");
  });

  it("at the query inside of a DO block", async () => {
    const text = "do $$\ndeclare x int;\nbegin\n  x := 1;\n  perform nope from pg_class;\nend $$";
    expect(await underlined(text)).toBe("nope");
    expect(await underlined("do $$\ndeclare x int;\nbegin\n  x := x + nope2;\nend $$")).toBe("nope2");
  });

  it("at the line of a DO block that failed", async () => {
    expect(await underlined("do $$\nbegin\n  perform 1;\n  raise exception 'no';\nend $$")).toBe(
      "raise exception 'no';",
    );
    expect(await underlined("do $$\r\nbegin\r\n  perform 1/0;\r\nend $$")).toBe("perform 1/0;");
    expect(await underlined("do 'begin\n raise exception ''no'';\nend'")).toBe("raise exception ''no'';");
  });

  it("in the body of a function that does not compile", async () => {
    const sql = "create function f() returns int language sql as $$\n  select nope from pg_class\n$$";
    expect(await underlined(sql)).toBe("nope");
    const plpgsql = "create function f() returns int language plpgsql as $$\nbegin\n  retrun 1;\nend $$";
    expect(await underlined(plpgsql)).toBe("retrun");
    const atomic = "create function f() returns int begin atomic select nope from pg_class; end";
    expect(await underlined(atomic)).toBe("nope");
  });

  it("nowhere in particular where the server names no place", async () => {
    expect(await underlined("select 1/0")).toBeNull();
  });
});

describe("a failure", () => {
  it("names what it is about", async () => {
    await execute("create temporary table t (a int constraint positive check (a > 0), b int not null)");
    const failure = await failureOf("insert into t values (-1, 1)");
    expect(failure.objects).toEqual([
      { kind: "table", name: expect.stringMatching(/^pg_temp_\d+\.t$/) },
      { kind: "constraint", name: "positive" },
    ]);
    expect((await failureOf("insert into t values (1, null)")).objects).toContainEqual({
      kind: "column",
      name: "b",
    });
  });
});

describe("a connection that is lost while it is held", () => {
  it("tells its holder at once", async () => {
    await execute("begin");
    const lost = new Promise<unknown>((resolve) => lease.onLost(resolve));
    const other = await database.acquire(never);
    await other.execute(`select pg_terminate_backend(${lease.backendPid})`, {
      signal: never,
      pageSize: 1,
      copyData: null,
    });
    await other.release();
    expect(await lost).toBeInstanceOf(Error);
    expect(lease.transactionStatus).toBe("idle");
  });
});
