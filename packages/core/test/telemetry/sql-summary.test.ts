import { describe, expect, test } from "vitest";
import { analyseSql, summaryOf } from "../../src/telemetry/sql/analyse-sql.ts";

function summarise(text: string): string {
  return summaryOf(analyseSql(text).statements.flatMap((statement) => statement.parts));
}

function sanitize(text: string): string {
  return analyseSql(text)
    .statements.map((statement) => statement.sanitized)
    .join("");
}

describe("the summary of a statement names its operations and targets in order", () => {
  const long = "x".repeat(250);
  test.each([
    ["select 12, -12, +12", "select"],
    ["SELECT c3, r2 FROM cov19 WHERE n1=1234", "SELECT cov19"],
    ["SELECT a FROM app.users JOIN app.orders", "SELECT app.users app.orders"],
    ["INSERT INTO items VALUES(1, 23456, 9+10)", "INSERT items"],
    ["SELECT * FROM table WHERE value IN (123, 456, 'abc')", "SELECT table"],
    ["SELECT col -- the end\nFROM /* a \n comment */ t", "SELECT t"],
    [
      "INSERT INTO shipping\n(order_id)\nSELECT id\nFROM   orders WHERE id = 1",
      "INSERT shipping SELECT orders",
    ],
    [
      "SELECT d FROM (SELECT * FROM orders o JOIN customers c ON o.c = c.id)",
      "SELECT SELECT orders customers",
    ],
    ["SELEcT d FROM (sELECT * FROM ORders)", "SELEcT sELECT ORders"],
    ["SELECT * FROM songs, artists WHERE songs.a = artists.id", "SELECT songs artists"],
    ["SELECT * FROM Orders o CROSS JOIN Details od", "SELECT Orders Details"],
    ["SELECT * FROM Orders o, Details od", "SELECT Orders Details"],
    [`SELECT * FROM "song list", artists`, `SELECT "song list" artists`],
    [`SELECT * FROM ${long}abcdef o, details`, "SELECT"],
    ["CREATE  TABLE MyTable (id int not null)", "CREATE TABLE MyTable"],
    ["CREATE TABLE IF NOT EXISTS Users (id int, name varchar(100));", "CREATE TABLE Users"],
    ["CREATE VIEW active AS SELECT * FROM users WHERE is_active = 1;", "CREATE VIEW active"],
    ["CREATE OR REPLACE MATERIALIZED VIEW active AS SELECT 1", "CREATE MATERIALIZED VIEW active"],
    ["CREATE UNIQUE INDEX CONCURRENTLY ix ON employees (email);", "CREATE INDEX ix"],
    [
      "CREATE FUNCTION app.total(a int) RETURNS int AS $$ select a $$ language sql",
      "CREATE FUNCTION app.total",
    ],
    ["CREATE SEQUENCE seq START WITH 1", "CREATE SEQUENCE seq"],
    ["CREATE USER joe WITH PASSWORD 'secret'", "CREATE USER joe"],
    ["CREATE TABLE Table (a varchar(255))", "CREATE TABLE Table"],
    ["ALTER TABLE orders ADD COLUMN status varchar(50)", "ALTER TABLE orders"],
    ["ALTER TABLE IF EXISTS ONLY orders RENAME COLUMN a TO b", "ALTER TABLE orders"],
    ["ALTER ROLE app_admin CREATEDB", "ALTER ROLE app_admin"],
    ["DROP TABLE IF EXISTS a, b.c CASCADE", "DROP TABLE a b.c"],
    ["DROP FUNCTION f(int, text)", "DROP FUNCTION f"],
    ["DROP TRIGGER IF EXISTS trg ON t;", "DROP TRIGGER trg"],
    ["TRUNCATE TABLE a, b", "TRUNCATE TABLE a b"],
    ["COMMENT ON TABLE t IS 'secret'", "COMMENT TABLE t"],
    ["SELECT DISTINCT o.id FROM orders o JOIN customers c ON o.c = c.id", "SELECT orders customers"],
    ["SELECT count(*) OVER (PARTITION BY d) AS n FROM employees", "SELECT employees"],
    ["SELECT id FROM customers UNION SELECT id FROM suppliers ORDER BY id", "SELECT customers suppliers"],
    ["EXEC GetAll @id = 42", "EXEC GetAll"],
    ["CALL app.recount(1)", "CALL app.recount"],
    ["SELECT ((123)) AS c;", "SELECT"],
  ])("%s → %s", (text, summary) => {
    expect(summarise(text)).toBe(summary);
  });
});

describe("the summary understands PostgreSQL", () => {
  test.each([
    ["update t set a = (999) where id = 1", "update t"],
    ["update t set a = s.a from source s, other o where t.id = s.id", "update t source other"],
    ["delete from only t using u, v where t.id = u.id returning *", "delete t u v"],
    [
      "merge into t using s on t.id = s.id when matched then update set a = 1 when not matched then insert values (1)",
      "merge t s",
    ],
    [
      "insert into t (a, b) values ($1, $2), ($3, $4) on conflict (a) do update set b = excluded.b returning id",
      "insert t",
    ],
    [
      "with a as (select * from x), b as materialized (select * from y join a using (id)) select * from b, z",
      "select x select y select z",
    ],
    [
      "with recursive tree(id) as (select 1 union all select id from nodes join tree on true) select * from tree",
      "select nodes select",
    ],
    [
      "with gone as (delete from t returning *) insert into archive select * from gone",
      "delete t insert archive select",
    ],
    ["select extract(year from created), substring(name from 1 for 2) from events", "select events"],
    ["select a is distinct from b from t", "select t"],
    ["select * from a left join lateral (select * from b where b.id = a.id) s on true", "select a select b"],
    ["select * from (a join b on a.id = b.id), c", "select a b c"],
    [
      "select * from generate_series(1, 10) g, unnest($1::int[]) with ordinality u",
      "select generate_series unnest",
    ],
    [
      "select * from t where id in (select id from u) and exists (select from v)",
      "select t select u select v",
    ],
    ["select * from t order by a, b limit 5 for update of t skip locked", "select t"],
    ["values (1, 'a')", "values"],
    ["table t", "table t"],
    ["explain (analyze, buffers) select * from t", "explain select t"],
    ["explain analyze verbose delete from t", "explain delete t"],
    ["copy t (a, b) from stdin", "copy t"],
    ["copy (select * from t) to stdout", "copy select t"],
    ["declare c17 cursor with hold for select * from t", "declare select t"],
    ["prepare p42 (int) as select * from t where id = $1", "prepare select t"],
    ["fetch 100 from c17", "fetch"],
    ["begin isolation level serializable", "begin"],
    ["savepoint sp_81723", "savepoint"],
    ["rollback to savepoint sp_81723", "rollback"],
    ["set local app.tenant = '42'", "set app.tenant"],
    ["set transaction isolation level serializable", "set transaction"],
    ["listen orders", "listen orders"],
    ["vacuum (verbose, analyze) t, u", "vacuum t u"],
    ["lock table t in exclusive mode", "lock table t"],
    ["do $$ begin perform secret(); end $$", "do"],
    ["grant select on t to u", "grant"],
    [`select * from "public"."T 1" x`, `select "public"."T 1"`],
    ["select 1; update t set a = 1; commit", "select update t commit"],
    ["(select * from a) union (select * from b)", "select a b"],
    [
      "create function f() returns int begin atomic select case when true then 1 end; select 2 from t; end; select 3 from u",
      "create function f select u",
    ],
    ["create rule r as on insert to t do also (insert into u values (1); delete from v)", "create rule r"],
    ["set application_name = quiet", "set application_name"],
  ])("%s → %s", (text, summary) => {
    expect(summarise(text)).toBe(summary);
  });

  test.each(["", "   ", "-- nothing", "blah blah", "'select'", "123", ";;"])("%j has no summary", (text) => {
    expect(summarise(text)).toBe("");
  });
});

test.each([
  ["select 1;;; select 2;;", ["select ?;", ";; select ?;;"]],
  [";; select 1", [";; select ?"]],
])("a semicolon without a statement before it ends none: %s", (text, expected) => {
  const { statements } = analyseSql(text);

  expect(statements.map(({ sanitized }) => sanitized)).toEqual(expected);
});

describe("a sanitised text has a question mark for each literal", () => {
  test.each([
    ["SELECT 12, -12, +12", "SELECT ?, ?, ?"],
    ["SELECT 12.34, -12.34, .01, -.01", "SELECT ?, ?, ?, ?"],
    ["SELECT 12.34e56, -12.34e-56", "SELECT ?, ?"],
    ["SELECT 99+100", "SELECT ??"],
    ["SELECT 0xDEADBEEF, 0b101, 1_000", "SELECT ?, ?, ?"],
    ["SELECT 'hello'", "SELECT ?"],
    ["SELECT 'it''s not \n important'", "SELECT ?"],
    ["SELECT c3po, r2d2 FROM covid19 WHERE n1h1=1234", "SELECT c3po, r2d2 FROM covid19 WHERE n1h1=?"],
    ["INSERT INTO x VALUES(1, 23.4, 9+10)", "INSERT INTO x VALUES(?, ?, ??)"],
    ["SELECT a -- end of line\nFROM /* a \n block */ t", "SELECT a \nFROM  t"],
    ["SELECT * FROM t WHERE v IN ('abc', 0xAB, .456,", "SELECT * FROM t WHERE v IN (?, ?, ?,"],
    ["ALTER  TABLE t 'secret' ADD 123 name varchar(255)", "ALTER  TABLE t ? ADD ? name varchar(?)"],
    ["select true, FALSE, null", "select ?, ?, null"],
    ["select date '2020-01-01', interval '1 day'", "select date ?, interval ?"],
    ["select E'it\\'s', B'101', x'ff', N'n', U&'d\\0061t'", "select ?, ?, ?, ?, ?"],
    ["select $$secret$$, $tag$ $$ secret $tag$, $1", "select ?, ?, $1"],
    ["select /* a /* nested */ secret */ 1", "select  ?"],
    [`select "col" from "t""x" where U&"a" = 1`, `select "col" from "t""x" where U&"a" = ?`],
    ["select a$b$c from t", "select a$b$c from t"],
    ["set app.token = secret", "set app.token = ?"],
    ['SET LOCAL search_path TO secret, "Secret", default', "SET LOCAL search_path TO ?, ?, default"],
    ["set time zone secret", "set time zone ?"],
    ["alter role app set app.token = secret", "alter role app set app.token = ?"],
    ["ALTER DATABASE d SET app.token TO secret, 'secret'", "ALTER DATABASE d SET app.token TO ?, ?"],
    [
      "alter table t alter a set not null, add check (b = c)",
      "alter table t alter a set not null, add check (b = c)",
    ],
    ["select 1 -- secret\r, 'a\nsecret'", "select ? \r, ?"],
    ["select 'C:\\\\', 2", "select ?, ?"],
    ["update t set a = b", "update t set a = b"],
    ["select data->0, data->>'k', a-1", "select data->?, data->>?, a?"],
  ])("%s → %s", (text, sanitized) => {
    expect(sanitize(text)).toBe(sanitized);
  });

  test.each([
    ["select 'secret", "select ?"],
    [`select "secret`, "select ?"],
    ["select $$secret", "select ?"],
    ["select $a$secret$b$", "select ?"],
    ["select 1 /* secret", "select ? "],
    ["select 'a\\', 'secret'", "select ?"],
    ["select 'a\\'', 'secret'", "select ?"],
  ])("what does not end hides the rest: %s", (text, sanitized) => {
    expect(sanitize(text)).toBe(sanitized);
  });
});
