import { array, asyncProperty, assert as check, constant, integer, oneof, string } from "fast-check";
import { describe, expect, it } from "vitest";
import type { Cell, FilterOperator, SortView } from "../../../shared/protocol/results.ts";
import { sortRows } from "../../../src/model/results/arrange/sort-rows.ts";
import { ResultRows } from "../../../src/model/results/result-rows.ts";
import { Slices } from "../../../src/model/results/slices.ts";
import { room } from "./room.ts";

async function rowsOf(types: readonly string[], rows: readonly (readonly Cell[])[]): Promise<ResultRows> {
  const columns = types.map((typeName, index) => ({
    name: `c${index}`,
    typeName,
    isNumeric: false,
    tableId: 0,
  }));
  const result = new ResultRows(columns, room());
  await result.append(rows, 1_000_000);
  return result;
}

async function sorted(
  typeName: string,
  values: readonly Cell[],
  direction: SortView["direction"] = "ascending",
) {
  const result = await rowsOf(
    [typeName],
    values.map((value) => [value]),
  );
  await result.arrange({ filters: [], sort: [{ column: 0, direction }] });
  return (await result.rows(0, 1_000)).flat();
}

async function filtered(
  typeName: string,
  values: readonly Cell[],
  filter: { operator: FilterOperator; value: string },
) {
  const result = await rowsOf(
    [typeName],
    values.map((value) => [value]),
  );
  await result.arrange({ filters: [{ column: 0, ...filter }], sort: [] });
  return (await result.rows(0, 1_000)).flat();
}

describe("rows are sorted", () => {
  it("by the value of a number, not by its text, with NULL last both ways", async () => {
    const values = ["10", "9", null, "-1.5", "9.00"];
    expect(await sorted("numeric(10,2)", values)).toEqual(["-1.5", "9", "9.00", "10", null]);
    expect(await sorted("numeric", values, "descending")).toEqual(["10", "9", "9.00", "-1.5", null]);
  });

  it("exactly where a double would see no difference", async () => {
    const values = ["9007199254740993", "9007199254740992", "9007199254740994"];
    expect(await sorted("bigint", values)).toEqual([...values].sort());
    expect(await sorted("numeric", ["0.1000000000000000000002", "0.1000000000000000000001"])).toEqual([
      "0.1000000000000000000001",
      "0.1000000000000000000002",
    ]);
  });

  it("with infinity before NaN, as the server does", async () => {
    const values = ["NaN", "1e300", "Infinity", "-Infinity"];
    expect(await sorted("double precision", values)).toEqual(["-Infinity", "1e300", "Infinity", "NaN"]);
  });

  it("by the moment of a time, whatever its zone and century", async () => {
    const values = [
      "2026-03-29 02:30:00+02",
      "2026-03-29 01:00:00+00",
      "infinity",
      "0044-03-15 12:00:00+00 BC",
      "10000-01-01 00:00:00+00",
    ];
    expect(await sorted("timestamptz", values)).toEqual([
      values[3],
      values[0],
      values[1],
      values[4],
      "infinity",
    ]);
    expect(await sorted("time", ["10:00:00", "09:59:59.999999", "09:59:59.99"])).toEqual([
      "09:59:59.99",
      "09:59:59.999999",
      "10:00:00",
    ]);
  });

  it("by the length of an interval", async () => {
    const values = ["1 mon", "29 days 23:59:59", "-1 days", "1 year 2 mons", "-00:00:01"];
    expect(await sorted("interval", values)).toEqual([
      "-1 days",
      "-00:00:01",
      "29 days 23:59:59",
      "1 mon",
      "1 year 2 mons",
    ]);
  });

  it("by several columns, the first one first, and otherwise as they came", async () => {
    const result = await rowsOf(
      ["text", "integer", "text"],
      [
        ["b", "1", "x"],
        ["a", "2", "x"],
        ["b", "3", "y"],
        ["a", "2", "z"],
      ],
    );
    await result.arrange({
      filters: [],
      sort: [
        { column: 0, direction: "ascending" },
        { column: 1, direction: "descending" },
      ],
    });
    expect(await result.rows(0, 10)).toEqual([
      ["a", "2", "x"],
      ["a", "2", "z"],
      ["b", "3", "y"],
      ["b", "1", "x"],
    ]);
    await result.arrange({ filters: [], sort: [] });
    expect((await result.rows(0, 1))[0]).toEqual(["b", "1", "x"]);
  });

  it("as a plain sort would", async () => {
    const property = asyncProperty(array(oneof(constant(null), integer().map(String))), async (values) => {
      const numbers = values.filter((value) => value !== null).sort((a, b) => Number(a) - Number(b));
      expect((await sorted("integer", values)).slice(0, numbers.length)).toEqual(numbers.slice(0, 1_000));
    });
    await check(property, { numRuns: 100 });
  });

  it("in slices, so that a long sort lets the host work and can be given up", async () => {
    const rows = Uint32Array.from({ length: 200_000 }, (_, index) => (index * 7_919) % 200_000);
    let turns = 0;
    let isSorting = true;
    const tick = () => {
      turns++;
      if (isSorting) setImmediate(tick);
    };
    setImmediate(tick);
    let now = 0;
    const slices = new Slices(new AbortController().signal, () => now++ * 10);
    const result = await sortRows(rows.slice(), (a, b) => a - b, slices);
    isSorting = false;
    expect(result).toEqual(rows.slice().sort());
    expect(turns).toBeGreaterThan(20);
    const abort = new AbortController();
    const sorting = sortRows(rows.slice(), (a, b) => a - b, new Slices(abort.signal));
    abort.abort(new Error("given up"));
    await expect(sorting).rejects.toThrow("given up");
  });
});

describe("rows are filtered", () => {
  it.each<[string, Cell[], FilterOperator, string, Cell[]]>([
    ["text", ["Anna", "BANANA", null, "x"], "contains", "an", ["Anna", "BANANA"]],
    ["text", ["Anna", null, "x"], "notContains", "an", [null, "x"]],
    ["text", ["Anna", "banana"], "startsWith", "AN", ["Anna"]],
    ["text", ["a", "A"], "equals", "a", ["a"]],
    ["text", ["a", null, ""], "notEquals", "a", [null, ""]],
    ["text", ["", null], "equals", "", [""]],
    ["text", ["", null], "isNull", "", [null]],
    ["text", ["", null], "isNotNull", "", [""]],
    ["numeric", ["1.50", "1.5", "2"], "equals", "1.5", ["1.50", "1.5"]],
    ["integer", ["9", "10", "11"], "less", "10", ["9"]],
    ["integer", ["9", "10", "11"], "lessOrEqual", "10", ["9", "10"]],
    ["bigint", ["9007199254740992", "9007199254740993"], "greater", "9007199254740992", ["9007199254740993"]],
    ["date", ["2026-01-09", "2026-01-10", null], "greaterOrEqual", "2026-01-10", ["2026-01-10"]],
  ])("%s %j by %s %s", async (typeName, values, operator, value, expected) => {
    expect(await filtered(typeName, values, { operator, value })).toEqual(expected);
  });

  it("by every filter at once, and stay sorted", async () => {
    const result = await rowsOf(
      ["integer", "text"],
      [
        ["3", "a"],
        ["1", "b"],
        ["2", "a"],
        ["4", "a"],
      ],
    );
    await result.arrange({
      filters: [
        { column: 1, operator: "equals", value: "a" },
        { column: 0, operator: "less", value: "4" },
      ],
      sort: [{ column: 0, direction: "ascending" }],
    });
    expect([result.shownCount, result.rowCount]).toEqual([2, 4]);
    expect(await result.rows(0, 10)).toEqual([
      ["2", "a"],
      ["3", "a"],
    ]);
    expect(await result.cell(1, 0)).toBe("3");
    await result.append([["0", "a"]], 100);
    expect(result.shownCount).toBe(2);
    await result.rearrange();
    expect(await result.rows(0, 10)).toEqual([
      ["0", "a"],
      ["2", "a"],
      ["3", "a"],
    ]);
  });

  it("by the arrangement that was asked for last", async () => {
    const result = await rowsOf(["integer"], [["3"], ["1"]]);
    const first = result.arrange({ filters: [], sort: [{ column: 0, direction: "ascending" }] });
    const second = result.arrange({ filters: [], sort: [{ column: 0, direction: "descending" }] });
    expect(result.isArranging).toBe(true);
    await Promise.all([first, second]);
    expect([result.isArranging, result.version]).toEqual([false, 1]);
    expect(await result.rows(0, 10)).toEqual([["3"], ["1"]]);
  });
});

describe("a text is found", () => {
  const table = () =>
    rowsOf(
      ["text", "text"],
      [
        ["one", "TWO"],
        [null, "three two"],
        ["two", ""],
        ["zwei", null],
      ],
    );

  it("in whatever case and column, and leads from match to match and around", async () => {
    const found = await (await table()).find("two");
    expect(found?.count).toBe(3);
    expect(found?.step({ row: 0, column: 0 }, "here")).toEqual({ row: 0, column: 1, index: 1 });
    expect(found?.step({ row: 0, column: 1 }, "here")).toEqual({ row: 0, column: 1, index: 1 });
    expect(found?.step({ row: 0, column: 1 }, "next")).toEqual({ row: 1, column: 1, index: 2 });
    expect(found?.step({ row: 2, column: 0 }, "next")).toEqual({ row: 0, column: 1, index: 1 });
    expect(found?.step({ row: 0, column: 1 }, "previous")).toEqual({ row: 2, column: 0, index: 3 });
    expect((await (await table()).find("nine"))?.step({ row: 0, column: 0 }, "next")).toBeNull();
  });

  it("at the place where its row shows, and not in rows that are hidden", async () => {
    const result = await table();
    await result.arrange({
      filters: [{ column: 0, operator: "isNotNull", value: "" }],
      sort: [{ column: 0, direction: "descending" }],
    });
    const found = await result.find("two");
    expect(found?.count).toBe(2);
    expect(found?.step({ row: 0, column: 0 }, "here")).toEqual({ row: 1, column: 0, index: 1 });
    expect(found?.step({ row: 1, column: 0 }, "next")).toEqual({ row: 2, column: 1, index: 2 });
  });

  it("exactly where it is, whatever else there is", async () => {
    const text = string({ unit: "grapheme", maxLength: 5 });
    const property = asyncProperty(
      array(text, { minLength: 1, maxLength: 60 }),
      text,
      async (values, needle) => {
        if (needle === "") return;
        const result = await rowsOf(
          ["text"],
          values.map((value) => [value]),
        );
        const expected = values.filter((value) => value.toUpperCase().includes(needle.toUpperCase()));
        expect((await result.find(needle))?.count).toBe(expected.length);
      },
    );
    await check(property, { numRuns: 200 });
  });
});
