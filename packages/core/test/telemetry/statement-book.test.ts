import { describe, expect, test } from "vitest";
import { StatementBook, type StatementSettings } from "../../src/telemetry/statement-book.ts";

function book(settings: Partial<StatementSettings> = {}): StatementBook {
  return new StatementBook(
    { querySummary: true, queryText: true, ...settings },
    { namespace: "orders", attributes: { "db.namespace": "orders" } },
  );
}

const one = { isParameterised: false, batchSize: 1 };

describe("a described statement", () => {
  test("is made once and remembered for the texts that came last", () => {
    const statements = book();
    const first = statements.describe({ ...one, text: "select 0" });
    for (let index = 1; index < 1_000; index += 1) statements.describe({ ...one, text: `select ${index}` });
    expect(statements.describe({ ...one, text: "select 0" })).toBe(first);
    statements.describe({ ...one, text: "select 1000" });
    expect(statements.describe({ ...one, text: "select 0" })).toBe(first);
    for (let index = 2_000; index < 3_000; index += 1)
      statements.describe({ ...one, text: `select ${index}` });
    expect(statements.describe({ ...one, text: "select 0" })).not.toBe(first);
  });

  test("of a very long text is that of its beginning, and is not remembered", () => {
    const statements = book();
    const text = `select * from a where b in (${"1, ".repeat(10_000)}2) and c in (select d from e)`;
    const described = statements.describe({ ...one, text });
    expect(described.summary).toBe("select a");
    expect(String(described.attributes["db.query.text"]).length).toBeLessThanOrEqual(8_192);
    expect(statements.describe({ ...one, text })).not.toBe(described);
  });

  test("keeps its text where the values travel apart and there is a place for them", () => {
    const text = "select * from a where b = $1 and c = 'kept'";
    expect(book().describe({ text, isParameterised: true, batchSize: 1 }).attributes["db.query.text"]).toBe(
      text,
    );
  });

  test.each([
    ["the values are in the text", { isParameterised: false }, {}],
    ["there is no place for a value", { isParameterised: true, text: "select * from a where c = 'x'" }, {}],
    ["that is asked for", { isParameterised: true }, { queryText: "sanitized" as const }],
  ])("loses its literals where %s", (_why, operation, settings) => {
    const text = "select * from a where b = $1 and c = 'x'";
    const described = book(settings).describe({ text, batchSize: 1, ...operation });
    expect(described.attributes["db.query.text"]).toMatch(/c = \?$/);
  });

  test("is the same for both ways of sending it only in its summary", () => {
    const text = "select $1, 'x'";
    const statements = book();
    const apart = statements.describe({ text, isParameterised: true, batchSize: 1 });
    const within = statements.describe({ text, isParameterised: false, batchSize: 1 });
    expect(apart.attributes["db.query.text"]).toBe("select $1, 'x'");
    expect(within.attributes["db.query.text"]).toBe("select $1, ?");
    expect(apart.summary).toBe(within.summary);
  });
});
