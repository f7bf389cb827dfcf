import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parseConnectionString } from "../../src/config/connection-string.ts";
import { ConfigError } from "../../src/errors.ts";

interface Vector {
  readonly input: string;
  readonly values?: Readonly<Record<string, string>>;
  readonly error?: string;
}

const file = new URL("fixtures/libpq-18-vectors.json", import.meta.url);
const { vectors }: { vectors: readonly Vector[] } = JSON.parse(readFileSync(file, "utf8"));

describe("what libpq 18 makes of a string is what we make of it", () => {
  it.each(vectors)("$input", ({ input, values }) => {
    if (values === undefined) expect(() => parseConnectionString(input)).toThrow(ConfigError);
    else expect(Object.fromEntries(parseConnectionString(input))).toEqual(values);
  });
});
