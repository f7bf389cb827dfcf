import { loadModule, parseSync } from "libpg-query";
import { beforeAll, describe, expect, it } from "vitest";
import { effectOf } from "../../../src/model/safety/statement-effect.ts";
import { Chance, statementWords } from "../sql/grammar/random-sql.ts";
import { STATEMENTS } from "../sql/grammar/statements.ts";
import { parserFindsWrite } from "./parsed-writes.ts";

function written(text: string): string {
  const effect = effectOf(text);
  if (effect.kind !== "write") return effect.kind;
  return `${effect.verb}${effect.target === null ? "" : ` ${effect.target}`}${effect.isOnEveryRow ? ", every row" : ""}`;
}

/** A statement and what it is said to write. */
const WRITES: readonly (readonly [string, string])[] = [
  ["insert into t values (1)", "INSERT t"],
  ['INSERT INTO Shop."Order Lines" (a) select 1', 'INSERT shop."Order Lines"'],
  ["update only shop.t set a = 1", "UPDATE shop.t, every row"],
  ["update t set a = (select 1 from u where true)", "UPDATE t, every row"],
  ["update t set a = 1 where b", "UPDATE t"],
  ["delete from t", "DELETE t, every row"],
  ["delete from t using u where t.a = u.a", "DELETE t"],
  ["merge into t using u on t.a = u.a when matched then delete", "MERGE t"],
  ["/* x */ -- y\n delete from t", "DELETE t, every row"],
  ["with gone as (delete from t returning *) select * from gone", "DELETE t, every row"],
  [
    "with gone as materialized (delete from t where a returning *) select count(*) from gone where a",
    "DELETE t",
  ],
  ["with x as (select 1) insert into t select * from x", "INSERT t"],
  ["with x as (select 1) update t set a = 1 from x where true", "UPDATE t"],
  [
    "with recursive x(n) as (select 1 union all select n + 1 from x) search depth first by n set o delete from t where a in (select n from x)",
    "DELETE t",
  ],
  [
    "with recursive x(n) as (select 1 union all select n + 1 from x) cycle n set c using p update t set a = 1",
    "UPDATE t, every row",
  ],
  ["select * into t2 from t", "SELECT INTO t2"],
  ["select * from t for update", "SELECT FOR UPDATE"],
  ["select * from (select * from t for no key update) as u", "SELECT FOR NO"],
  ["select 1 from t for share of t", "SELECT FOR SHARE"],
  ["select 1 from t for key share skip locked", "SELECT FOR KEY"],
  ["explain analyze delete from t where a = 1", "EXPLAIN ANALYZE DELETE t"],
  ["explain (analyze, buffers) insert into t values (1)", "EXPLAIN ANALYZE INSERT t"],
  ["explain (costs off, analyze true) update t set a = 1", "EXPLAIN ANALYZE UPDATE t, every row"],
  ["explain analyze verbose create table t as select 1", "EXPLAIN ANALYZE CREATE TABLE t"],
  ["call pay(1)", "CALL pay"],
  ["do $$ begin perform 1; end $$", "DO"],
  ["copy t from stdin", "COPY FROM t"],
  ["copy t (a, b) from '/f'", "COPY FROM t"],
  ["copy t to program 'cat'", "COPY TO"],
  ["copy t to '/f'", "COPY TO"],
  ["copy (delete from t returning *) to stdout", "DELETE t, every row"],
  ["prepare p as update t set a = $1 where b", "UPDATE t"],
  ["execute p(1)", "EXECUTE p"],
  ["create table if not exists shop.t (a int)", "CREATE TABLE shop.t"],
  ["create table temp (a int)", "CREATE TABLE temp"],
  ["create unique index concurrently i on t (a)", "CREATE INDEX i"],
  ["create or replace function f() returns int language sql as 'select 1'", "CREATE FUNCTION f"],
  ["create materialized view v as select 1", "CREATE VIEW v"],
  ["create table t as select 1", "CREATE TABLE t"],
  ["alter table only t add b int", "ALTER TABLE t"],
  ["alter system set work_mem = '1GB'", "ALTER SYSTEM set"],
  ["drop table if exists a, b", "DROP TABLE a"],
  ["truncate table only t cascade", "TRUNCATE t"],
  ["grant select on t to u", "GRANT"],
  ["revoke all on t from u", "REVOKE"],
  ["comment on table t is 'x'", "COMMENT"],
  ["refresh materialized view concurrently v", "REFRESH v"],
  ["reindex table t", "REINDEX t"],
  ["vacuum full t", "VACUUM t"],
  ["analyze t", "ANALYZE t"],
  ["lock table t in exclusive mode", "LOCK t"],
  ["notify c, 'x'", "NOTIFY"],
  ["prepare transaction 'a'", "PREPARE"],
  ["commit prepared 'a'", "COMMIT PREPARED"],
  ["rollback prepared 'a'", "ROLLBACK PREPARED"],
  ["checkpoint", "CHECKPOINT"],
  [
    "create temp table t as with gone as (delete from u returning *) select * from gone",
    "DELETE u, every row",
  ],
];

const READS: readonly string[] = [
  "select 1",
  "select 'delete from t', \"update\" from t -- insert into t\n",
  "select $$ delete from t $$",
  "(select 1) union (values (2))",
  "select 1 where 1 in (select 2) and exists (select 3)",
  "table t",
  "select t.update from t",
  "show all",
  "set search_path to shop",
  "begin",
  "commit and chain",
  "rollback to savepoint a",
  "explain delete from t",
  "explain (analyze off) delete from t",
  "explain (analyze false, verbose) delete from t",
  "copy t to stdout",
  "declare c cursor for select 1",
  "fetch 10 from c",
  "prepare p as select 1",
  "deallocate p",
  "listen c",
  "discard all",
  "create temp table t (a int)",
  "create or replace temporary view v as select 1",
  "select * into temp x from t",
  ";",
  "",
];

describe("a statement that writes is told by its words", () => {
  it.each(WRITES)("%s", (text, expected) => expect(written(text)).toBe(expected));
});

describe("a statement that only reads, or concerns its own session alone", () => {
  it.each(READS)("%s", (text) => {
    const effect = effectOf(text);
    expect(effect).toEqual(
      text.startsWith("create temp table") ? { kind: "calls", functions: ["t"] } : { kind: "none" },
    );
  });
});

describe("a statement that calls functions", () => {
  it("names them, since only the server knows which of them write", () => {
    expect(effectOf('select pay(1), "Odd ""Name"(2), count(*) from shop.f(3)')).toEqual({
      kind: "calls",
      functions: ["pay", 'Odd "Name', "count", "f"],
    });
    expect(effectOf("explain analyze select pay(1)")).toEqual({ kind: "calls", functions: ["pay"] });
    expect(effectOf("copy (select pay(1)) to stdout")).toEqual({ kind: "calls", functions: ["pay"] });
    expect(effectOf("declare c cursor for select pay(1)")).toEqual({ kind: "calls", functions: ["pay"] });
  });
});

describe("PostgreSQL's own parser", () => {
  beforeAll(() => loadModule());

  it.each(WRITES.map(([text]) => text))("finds a write too: %s", (text) => {
    expect(parserFindsWrite(parseSync(text))).toBe(true);
  });

  it.each(READS.filter((text) => text !== ""))("finds no write either: %s", (text) => {
    expect(parserFindsWrite(parseSync(text))).toBe(false);
  });

  it.each(STATEMENTS)("misses no write, and sees none where there is none, in: %s", (template) => {
    for (let seed = 0; seed < 20; seed++) {
      const text = statementWords(template, new Chance(seed)).join(" ");
      // The tree tells an empty file name from the client's own stream no more.
      if (/^copy .* to \w*''/.test(text)) continue;
      const isWrite = effectOf(text).kind === "write";
      expect(isWrite, text).toBe(parserFindsWrite(parseSync(text)));
    }
  });
});
