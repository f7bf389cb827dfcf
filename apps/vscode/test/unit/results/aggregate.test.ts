import { array, assert as check, integer, property, tuple } from "fast-check";
import { describe, expect, it } from "vitest";
import type { Cell } from "../../../shared/protocol/results.ts";
import { Aggregate } from "../../../src/model/results/aggregate.ts";
import {
  DecimalSum,
  divideDecimal,
  formatDecimal,
  parseDecimal,
} from "../../../src/model/results/decimal.ts";
import type { ValueKind } from "../../../src/model/results/value-kind.ts";

function aggregate(values: readonly Cell[], kind: ValueKind) {
  const made = new Aggregate(1);
  made.add(values, kind);
  return made.view();
}

describe("marked cells come to", () => {
  it("an exact sum, whatever a double would make of it", () => {
    expect(aggregate(["0.1", "0.2", null], "number")).toMatchObject({
      cells: 3,
      nulls: 1,
      distinct: 2,
      sum: "0.3",
      mean: "0.15",
    });
    const large = aggregate(["9007199254740993", "9007199254740993", "0.5"], "number");
    expect(large).toMatchObject({
      sum: "18014398509481986.5",
      isExact: true,
      least: "0.5",
      most: "9007199254740993",
    });
  });

  it("a mean rounded half away from zero, after four more digits than the values have", () => {
    expect(aggregate(["1", "1", "0"], "number").mean).toBe("0.6667");
    expect(aggregate(["-1", "-1", "0"], "number").mean).toBe("-0.6667");
  });

  it("a sum that says so where it cannot be exact", () => {
    expect(aggregate(["1e300", "1"], "number")).toMatchObject({ sum: "1e+300", isExact: false });
    expect(aggregate(["NaN", "1"], "number")).toMatchObject({ sum: "NaN", isExact: false });
  });

  it("no sum without numbers, but the first and last of one column", () => {
    expect(aggregate(["2026-02-01", "2025-12-31"], "time")).toMatchObject({
      sum: null,
      mean: null,
      least: "2025-12-31",
      most: "2026-02-01",
    });
    const several = new Aggregate(2);
    several.add(["b", "a"], "text");
    several.add(["5", "7"], "number");
    expect(several.view()).toMatchObject({ cells: 4, distinct: null, sum: "12", least: "5", most: "7" });
  });

  it("no more different values than can be told apart", () => {
    const values = Array.from({ length: 100_010 }, (_, index) => String(index));
    expect(aggregate(values, "text")).toMatchObject({ distinct: 100_000, isDistinctCut: true });
  });
});

describe("decimals", () => {
  it("add up as whole numbers of the smallest unit do", () => {
    const parts = tuple(integer(), integer({ min: 0, max: 12 }), integer({ min: 0, max: 2 ** 31 - 1 }));
    check(
      property(array(parts, { maxLength: 200 }), (numbers) => {
        const sum = new DecimalSum();
        let expected = 0n;
        for (const [a, scale, b] of numbers) {
          const units = BigInt(a) * BigInt(b);
          expected += units * 10n ** BigInt(12 - scale);
          sum.add(formatDecimal({ units, scale }));
        }
        const total = sum.total;
        expect(total.units * 10n ** BigInt(12 - total.scale)).toBe(expected);
      }),
    );
  });

  it("keep their text", () => {
    for (const text of ["0", "-0.05", "12.50", "-7", "100000000000000000000.000001"]) {
      const parsed = parseDecimal(text);
      expect(parsed && formatDecimal(parsed)).toBe(text);
    }
    expect(parseDecimal("1e5")).toBeNull();
  });

  it("divide to the digits asked for", () => {
    expect(formatDecimal(divideDecimal({ units: 10n, scale: 0 }, 4, 2))).toBe("2.50");
    expect(formatDecimal(divideDecimal({ units: -5n, scale: 1 }, 3, 3))).toBe("-0.1667");
  });
});
