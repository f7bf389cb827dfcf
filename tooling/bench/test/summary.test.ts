import { describe, expect, it } from "vitest";
import type { BenchCase } from "../src/bench-case.ts";
import { tableOf, tablesIn } from "../src/report.ts";
import { summarise } from "../src/summary.ts";

const bench: BenchCase = {
  name: "example",
  question: "Which is faster?",
  columns: [{ name: "rate", unit: "runs/s", isLowerBetter: false }],
  baseline: "theirs",
  slices: 3,
  setUp: async () => [],
};

function slice(ours: number, theirs: number) {
  return {
    results: [
      { contestant: "ours", figures: { rate: ours } },
      { contestant: "theirs", figures: { rate: theirs } },
    ],
  };
}

describe("a summary", () => {
  it("takes each ratio within its slice, so that a slow moment of the machine is in neither", () => {
    const { lines } = summarise(bench, [slice(200, 100), slice(20, 10), slice(300, 100)]);
    expect(lines[0]?.cells[0]?.ratio).toEqual({ median: 2, low: 2, high: 3 });
    expect(lines[0]?.cells[0]?.value.median).toBe(200);
  });

  it("shows a figure that a contestant cannot have as missing", () => {
    const lines = tableOf(summarise(bench, [{ results: [{ contestant: "ours", figures: {} }] }]));
    expect(lines).toMatch(/\| ours +\| +– \| +– \|/);
  });
});

describe("a document", () => {
  it("gives back the tables that were put into it", () => {
    const table = tableOf(summarise(bench, [slice(2, 1)]));
    const other = tableOf(summarise({ ...bench, name: "other" }, [slice(4, 1)]));
    const tables = tablesIn(`# Benchmarks\n\nwhatever\n\n${table}\n${other}`);
    expect([...tables]).toEqual([
      ["example", table],
      ["other", other],
    ]);
  });
});
