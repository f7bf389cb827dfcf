import { describe, expect, it } from "vitest";
import { formatTable, toTsv } from "../../../src/model/results/formats.ts";
import type { TableSlice } from "../../../src/model/results/result-store.ts";

const table: TableSlice = {
  columns: [
    { name: "id", typeName: "bigint", isNumeric: true },
    { name: "Full name", typeName: "text", isNumeric: false },
    { name: "data", typeName: "jsonb", isNumeric: false },
    { name: "ok", typeName: "boolean", isNumeric: false },
  ],
  rows: [
    ["1", 'O\'Hara, "Al"', '{"a": 1}', "true"],
    ["9007199254740993", "", null, "false"],
    [null, "two\nlines|", "[]", null],
  ],
};

describe("a table as text", () => {
  it("copies one value as it is", () => {
    const [first] = table.columns;
    const slice = { columns: first ? [first] : [], rows: [["a\tb"]] };
    expect(toTsv(slice, { withHeaders: false })).toBe("a\tb");
  });

  it("is TSV that a spreadsheet reads", () => {
    expect(toTsv(table, { withHeaders: false }).split("\n")[0]).toBe(
      '1\t"O\'Hara, ""Al"""\t"{""a"": 1}"\ttrue',
    );
  });

  it("is CSV in which NULL and the empty string differ", () => {
    expect(formatTable(table, "csv").split("\r\n").slice(0, 3)).toEqual([
      "id,Full name,data,ok",
      '1,"O\'Hara, ""Al""","{""a"": 1}",true',
      '9007199254740993,"",,false',
    ]);
  });

  it("is JSON that loses no digit and nests JSON values", () => {
    expect(JSON.parse(formatTable(table, "json"))).toEqual([
      { id: 1, "Full name": 'O\'Hara, "Al"', data: { a: 1 }, ok: true },
      { id: "9007199254740993", "Full name": "", data: null, ok: false },
      { id: null, "Full name": "two\nlines|", data: [], ok: null },
    ]);
  });

  it("is Markdown in which a value cannot break the table", () => {
    expect(formatTable(table, "markdown").split("\n").slice(1, 5)).toEqual([
      "| --: | --- | --- | --- |",
      '| 1 | O\'Hara, "Al" | {"a": 1} | true |',
      "| 9007199254740993 |  |  | false |",
      "|  | two<br>lines\\| | [] |  |",
    ]);
  });

  it("is an INSERT that is safe to run", () => {
    expect(formatTable(table, "insert")).toBe(
      'INSERT INTO table_name (id, "Full name", data, ok) VALUES\n' +
        "  (1, 'O''Hara, \"Al\"', '{\"a\": 1}', 'true'),\n" +
        "  (9007199254740993, '', NULL, 'false'),\n" +
        "  (NULL, 'two\nlines|', '[]', NULL);\n",
    );
  });
});
