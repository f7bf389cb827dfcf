import { describe, expect, it } from "vitest";
import type { Cell } from "../../../shared/protocol/results.ts";
import { Comparison, differenceColumns } from "../../../src/model/results/compare-results.ts";
import { ResultRows } from "../../../src/model/results/result-rows.ts";
import { Slices } from "../../../src/model/results/slices.ts";
import { room } from "./room.ts";

async function resultOf(names: readonly string[], rows: readonly (readonly Cell[])[]): Promise<ResultRows> {
  const columns = names.map((name) => ({ name, typeName: "text", isNumeric: false, tableId: 0 }));
  const result = new ResultRows(columns, room());
  await result.append(rows, 10_000);
  return result;
}

async function differences(before: ResultRows, after: ResultRows, keys: readonly string[]) {
  const comparison = new Comparison({ before, after }, keys);
  const rows: (readonly Cell[])[] = [];
  for await (const batch of comparison.run(new Slices(new AbortController().signal))) rows.push(...batch);
  return { rows, counts: comparison.counts };
}

describe("two results", () => {
  it("differ by the rows that only one has and by the values that changed, found by their key", async () => {
    const before = await resultOf(
      ["id", "name", "note"],
      [
        ["1", "a", null],
        ["2", "b", ""],
        ["3", "c", "x"],
      ],
    );
    const after = await resultOf(
      ["id", "name", "note"],
      [
        ["3", "c", "x"],
        ["4", "d", null],
        ["1", "A", ""],
      ],
    );
    const { rows, counts } = await differences(before, after, ["id"]);
    expect(rows).toEqual([
      ["added", "", "4", "d", null],
      ["before", "name, note", "1", "a", null],
      ["after", "name, note", "1", "A", ""],
      ["removed", "", "2", "b", ""],
    ]);
    expect(counts).toEqual({ added: 1, removed: 1, changed: 1, same: 1 });
  });

  it("are compared by position where there is no key", async () => {
    const before = await resultOf(["n"], [["1"], ["2"], ["3"]]);
    const after = await resultOf(["n"], [["1"], ["3"]]);
    const { rows } = await differences(before, after, []);
    expect(rows).toEqual([
      ["before", "n", "2"],
      ["after", "n", "3"],
      ["removed", "", "3"],
    ]);
  });

  it("pair rows of the same key in their order", async () => {
    const before = await resultOf(
      ["k", "v"],
      [
        ["a", "1"],
        ["a", "2"],
      ],
    );
    const after = await resultOf(
      ["k", "v"],
      [
        ["a", "1"],
        ["a", "3"],
        ["a", "4"],
      ],
    );
    expect((await differences(before, after, ["k"])).counts).toEqual({
      added: 1,
      removed: 0,
      changed: 1,
      same: 1,
    });
  });

  it("may have other columns: those of both are shown, and what one lacks is empty", async () => {
    const before = await resultOf(["id", "old"], [["1", "x"]]);
    const after = await resultOf(["new", "id"], [["y", "1"]]);
    expect(differenceColumns(before, after).map(({ name }) => name)).toEqual([
      "difference",
      "changed columns",
      "new",
      "id",
      "old",
    ]);
    const { rows } = await differences(before, after, ["id"]);
    expect(rows).toEqual([
      ["before", "new, old", null, "1", "x"],
      ["after", "new, old", "y", "1", null],
    ]);
  });

  it("are compared as they show", async () => {
    const before = await resultOf(["n"], [["1"], ["2"]]);
    const after = await resultOf(["n"], [["2"], ["1"]]);
    await after.arrange({ filters: [], sort: [{ column: 0, direction: "ascending" }] });
    expect((await differences(before, after, [])).counts.same).toBe(2);
  });
});
