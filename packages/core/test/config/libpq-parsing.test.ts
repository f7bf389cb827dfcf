import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseConnectionString } from "../../src/config/connection-string.ts";
import { keywordRules } from "../../src/config/keywords.ts";
import { ConfigError } from "../../src/errors.ts";
import {
  ask,
  bundledOracle,
  noBundledOracle,
  type Oracle,
  type OracleAnswer,
  systemOracle,
} from "./oracle.ts";

const inputs = 20_000;

const words = [
  "",
  "a",
  "db1",
  "5432",
  "10.0.0.1",
  "::1",
  "fe80::1%25eth0",
  "%2Fvar%2Frun",
  "/tmp",
  "é",
  "true",
  "x y",
  "0",
];
const marks = [
  ":",
  "@",
  "/",
  "?",
  "&",
  "=",
  ",",
  "[",
  "]",
  "%",
  "%20",
  "%41",
  "%2C",
  "%00",
  "%C3%A9",
  "%ff",
  "%4",
  " ",
  "'",
  "\\",
  "\t",
  "\n",
  "#",
  "+",
  "é",
];
const keywords = [
  ...keywordRules.map(({ keyword }) => keyword),
  "ssl",
  "requiressl",
  "bogus",
  "",
  "Host",
  "h%6Fst",
];

const word = fc.constantFrom(...words);
const keyword = fc.constantFrom(...keywords);
const soup = (parts: readonly string[]) =>
  fc.array(fc.constantFrom(...parts), { maxLength: 14 }).map((tokens) => tokens.join(""));
const optional = (text: fc.Arbitrary<string>) => fc.option(text, { nil: "" });
const joined = (...parts: fc.Arbitrary<string>[]) => fc.tuple(...parts).map((tokens) => tokens.join(""));
const listed = (text: fc.Arbitrary<string>, separator: string) =>
  fc.array(text, { maxLength: 3 }).map((parts) => parts.join(separator));
const noisy = fc.oneof({ weight: 6, arbitrary: word }, { weight: 1, arbitrary: soup([...words, ...marks]) });

const prefix = fc.constantFrom(
  "postgres://",
  "postgresql://",
  "postgresql://",
  "Postgres://",
  "postgresql:/",
);
const user = joined(noisy, optional(joined(fc.constant(":"), noisy)), fc.constant("@"));
const host = joined(
  fc.oneof(noisy, joined(fc.constant("["), noisy, fc.constant("]"))),
  optional(joined(fc.constant(":"), noisy)),
);
const query = joined(
  fc.constant("?"),
  listed(joined(keyword, fc.constantFrom("=", "=", "=", ""), noisy), "&"),
);
const uri = joined(
  prefix,
  optional(user),
  listed(host, ","),
  optional(joined(fc.constant("/"), noisy)),
  optional(query),
);
const quoted = soup([...words, ...marks]).map((text) => `'${text.replaceAll(/['\\]/g, "\\$&")}'`);
const pair = joined(
  keyword,
  fc.constantFrom("=", "=", " = ", "= ", "\t=", " ", ""),
  fc.oneof(noisy, quoted, soup([...words, ...marks])),
);
const keywordValue = listed(pair, " ");
const anything = joined(fc.constantFrom("", "postgresql://"), soup([...words, ...marks, ...keywords]));
const text = fc.oneof(
  { weight: 3, arbitrary: uri },
  { weight: 3, arbitrary: keywordValue },
  { weight: 2, arbitrary: anything },
);

/** What our parser makes of a text, in the words of the oracle. */
function parse(input: string): OracleAnswer {
  try {
    const values = [...parseConnectionString(input)];
    return {
      values: Object.fromEntries(values.map(([name, value]) => [name, Buffer.from(value).toString("hex")])),
    };
  } catch (error) {
    if (error instanceof ConfigError) return { error: error.message };
    throw error;
  }
}

/** Text that is not UTF-8 is no string in JavaScript, so ours must refuse what libpq passes on as bytes. */
function isNotText(ours: OracleAnswer): boolean {
  return ours.error?.endsWith("is not UTF-8 once decoded") ?? false;
}

/** An input that an older libpq refuses or reads in another way for a reason that is known. */
function isNewerThan(oracle: Oracle, input: string, answer: OracleAnswer): boolean {
  if (oracle.arguments.length > 1) return false;
  return input.includes(" ") || /invalid (connection option|URI query parameter)/.test(answer.error ?? "");
}

async function differences(oracle: Oracle): Promise<unknown[]> {
  const samples = fc.sample(text, { numRuns: inputs });
  const answers = await ask(
    oracle,
    samples.map((input) => ({ parse: input })),
  );
  expect(answers).toHaveLength(samples.length);
  return samples.flatMap((input, index) => {
    const answer = answers[index] ?? {};
    const ours = parse(input);
    const isEqual = JSON.stringify(sorted(ours.values)) === JSON.stringify(sorted(answer.values));
    const isKnown = isNotText(ours) ? /%[89a-f]/i.test(input) : isNewerThan(oracle, input, answer);
    return isEqual || isKnown ? [] : [{ input, ours, libpq: answer }];
  });
}

function sorted(values: OracleAnswer["values"]): unknown {
  return values === undefined ? "error" : Object.entries(values).sort();
}

describe.each([
  ["libpq 18 of the test server", bundledOracle(), noBundledOracle],
  ["the libpq of python3-psycopg2", systemOracle(), "needs Debian's python3-psycopg2"],
])("%s", (_name, oracle, reason) => {
  it(`parses ${inputs} generated strings as we do`, { timeout: 120_000 }, async ({ skip }) => {
    if (oracle === null) return skip(reason);
    expect((await differences(oracle)).slice(0, 5)).toEqual([]);
  });
});
