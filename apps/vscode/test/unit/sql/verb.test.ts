import { describe, expect, it } from "vitest";
import { canBeRead, summarise, verbOf } from "../../../src/model/sql/verb.ts";

describe("a statement's verb", () => {
  it.each([
    ["/* a */ -- b\n select 1", "SELECT"],
    ["((values (1)))", "VALUES"],
    ["Insert into t values (1)", "INSERT"],
    ["'text'", ""],
    ["", ""],
  ])("of %j is %j", (text, verb) => expect(verbOf(text)).toBe(verb));

  it("says whether rows can be read by page", () => {
    expect(["select 1", "with a as (select 1) select * from a", "table t"].every(canBeRead)).toBe(true);
    expect(["show all", "insert into t values (1) returning a", "begin"].some(canBeRead)).toBe(false);
  });
});

describe("a summary", () => {
  it("is one line without comments", () => {
    expect(summarise("-- why\nselect a, /* x */ b\n\tfrom t")).toBe("select a, b from t");
  });

  it("is cut with a mark", () => {
    expect(summarise(`select ${"a, ".repeat(200)}b`, 20)).toBe("select a, a, a, a, …");
  });
});
