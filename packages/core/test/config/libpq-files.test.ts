import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { bundledOracle, noBundledOracle } from "./oracle.ts";
import { differencesFrom } from "./resolution.ts";

const oracle = bundledOracle();
let root = "";

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "rockpool-files-"));
});
afterAll(() => rmSync(root, { recursive: true }));

const joined = (...parts: fc.Arbitrary<string>[]) => fc.tuple(...parts).map((texts) => texts.join(""));
const soup = (maxLength: number) =>
  fc
    .array(
      fc.constantFrom("a", "*", "/s", "1", ":", "\\", "\\:", "#", " ", "\r", "\t", "é", "pw", "'", "="),
      {
        maxLength,
      },
    )
    .map((pieces) => pieces.join(""));

/** Lines that end in every way, the last one also in none. */
const file = (line: fc.Arbitrary<string>, most: number) =>
  joined(
    fc
      .array(joined(line, fc.constantFrom("\n", "\n", "\r\n", "\n\n")), { maxLength: most })
      .map((lines) => lines.join("")),
    fc.oneof(line, fc.constant("")),
  );

const field = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.constantFrom("*", "/s", "localhost", "1", "5432", "orders", "app", "pw", "a\\:b", ""),
  },
  { weight: 1, arbitrary: soup(4) },
);
const passwordLine = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.array(field, { minLength: 5, maxLength: 6 }).map((fields) => fields.join(":")),
  },
  { weight: 1, arbitrary: soup(12) },
);

const blank = fc.constantFrom("", "", " ", "\t");
const setting = joined(
  fc.constantFrom(
    "host",
    "port",
    "user",
    "dbname",
    "password",
    "sslmode",
    "service",
    "bogus",
    "hostaddr",
    "",
  ),
  fc.constantFrom("=", "=", "=", " = ", ""),
  fc.constantFrom("/s", "/s,/t", "1", "x y", "'q'", "", "require", "127.0.0.1", "é", "a=b", " v", "# c"),
);
const section = fc.constantFrom("[s]", "[t]", "[s", "s]", "[ s ]", "[]", "[S]", "[s] x");
const serviceLine = fc.oneof(
  { weight: 4, arbitrary: joined(blank, setting, blank) },
  { weight: 2, arbitrary: joined(blank, section, blank) },
  { weight: 1, arbitrary: fc.constantFrom("# c", "", "   ", " #x", ";x") },
);

const question = fc.record({
  passwords: file(passwordLine, 5),
  mode: fc.constantFrom(0o600, 0o600, 0o640, 0o400),
  services: file(serviceLine, 8),
  text: fc.constantFrom(
    "service=s",
    "service=t",
    "service=s host=/s user=app",
    "host=/s port=1 user=app dbname=orders",
    "host=/s,/t port=1,2 user=app",
    "host=localhost hostaddr=127.0.0.1 port=1",
    "hostaddr=127.0.0.1 port=1 user=app",
  ),
});

it("1000 service files and password files, whatever is in them, come to what libpq 18 makes of them", {
  timeout: 120_000,
}, async ({ skip }) => {
  if (oracle === null) return skip(noBundledOracle);
  const samples = fc
    .sample(question, { numRuns: 1_000 })
    .map(({ passwords, mode, services, text }, index) => {
      const home = join(root, String(index));
      mkdirSync(home);
      writeFileSync(join(home, ".pgpass"), passwords);
      chmodSync(join(home, ".pgpass"), mode);
      writeFileSync(join(home, ".pg_service.conf"), services);
      return { resolve: text, environment: { HOME: home, PGSYSCONFDIR: home }, passwords, services, mode };
    });
  expect((await differencesFrom(oracle, samples)).slice(0, 3)).toEqual([]);
});
