import { describe, expect, it } from "vitest";
import { parameterise } from "../../../src/model/sql/parameters.ts";

function labels(text: string): string[] {
  return parameterise(text).parameters.map(({ label }) => label);
}

describe("a parameter", () => {
  it.each([
    ["select $1, $2::int", ["$1", "$2"]],
    ["select * from t where a = :id and b = :name", [":id", ":name"]],
    ["select :a, :b, :a", [":a", ":b"]],
    ["select :a, $2", ["$1", "$2", ":a"]],
    ["select a::int, :b::text, c :: date", [":b"]],
    ["select f(a := 1, b := :b)", [":b"]],
    ["select f(a:=:b)", [":b"]],
    ["select a[1:2], a[lo:hi], a[(1):hi], a[b[1]:hi]", []],
    ["select a[:lo], array[:x, :y], a[1 + :n]", [":lo", ":x", ":y", ":n"]],
    ["select ':a', E'\\':a', $$:b $1$$, \":c\" -- :d\n /* :e $3 */", []],
    ["select '{\"a\": 1}'::jsonb @? '$.a ? (@ > $x)', j -> 'a:b'", []],
    ["select json_object('a' : 1, 'b':2)", []],
    ["select json_object('a' : :a, k:v, 'b':b), json_objectagg(k:v)", [":a"]],
    ["select '2':a, 5:b, (1):c", []],
    ["select * from t where a = :'quoted'", [":quoted"]],
    ["select :straße", [":straße"]],
    ["select a ? :key", [":key"]],
    ["select :1, : a, a:", []],
    ["create function f(a int) returns int return $1 + 1", []],
    ["CREATE OR REPLACE PROCEDURE p(a int) begin atomic select $1; end", []],
    ["prepare p as select $1", []],
    ["explain select $1", ["$1"]],
  ])("is found in %j: %j", (text, expected) => {
    expect(labels(text)).toEqual(expected);
  });
});

describe("the text that is sent", () => {
  it("numbers the names behind the numbers that are there", () => {
    expect(parameterise("select $2, :b, :a, :b").text).toBe("select $2, $3, $4, $3");
  });

  it("is the text itself where there are no names", () => {
    expect(parameterise("select $1 -- :x").text).toBe("select $1 -- :x");
  });

  it("leads back to the places of the original", () => {
    const text = "select :customer_id + nope, :b from t";
    const sent = parameterise(text);
    expect(sent.text).toBe("select $1 + nope, $2 from t");
    for (const word of ["select", "nope", "from", "t"]) {
      const at = sent.text.lastIndexOf(word);
      expect(sent.toOriginal(at), word).toBe(text.lastIndexOf(word));
    }
    expect(sent.toOriginal(sent.text.indexOf("$2"))).toBe(text.indexOf(":b"));
    expect(sent.toOriginal(sent.text.indexOf("$1") + 1)).toBe(text.indexOf(":customer_id"));
    expect(sent.toOriginal(sent.text.length)).toBe(text.length);
  });
});
