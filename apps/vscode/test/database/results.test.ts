import { type PostgresServer, startPostgres } from "@rockpool/postgres";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { openDatabase } from "../../src/database/open-database.ts";
import type { Column, Database, DatabaseLease } from "../../src/model/database.ts";
import { poolRecorder } from "../../src/model/pool/pool-recorder.ts";
import { tableText } from "../../src/model/results/formats/table-text.ts";
import { drain, type RowSink, rerun } from "../../src/model/results/query-rows.ts";
import { StatementRecord } from "../../src/model/results/statement-record.ts";
import { EditorSession } from "../../src/model/session/editor-session.ts";
import { systemClock } from "../../src/vscode/system-clock.ts";
import { room } from "../unit/results/room.ts";

const never = new AbortController().signal;

const MIXED = `
  create schema "odd ""schema";
  create type mood as enum ('so so', 'it''s fine');
  create table "odd ""schema"."Odd ""Table" (
    id bigint, amount numeric, ratio double precision, ok boolean, name text, raw bytea, doc jsonb, plain json, tags text[],
    deep int[][], at timestamptz, day date, span interval, feeling mood, "Odd ""Column" text, u uuid, range int4range
  );
  insert into "odd ""schema"."Odd ""Table" values
    (9007199254740993, 12.500, 'NaN', true, E'it''s a \\\\ and "q"\\n', '\\xdeadbeef', '{"a": [1.50, "x\\\\"]}', '{"b" :1}', '{x,"a, b",NULL,"q\\"uo"}',
     '{{1,2},{3,NULL}}', '2026-03-29 02:30:00.123456+02', '0044-03-15 BC', '1 year 2 mons -3 days 04:05:06.7', 'it''s fine', '', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', '[1,5)'),
    (-1, 'Infinity', 1e300, false, '', '\\x', 'null', '[]', '{}', '{}', 'infinity', '2026-02-28', '-00:00:01', 'so so', E'\\t', null, 'empty'),
    (null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null);
`;

let server: PostgresServer;
let database: Database;
let lease: DatabaseLease;

beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.stop());
beforeEach(async () => {
  database = await openDatabase({
    name: "test",
    connection: server.url,
    password: null,
    max: 3,
    idleTimeoutMillis: 60_000,
    acquireTimeoutMillis: 5_000,
    isReadOnly: false,
    isUntrusted: false,
    spans: poolRecorder(),
    signal: never,
  });
  lease = await database.acquire(never);
});
afterEach(async () => {
  await lease.release();
  await database.close();
});

function execute(text: string) {
  return lease.execute(text, { signal: never, pageSize: 1_000, copyData: null });
}

async function script(text: string): Promise<void> {
  for (const part of text.split(/;\n/)) if (part.trim() !== "") await execute(part);
}

describe("rows copied as INSERT", () => {
  it.each(["on", "off"])(
    "make the same rows again in an empty copy of their table, strings conforming: %s",
    async (conforming) => {
      await script(MIXED);
      const { columns, rows } = await execute('select * from "odd ""schema"."Odd ""Table"');
      const [table = 0] = columns.map(({ tableId }) => tableId);
      const tableName = await database.tableName(table, never);
      expect(tableName).toBe('"odd ""schema"."Odd ""Table"');
      const text = tableText("insert", { columns, tableName });
      const sql = text.head() + text.rows(rows) + text.foot();
      await execute(`create table again as table ${tableName}`);
      await execute(`truncate ${tableName}`);
      await execute(`set standard_conforming_strings = ${conforming}`);
      expect((await execute(sql.replace(/;\n$/, ""))).rowCount).toBe(3);
      const different = await execute(`
      select count(*)::int from (select row(t)::text from ${tableName} t except select row(a)::text from again a) d`);
      expect(different.rows).toEqual([["0"]]);
      await script(`drop schema "odd ""schema" cascade;\ndrop table again;\ndrop type mood;\n`);
    },
  );
});

class Collected implements RowSink {
  names: string[] = [];
  readonly values: (string | null)[] = [];

  async columns(columns: readonly Column[]): Promise<void> {
    this.names = columns.map(({ name }) => name);
  }

  async rows(rows: readonly (readonly (string | null)[])[]): Promise<void> {
    for (const [value = null] of rows) this.values.push(value);
  }
}

describe("all rows of a query", () => {
  const text = "select n from generate_series(1, 10000) as n";
  const numbers = Array.from({ length: 10_000 }, (_, index) => String(index + 1));

  function session(): EditorSession {
    return new EditorSession({
      database,
      path: () => "file:///a.sql",
      clock: systemClock,
      keepReaderMillis: () => 60_000,
      mode: () => "auto",
      onChange: () => {},
      onLoss: () => {},
    });
  }

  async function ran(own: EditorSession, sql: string): Promise<StatementRecord> {
    const origin = { uri: "file:///a.sql", offset: 0, line: 1 };
    const statement = new StatementRecord({ id: 1, text: sql, origin, copyData: null, space: room() });
    own.begin();
    const execution = await own.execute({
      statement: { text: sql, line: 1 },
      sent: sql,
      askValues: null,
      signal: never,
      pageSize: 1_000,
      copyData: null,
      onStarted: () => {},
      onNotice: () => {},
      onReaderClosed: () => statement.closeReader(),
    });
    await statement.complete(execution, { waitMillis: 0, maxRows: 1_000_000 });
    await own.settle();
    return statement;
  }

  it("are those that are kept and those that the cursor still has, which are not kept", async () => {
    const own = session();
    const statement = await ran(own, text);
    const sink = new Collected();
    await drain(statement, own, { sink, signal: never });
    expect([sink.names, sink.values]).toEqual([["n"], numbers]);
    expect(statement.kept).toMatchObject({ rowCount: 1_000, more: "closed" });
    expect(own.state.kind).toBe("free");
  });

  it("end where the export is given up, and the connection goes back", async () => {
    const own = session();
    const statement = await ran(own, text);
    const abort = new AbortController();
    const sink = new Collected();
    let batches = 0;
    sink.rows = async () => {
      batches++;
      if (batches === 2) abort.abort(new Error("given up"));
    };
    await expect(drain(statement, own, { sink, signal: abort.signal })).rejects.toThrow("given up");
    expect(own.state.kind).toBe("free");
  });

  it("come by running it again, on a connection of its own or on the editor's where that carries something", async () => {
    const own = session();
    const statement = await ran(own, text);
    await own.closeReader();
    await own.settle();
    const sink = new Collected();
    await rerun(statement, { database, session: own }, { sink, signal: never });
    expect(sink.values).toEqual(numbers);
    await ran(own, "create temporary table mine as select 7 as n");
    const temporary = await ran(own, "table mine");
    const second = new Collected();
    await rerun(temporary, { database, session: own }, { sink: second, signal: never });
    expect(second.values).toEqual(["7"]);
    expect(own.reasons).toEqual(["temporary table"]);
    await own.release();
  });
});
