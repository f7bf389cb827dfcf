import { describe, expect, it } from "vitest";
import { formatAge, formatCoarseAge, formatDuration } from "../../src/model/duration.ts";

describe("a duration", () => {
  it.each([
    [0.42, "0.4 ms"],
    [42, "42 ms"],
    [3_140, "3.1 s"],
    [125_000, "2:05"],
  ])("of %d ms is %s", (millis, text) => expect(formatDuration(millis)).toBe(text));

  it.each([
    [900, "0 s"],
    [65_000, "1:05"],
    [7_260_000, "2 h 1 min"],
  ])("that grows, of %d ms, is %s", (millis, text) => expect(formatAge(millis)).toBe(text));

  it.each([
    [9_000, ""],
    [29_000, "20 s"],
    [200_000, "3 min"],
  ])("that stays for long, of %d ms, is %j", (millis, text) => expect(formatCoarseAge(millis)).toBe(text));
});
