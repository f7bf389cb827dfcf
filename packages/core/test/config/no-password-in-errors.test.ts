import fc from "fast-check";
import { expect, it } from "vitest";
import { explainConfig } from "../../src/config/explain-config.ts";
import { ConfigError } from "../../src/errors.ts";

const secret = "hunter2";
const pieces = [
  secret,
  secret,
  "a",
  "/",
  "?",
  "#",
  "@",
  ":",
  "%",
  "%4",
  "%zz",
  "&",
  "=",
  "'",
  " ",
  "\\",
  ",",
  "[",
  "]",
];

/** A password as somebody types it who has not read how to escape it. */
const password = fc
  .array(fc.constantFrom(...pieces), { minLength: 1, maxLength: 6 })
  .map((tokens) => tokens.join(""));
const text = fc.oneof(
  password.map((word) => `postgresql://app:${word}@db:5432/orders?sslmode=require`),
  password.map((word) => `postgresql://app@db/orders?password=${word}&sslmode=require`),
  password.map((word) => `user=app password=${word} sslmode=require`),
  password.map((word) => `user=app password='${word}' sslmode=require`),
  password.map((word) => `user=app sslpassword=${word} sslmode=bogus`),
);

it("whatever a password holds, no error of a connection string quotes a piece of it", () => {
  fc.assert(
    fc.property(text, (input) => {
      try {
        explainConfig(input, { environment: {}, homeDirectory: "/nowhere" });
      } catch (error) {
        expect(error).toBeInstanceOf(ConfigError);
        expect(String(error)).not.toContain(secret);
      }
    }),
    { numRuns: 5_000 },
  );
});
