import { describe, expect, it } from "vitest";
import { spanAfter } from "../../../src/model/sql/text-changes.ts";

describe("a stretch of a text that is edited", () => {
  const span = { start: 10, end: 20 };

  it.each([
    ["moves with an insertion before it", [{ start: 3, removed: 0, inserted: 5 }], { start: 15, end: 25 }],
    ["moves with one right before it", [{ start: 10, removed: 0, inserted: 2 }], { start: 12, end: 22 }],
    ["moves back with a removal before it", [{ start: 3, removed: 7, inserted: 0 }], { start: 3, end: 13 }],
    ["stays where what follows changes", [{ start: 20, removed: 4, inserted: 9 }], span],
    ["is gone where it is touched", [{ start: 15, removed: 0, inserted: 1 }], null],
    ["is gone where a removal reaches into it", [{ start: 8, removed: 3, inserted: 0 }], null],
    [
      "follows changes one after another",
      [
        { start: 0, removed: 0, inserted: 10 },
        { start: 18, removed: 2, inserted: 0 },
      ],
      { start: 18, end: 28 },
    ],
  ])("%s", (_, changes, expected) => {
    expect(spanAfter(span, changes)).toEqual(expected);
  });
});
