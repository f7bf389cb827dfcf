import { loadModule, parseSync, scanSync } from "libpg-query";
import { beforeAll, describe, expect, it } from "vitest";
import { type Span, splitStatements } from "../../../src/model/sql/split.ts";
import { Chance, randomScript, statementWords } from "./grammar/random-sql.ts";
import { STATEMENTS } from "./grammar/statements.ts";

const SCRIPTS = Number(process.env.ROCKPOOL_SPLIT_SCRIPTS ?? 10_000);

/** Offsets in UTF-16 by those in UTF-8 bytes, which the parser counts in. */
function utf16Offsets(text: string): (bytes: number) => number {
  const bytes = Buffer.from(text, "utf8");
  if (bytes.length === text.length) return (offset) => offset;
  return (offset) => bytes.subarray(0, offset).toString("utf8").length;
}

/** Where the parser sees statements: from their first token to their last, comments aside. */
function parsedSpans(script: string): Span[] {
  const toUtf16 = utf16Offsets(script);
  const tokens = scanSync(script).tokens.filter(({ tokenName }) => !/COMMENT$/.test(tokenName));
  const { stmts = [] } = parseSync(script);
  return stmts.map(({ stmt_location: from = 0, stmt_len: length }) => {
    const end = length === undefined ? Number.POSITIVE_INFINITY : from + length;
    const own = tokens.filter((token) => token.start >= from && token.end <= end && token.text !== ";");
    const semicolons = tokens.filter(
      (token) => token.start >= from && token.end <= end && token.text === ";",
    );
    const first = own[0] ?? semicolons[0];
    const last = Math.max(own.at(-1)?.end ?? 0, innerEnd(semicolons, length));
    return { start: toUtf16(first?.start ?? 0), end: toUtf16(last) };
  });
}

/** A semicolon counts only inside of a statement whose end the parser has given. */
function innerEnd(semicolons: readonly { end: number }[], length: number | undefined): number {
  return length === undefined ? 0 : (semicolons.at(-1)?.end ?? 0);
}

function ourSpans(script: string): Span[] {
  return splitStatements(script).map(({ start, end }) => ({ start, end }));
}

beforeAll(() => loadModule());

describe("the splitter agrees with PostgreSQL's own parser", () => {
  it.each(STATEMENTS)("on: %s", (template) => {
    const between = "select 1; ";
    for (let seed = 0; seed < 4; seed++) {
      const text = statementWords(template, new Chance(seed)).join(" ");
      const script = `${between}${text}; select 2`;
      expect(ourSpans(script), script).toEqual(parsedSpans(script));
    }
  });

  it(`on ${SCRIPTS} generated scripts`, { timeout: 600_000 }, () => {
    for (let seed = 0; seed < SCRIPTS; seed++) {
      const script = randomScript(seed);
      const ours = ourSpans(script);
      const parsed = parsedSpans(script);
      if (!isEqual(ours, parsed)) expect(ours, `seed ${seed}: ${script}`).toEqual(parsed);
    }
  });
});

describe("a file of a megabyte", () => {
  it("is split many times faster than the real scanner reads it", { timeout: 60_000 }, () => {
    const piece = "-- orders\nselect a, 'it''s;' from shop.orders o where o.total > 10.5 and $$;$$ <> b;\n";
    const text = piece.repeat(Math.ceil(1_000_000 / piece.length));
    const ours = Array.from({ length: 5 }, () => millisOf(() => splitStatements(text)));
    const theirs = millisOf(() => scanSync(text));
    expect(theirs / Math.min(...ours)).toBeGreaterThan(5);
  });
});

function millisOf(work: () => void): number {
  const startedAt = performance.now();
  work();
  return performance.now() - startedAt;
}

function isEqual(a: readonly Span[], b: readonly Span[]): boolean {
  return a.length === b.length && a.every(({ start, end }, i) => start === b[i]?.start && end === b[i]?.end);
}
