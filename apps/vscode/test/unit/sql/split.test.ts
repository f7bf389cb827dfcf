import fc from "fast-check";
import { loadModule, parseSync } from "libpg-query";
import { beforeAll, describe, expect, it } from "vitest";
import { splitStatements, statementAt } from "../../../src/model/sql/split.ts";

function texts(script: string): string[] {
  return splitStatements(script).map(({ start, end }) => script.slice(start, end));
}

/** What PostgreSQL's own parser makes of a valid script; its offsets are UTF-8 bytes. */
function parsedTexts(script: string): string[] {
  const bytes = Buffer.from(script, "utf8");
  const { stmts = [] } = parseSync(script) as { stmts?: { stmt_location?: number; stmt_len?: number }[] };
  return stmts.map(({ stmt_location: from = 0, stmt_len: length }) => {
    const end = length ? from + length : bytes.length;
    return bytes.subarray(from, end).toString("utf8");
  });
}

/** Comments around a statement belong to it or not by taste, so they are no difference. */
function withoutOuterComments(text: string): string {
  const [only] = texts(text);
  return only ?? text.trim();
}

describe("a script is split as psql splits it", () => {
  it.each([
    ["select 1; select 2", ["select 1", "select 2"]],
    ["select ';'; select \";\" from t", ["select ';'", 'select ";" from t']],
    ["select E'it\\'s;'; select 2", ["select E'it\\'s;'", "select 2"]],
    ["select 'back\\'; select 2", ["select 'back\\'", "select 2"]],
    ["select U&'d\\0061;' ; select U&\"a;\"", ["select U&'d\\0061;'", 'select U&"a;"']],
    ["select E'a'\n  'b\\';'; select 2", ["select E'a'\n  'b\\';'", "select 2"]],
    ["select $$;$$; select $a$ $$;$$ $a$", ["select $$;$$", "select $a$ $$;$$ $a$"]],
    ["select a$b$c; select 2", ["select a$b$c", "select 2"]],
    ["select /* ; /* ; */ ; */ 1; -- ;\nselect 2", ["select /* ; /* ; */ ; */ 1", "select 2"]],
    [
      "create rule r as on insert to t do (select 1; select 2); select 3",
      ["create rule r as on insert to t do (select 1; select 2)", "select 3"],
    ],
    [
      "create or replace function f() returns int begin atomic select case when true then 1 end; select 2; end; select 3",
      [
        "create or replace function f() returns int begin atomic select case when true then 1 end; select 2; end",
        "select 3",
      ],
    ],
    ["begin; select 1; end", ["begin", "select 1", "end"]],
    [";;  ; select 1;;", ["select 1"]],
    ["-- only a comment\n", []],
    ["select 1 \\gx\nselect 2", ["select 1", "select 2"]],
    ["\\set x 1\nselect 2;", ["\\set x 1", "select 2"]],
    ["select 'never closed; select 2", ["select 'never closed; select 2"]],
    ["select '😀;'; select '😀'", ["select '😀;'", "select '😀'"]],
  ])("%j", (script, expected) => {
    expect(texts(script)).toEqual(expected);
  });

  it("keeps the data lines of COPY with their statement", () => {
    const script = "copy t from stdin;\n1\ta;b\n2\tc\n\\.\nselect 1;";
    const [copy, select] = splitStatements(script);
    expect(copy?.copyData && script.slice(copy.copyData.start, copy.copyData.end)).toBe("1\ta;b\n2\tc\n");
    expect(select && script.slice(select.start, select.end)).toBe("select 1");
  });

  it("lets a COPY without a closing line swallow nothing", () => {
    expect(texts("copy t from stdin;\nselect 1;")).toEqual(["copy t from stdin", "select 1"]);
  });

  it("marks backslash commands, which no server understands", () => {
    expect(splitStatements("\\d orders\nselect 1").map(({ kind }) => kind)).toEqual(["psql", "sql"]);
  });
});

describe("the statement at the cursor", () => {
  const script = "-- first\nselect 1;\n\nselect 2; select 3;\n";
  const at = (marker: string, shift = 0) => {
    const found = statementAt(script, script.indexOf(marker) + shift);
    return found && script.slice(found.start, found.end);
  };

  it("is the one whose leading comment holds it", () => expect(at("-- first", 4)).toBe("select 1"));
  it("is the one whose semicolon it follows", () => expect(at("select 1;", 9)).toBe("select 1"));
  it("is the next one from an empty line", () => expect(at("\n\nselect 2", 1)).toBe("select 2"));
  it("is the second one on a shared line", () => expect(at("select 3", 2)).toBe("select 3"));
  it("is the last one at the end of the text", () => {
    const found = statementAt(script, script.length);
    expect(found && script.slice(found.start, found.end)).toBe("select 3");
  });
  it("does not exist in an empty text", () => expect(statementAt("  -- nothing\n", 3)).toBeNull());
});

const PIECES = [
  "select 1",
  "select 'a;b', E'\\';', $$x;y$$, $q$ $$ ; $q$, U&'\\0061;'",
  'select "we;ird" from "t""x" -- tail ; comment\n where a = $1',
  "/* lead /* nested ; */ */ values (1, ';')",
  "create function f(a int) returns int language sql begin atomic select case a when 1 then 2 else 3 end; select 4; end",
  "create or replace procedure p() language plpgsql as $body$ begin perform 1; if true then null; end if; end; $body$",
  "do $$ begin raise notice 'x;'; end $$",
  "create rule r as on insert to t do also (insert into u values (1); delete from v)",
  "begin",
  "end",
  "insert into \"é;\" values ('é;😀', N'x;', B'01', X'1F')",
  "select case when a then 'end;' end from begin_end",
  "select 'con'\n  'tinued;', E'x'\n \n 'y\\';'",
  "explain (analyze, format json) select a[1:2] from t where b <@ '{}'",
  "select 1e10, 0x1F, 1_000, a.b$c, a<-1, x->>'k;'",
  "create schema s create table t (a int) create view v as select 1",
  "merge into t using s on t.a = s.a when matched then update set b = 1 when not matched then do nothing",
];

describe("on valid scripts the splitter agrees with PostgreSQL's own parser", () => {
  beforeAll(() => loadModule());

  it("for random sequences of awkward statements", () => {
    const piece = fc.constantFrom(...PIECES);
    const gap = fc.constantFrom(";", "; ", ";\n", ";;\n", " ;\n-- between ;\n", ";\n/* ; */\n");
    fc.assert(
      fc.property(fc.array(fc.tuple(piece, gap), { minLength: 1, maxLength: 6 }), (parts) => {
        const script = parts.map(([sql, end]) => sql + end).join("");
        expect(texts(script)).toEqual(parsedTexts(script).map(withoutOuterComments));
      }),
      { numRuns: 300 },
    );
  });
});
