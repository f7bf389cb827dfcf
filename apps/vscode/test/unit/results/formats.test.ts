import { array, assert as check, constant, oneof, property, string } from "fast-check";
import papaparse from "papaparse";
import { describe, expect, it } from "vitest";
import type { Cell } from "../../../shared/protocol/results.ts";
import {
  type TableFormat,
  type TableHead,
  tableText,
} from "../../../src/model/results/formats/table-text.ts";

const column = (name: string, typeName: string, isNumeric = false) => ({ name, typeName, isNumeric });

const head: TableHead = {
  tableName: "shop.people",
  columns: [
    column("id", "bigint", true),
    column("Full name", "text"),
    column("data", "jsonb"),
    column("ok", "boolean"),
    column("tags", "text[]"),
  ],
};

const rows: Cell[][] = [
  ["1", 'O\'Hara, "Al"', '{"a": 1.50}', "true", '{x,"a, b",NULL}'],
  ["9007199254740993", "", null, "false", "{}"],
  [null, "two\nlines|\\", "[]", null, null],
];

/** Written in two pieces, as a stream is. */
function written(format: TableFormat, table: TableHead, data: readonly (readonly Cell[])[]): string {
  const text = tableText(format, table);
  return text.head() + text.rows(data.slice(0, 1)) + text.rows(data.slice(1)) + text.foot();
}

const cell = oneof(
  constant(null),
  string({ unit: "binary", maxLength: 20 }),
  string({ maxLength: 20 }),
  constant('a"\r\n\t,b'),
);
const two = { tableName: null, columns: [column("a", "text"), column("b", "text")] };
const table = array(array(cell, { minLength: 2, maxLength: 2 }), { maxLength: 20 });

function parsed(text: string, delimiter: string): string[][] {
  return papaparse
    .parse<string[]>(text, { delimiter, newline: delimiter === "," ? "\r\n" : "\n" })
    .data.slice(0, -1);
}

describe("CSV and TSV", () => {
  it("are read by another program as they were written", () => {
    check(
      property(table, (data) => {
        const expected = [["a", "b"], ...data.map((row) => row.map((each) => each ?? ""))];
        expect(parsed(written("csv", two, data), ",")).toEqual(expected);
        expect(parsed(written("tsv", two, data), "\t")).toEqual(expected);
      }),
    );
  });

  it("tell NULL from the empty string where the format can", () => {
    expect(written("csv", two, [[null, ""]])).toBe('a,b\r\n,""\r\n');
  });
});

describe("JSON", () => {
  it("is read as it was written, line by line or whole", () => {
    check(
      property(table, (data) => {
        const expected = data.map(([a, b]) => ({ a, b }));
        expect(JSON.parse(written("json", two, data))).toEqual(expected);
        const lines = written("ndjson", two, data).split("\n").slice(0, -1);
        expect(lines.map((line) => JSON.parse(line))).toEqual(expected);
      }),
    );
  });

  it("nests JSON and arrays, and loses no digit", () => {
    const text = written("json", head, rows);
    expect(text).toContain('"id": 9007199254740993');
    expect(text).toContain('"data": {"a": 1.50}');
    expect(JSON.parse(text)[0]).toEqual({
      id: 1,
      "Full name": 'O\'Hara, "Al"',
      data: { a: 1.5 },
      ok: true,
      tags: ["x", "a, b", null],
    });
    const numbers = {
      tableName: null,
      columns: [column("n", "numeric[]"), column("n", "double precision", true)],
    };
    expect(written("ndjson", numbers, [["{{1.0,2},{3,NULL}}", "NaN"]])).toBe(
      '{"n":[[1.0,2],[3,null]],"n_2":"NaN"}\n',
    );
  });

  it("keeps one row on one line, even where a document has line breaks", () => {
    const documents = { tableName: null, columns: [column("d", "json")] };
    expect(written("ndjson", documents, [['{\n  "a":\r\n 1}']])).toBe('{"d":{   "a":  1}}\n');
  });

  it("is an empty array without rows", () => {
    expect(JSON.parse(written("json", head, []))).toEqual([]);
  });
});

describe("Markdown", () => {
  it("is a table that no value breaks", () => {
    const lines = written("markdown", head, rows).split("\n");
    expect(lines[1]).toBe("| --: | --- | --- | --- | --- |");
    expect(lines[4]).toBe("| NULL | two<br>lines\\|\\\\ | [] | NULL | NULL |");
    expect(lines).toHaveLength(6);
  });
});

describe("SQL", () => {
  it("is an INSERT into the table that the rows come from, with each value as its type wants it", () => {
    expect(written("insert", head, rows)).toBe(
      'INSERT INTO shop.people ("id", "Full name", "data", "ok", "tags") VALUES\n' +
        "  (1, 'O''Hara, \"Al\"', '{\"a\": 1.50}', TRUE, '{x,\"a, b\",NULL}'),\n" +
        "  (9007199254740993, '', NULL, FALSE, '{}'),\n" +
        "  (NULL, E'two\nlines|\\\\', '[]', NULL, NULL);\n",
    );
  });

  it("is cut into statements that a server can take", () => {
    const data = Array.from({ length: 1_001 }, (_, index) => [String(index), null]);
    const text = written("insert", two, data);
    expect(text.match(/INSERT INTO table_name/g)).toHaveLength(3);
    expect(text.match(/;\n/g)).toHaveLength(3);
    expect(written("insert", two, [])).toBe("");
  });

  it("is a list for IN: each value once, without NULL, numbers bare", () => {
    expect(written("inList", head, [...rows, ["1", "", null, null, null]])).toBe("(1, 9007199254740993)");
    expect(
      written("inList", two, [
        ["it's", null],
        ["b", null],
        [null, null],
      ]),
    ).toBe("('it''s', 'b')");
    expect(written("inList", two, [])).toBe("(NULL)");
  });
});

describe("text", () => {
  it("stands in columns, numbers at their right, with a mark where a value goes on in the next line", () => {
    expect(written("text", head, rows)).toBe(
      `        id        |  Full name   |    data     |  ok   |      tags
------------------+--------------+-------------+-------+-----------------
                1 | O'Hara, "Al" | {"a": 1.50} | true  | {x,"a, b",NULL}
 9007199254740993 |              | NULL        | false | {}
             NULL | two         +| []          | NULL  | NULL
                  | lines|\\      |             |       |
(3 rows)
`,
    );
  });

  it("keeps its columns where characters are wide, or none of their own", () => {
    const lines = written("text", two, [
      ["日本", "a"],
      ["e\u0301", "b"],
      ["😀", "c"],
    ]).split("\n");
    expect(lines.slice(2, 5)).toEqual([" 日本 | a", " e\u0301    | b", " 😀   | c"]);
  });

  it("counts its rows, also none and one", () => {
    expect(written("text", two, [])).toBe(" a | b\n---+---\n(0 rows)\n");
    expect(written("text", two, [["x", "y"]])).toMatch(/\(1 row\)\n$/);
  });

  it("can have each row by itself, a column a line", () => {
    expect(written("records", head, rows.slice(1))).toBe(
      `-[ RECORD 1 ]
id        | 9007199254740993
Full name |
data      | NULL
ok        | false
tags      | {}
-[ RECORD 2 ]
id        | NULL
Full name | two
          | lines|\\
data      | []
ok        | NULL
tags      | NULL
`,
    );
    expect(written("records", two, [])).toBe("(0 rows)\n");
  });
});
