import { array, assert as check, constantFrom, oneof, property, string } from "fast-check";
import { describe, expect, it } from "vitest";
import { TextKeys } from "../../../src/model/results/arrange/text-keys.ts";

const letters = string({
  unit: constantFrom(..."aAbBcChHzZ019 -_'.\u00e5\u0301\u0001\u4e2d"),
  maxLength: 20,
});
const text = oneof(letters, string({ unit: "grapheme-ascii", maxLength: 20 }), string({ unit: "binary" }));

function keysOf(collator: Intl.Collator, texts: readonly string[]): TextKeys {
  const keys = new TextKeys(collator, texts.length);
  for (const [row, each] of texts.entries()) keys.set(row, each);
  return keys;
}

function ordered(collator: Intl.Collator, ...texts: string[]): number {
  return keysOf(collator, texts).compare(0, 1);
}

/** Pairs of texts that the keys order otherwise than the collator does. */
function contradictions(collator: Intl.Collator, texts: readonly string[]): string[][] {
  const keys = keysOf(collator, texts);
  return texts.flatMap((a, row) =>
    texts.flatMap((b, other) => {
      const order = keys.compare(row, other);
      return order === 0 || Math.sign(collator.compare(a, b)) === order ? [] : [[a, b]];
    }),
  );
}

describe("the keys of texts", () => {
  it.each(["en", "de", "sv", "cs", "da", "hu", "et", "lt", "th", "tr", "ja"])(
    "never contradict the collator of %s",
    (locale) => {
      const collator = new Intl.Collator(locale);
      check(
        property(array(text, { minLength: 60, maxLength: 60 }), (texts) => {
          expect(contradictions(collator, texts)).toEqual([]);
        }),
        { numRuns: 8 },
      );
    },
  );

  it("tell two plain texts apart that differ within sixteen characters", () => {
    const collator = new Intl.Collator("en");
    expect(ordered(collator, "customer 10", "customer 9")).toBe(-1);
    expect(ordered(collator, "d41d8cd98f00b204", "d41d8cd98f00b203")).toBe(1);
  });

  it("leave to the collator what they cannot tell", () => {
    const collator = new Intl.Collator("en");
    expect(ordered(collator, "Row", "row")).toBe(0);
    expect(ordered(collator, "é", "f")).toBe(0);
    expect(ordered(collator, "0123456789abcdefg", "0123456789abcdefh")).toBe(0);
  });
});
