import { describe, expect, it } from "vitest";
import { isCopyFromStdin } from "../../../src/model/sql/open-statement.ts";
import { Script, splitStatements } from "../../../src/model/sql/split.ts";

function texts(script: string): string[] {
  return splitStatements(script).map(({ start, end }) => script.slice(start, end));
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

  it.each([
    ["copy t from stdin", true],
    ["COPY t (a, b) -- note\n FROM /* x */ STDIN with csv", true],
    ["copy t from 'stdin'", false],
    ["copy (select a from stdin) to stdout", false],
    ["select 1 from stdin", false],
  ])("knows whether a statement waits for data: %j", (text, expected) => {
    expect(isCopyFromStdin(text)).toBe(expected);
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
    const found = new Script(script).statementAt(script.indexOf(marker) + shift);
    return found && script.slice(found.start, found.end);
  };

  it("is the one whose leading comment holds it", () => expect(at("-- first", 4)).toBe("select 1"));
  it("is the one whose semicolon it follows", () => expect(at("select 1;", 9)).toBe("select 1"));
  it("is the next one from an empty line", () => expect(at("\n\nselect 2", 1)).toBe("select 2"));
  it("is the second one on a shared line", () => expect(at("select 3", 2)).toBe("select 3"));
  it("is the one before, in a comment behind its semicolon", () => {
    const text = "select 1; -- the first\nselect 2;";
    const found = new Script(text).statementAt(text.indexOf("the first"));
    expect(found && text.slice(found.start, found.end)).toBe("select 1");
  });
  it("is the last one at the end of the text", () => {
    const found = new Script(script).statementAt(script.length);
    expect(found && script.slice(found.start, found.end)).toBe("select 3");
  });
  it("does not exist in an empty text", () => expect(new Script("  -- nothing\n").statementAt(3)).toBeNull());
});

describe("a text that is not valid", () => {
  it.each([
    ["an unclosed string", "select 1; select 'x; select 2", ["select 1", "select 'x; select 2"]],
    ["an unclosed dollar quote", "select 1; do $a$ begin; $b$ end", ["select 1", "do $a$ begin; $b$ end"]],
    ["an unclosed comment", "select 1; select 2 /* ; select 3", ["select 1", "select 2"]],
    ["an unclosed parenthesis", "select (1; select 2;", ["select (1", "select 2"]],
    [
      "a body without its END",
      "create function f() begin atomic select 1; select 2;\nselect 3;",
      ["create function f() begin atomic select 1", "select 2", "select 3"],
    ],
    [
      "a rule without its parenthesis",
      "create rule r as on insert to t do (select 1; select 2;",
      ["create rule r as on insert to t do (select 1", "select 2"],
    ],
    ["a stray parenthesis", "select 1); select 2", ["select 1)", "select 2"]],
    ["a stray dollar", "select $; select $x; select 2", ["select $", "select $x", "select 2"]],
  ])("with %s is split to something sensible", (_, script, expected) => {
    expect(texts(script)).toEqual(expected);
  });

  it("takes no time out of proportion, whatever never closes", () => {
    for (const piece of [
      "select (1; create rule r as on insert to t do (a; ",
      "copy t from stdin;\n",
      "select 'a' -- -- ",
    ]) {
      const statements = splitStatements(piece.repeat(60_000));
      expect(statements.at(-1)?.reachEnd).toBeGreaterThan(piece.length * 59_000);
    }
  });
});

describe("backslash commands", () => {
  it.each([
    [
      "end the statement before them",
      "select 1\n\\d orders\nselect 2;",
      ["select 1", "\\d orders", "select 2"],
    ],
    ["are psql's semicolon where one follows", "select 1\\; select 2", ["select 1", "select 2"]],
    ["send the statement before them", "select 1 \\gx\nselect 2 \\g out.txt\n", ["select 1", "select 2"]],
    ["are text inside of quotes", "select E'\\d'; select '\\d'", ["select E'\\d'", "select '\\d'"]],
  ])("%s", (_, script, expected) => {
    expect(texts(script)).toEqual(expected);
  });
});

describe("a string", () => {
  it("reads backslashes as escapes while standard_conforming_strings is off", () => {
    const script = "select '\\'; set standard_conforming_strings = off; select 'a\\';b'; reset x";
    expect(texts(script).slice(2)).toEqual(["select 'a\\';b'", "reset x"]);
    const back =
      "set standard_conforming_strings to off; set standard_conforming_strings to on; select '\\'; select 1";
    expect(texts(back).slice(2)).toEqual(["select '\\'", "select 1"]);
  });

  it("goes on behind a comment, as the server has it", () => {
    expect(texts("select E'x' -- ; comment\n '\\';'; select 1")).toEqual([
      "select E'x' -- ; comment\n '\\';'",
      "select 1",
    ]);
  });
});

describe("a file", () => {
  it("may begin with a byte order mark and end its lines as on Windows", () => {
    expect(texts("\uFEFFselect 1;\r\n-- note\r\nselect 2;\r\n")).toEqual(["select 1", "select 2"]);
  });
});
