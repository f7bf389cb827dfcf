import { assert as check, constantFrom, date, integer, property } from "fast-check";
import { describe, expect, it } from "vitest";
import { microsOf } from "../../../src/model/results/arrange/timestamp.ts";

const DAY = 86_400_000_000;

describe("a time as PostgreSQL writes it", () => {
  it("is so many microseconds, with any fraction and zone", () => {
    const times = date({ min: new Date("1700-01-01"), max: new Date("2250-01-01"), noInvalidDate: true });
    const zones = constantFrom(["", 0], ["+00", 0], ["-03", -180], ["+13", 780], ["+05:30", 330]);
    check(
      property(times, integer({ min: 0, max: 999 }), zones, (time, micros, [zone, minutes]) => {
        const written = `${time.toISOString().replace("T", " ").replace("Z", "")}${String(micros).padStart(3, "0")}`;
        const expected = time.getTime() * 1_000 + micros - Number(minutes) * 60_000_000;
        expect(microsOf(`${written}${zone}`)).toBe(expected);
      }),
    );
  });

  it.each([
    ["1970-01-02", DAY],
    ["1970-01-01 00:00:01", 1_000_000],
    ["1970-01-01 00:00:00.5+00", 500_000],
    ["0001-01-01 BC", new Date("0000-01-01").getTime() * 1_000],
    ["0044-03-15 BC", new Date("-000043-03-15").getTime() * 1_000],
    ["0050-01-01", new Date("0050-01-01").getTime() * 1_000],
    ["12026-01-31 01:00:00+01", new Date("+012026-01-31").getTime() * 1_000],
    ["01:00:00", 3_600_000_000],
    ["infinity", Number.POSITIVE_INFINITY],
    ["-infinity", Number.NEGATIVE_INFINITY],
    ["2026-01-3x", Number.NaN],
    ["2026-01-31 12:00:00.1x", Number.NaN],
    ["", 0],
  ])("%s is %d", (text, micros) => {
    expect(microsOf(text)).toBe(micros);
  });
});
