import { describe, expect, it } from "vitest";
import { suggestionsAt } from "../../../src/model/sql/suggested-column.ts";

function fixed(text: string, word: string, hint: string | null): string[] {
  return suggestionsAt(text, text.indexOf(word), hint).map(
    ({ span, text: name }) => text.slice(0, span.start) + name + text.slice(span.end),
  );
}

describe("a column that the server suggests", () => {
  it("takes the place of the one that does not exist", () => {
    const hint = 'Perhaps you meant to reference the column "products.name".';
    expect(fixed("select nmae from products", "nmae", hint)).toEqual(["select name from products"]);
    expect(
      fixed("select p.nmae from products p", "p.nmae", 'Perhaps you meant to reference the column "p.name".'),
    ).toEqual(["select p.name from products p"]);
  });

  it("is named with its table where several are suggested", () => {
    const hint = 'Perhaps you meant to reference the column "o.name" or the column "c.nam".';
    expect(fixed("select nme from o, c", "nme", hint)).toEqual([
      "select o.name from o, c",
      "select c.nam from o, c",
    ]);
  });

  it("is quoted where it must be", () => {
    const hint = 'Perhaps you meant to reference the column "t.First Name".';
    expect(fixed('select "First Nam" from t', '"First Nam"', hint)).toEqual(['select "First Name" from t']);
  });

  it("can be the alias of a table", () => {
    const hint = 'Perhaps you meant to reference the table alias "o".';
    expect(fixed("select orders.id from orders o", "orders.id", hint)).toEqual(["select o.id from orders o"]);
  });

  it("is there only in a hint of that kind", () => {
    expect(fixed("select a from t", "a", 'No operator matches the "given" name.')).toEqual([]);
    expect(fixed("select a from t", "a", null)).toEqual([]);
  });
});
