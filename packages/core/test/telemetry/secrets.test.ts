import { inspect } from "node:util";
import { DiagLogLevel, diag } from "@opentelemetry/api";
import { createPool, isServerError, type Pool, type PoolEvent } from "@rockpool/core";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { analyseSql } from "../../src/telemetry/sql/analyse-sql.ts";
import { useServer } from "../pool/server.ts";
import { FakePool, serverError } from "./fake-pool.ts";
import { TestSdk } from "./sdk.ts";

let sdk: TestSdk;

beforeEach(() => {
  sdk = TestSdk.start();
});

afterEach(() => {
  TestSdk.stop();
});

/** Words that no statement of these tests holds by itself. */
const secret = fc.stringMatching(/^sec[a-z0-9]{8}$/);

/** A literal that holds a secret, in each form that PostgreSQL knows. */
const literal = secret.chain((word) =>
  fc
    .constantFrom(
      `'${word}'`,
      `'it''s ${word}'`,
      `'${word}\nand more'`,
      `E'\\'${word}\\''`,
      `e'${word}\\\\'`,
      `U&'\\0041${word}'`,
      `N'${word}'`,
      `$$${word}$$`,
      `$tag$${word} $$ $tag$`,
      `B'101' || '${word}'`,
      `date '${word}'`,
      `/* ${word} */ 1`,
      `'${word}' -- ${word}\n`,
      `/* /* ${word} */ ${word} */ null`,
      `interval '1 ${word}' day`,
      `'{"a":"${word}"}'::jsonb`,
      `'a' '${word}'`,
      `'${word}'::text`,
    )
    .map((text) => ({ word, text })),
);

/** A number that no statement of these tests holds by itself. */
const number = fc
  .integer({ min: 70_000_000, max: 79_999_999 })
  .chain((value) =>
    fc
      .constantFrom(
        `${value}`,
        `-${value}`,
        `+${value}`,
        `${value}.5`,
        `.${value}`,
        `1e-${value}`,
        `0x${value}`,
        `1_${value}`,
        `${value}e5`,
      )
      .map((text) => ({ word: String(value), text })),
  );

const frame = fc.constantFrom(
  (value: string) => `select * from users where name = ${value}`,
  (value: string) => `insert into users (a, b) values (${value}, 1), (2, ${value})`,
  (value: string) => `update users set name = ${value}, b = b + ${value} where id in (${value}, ${value})`,
  (value: string) => `with x as (select ${value}) select * from x join y on y.a = ${value} order by ${value}`,
  (value: string) => `select ${value}; delete from users where a between ${value} and ${value}`,
  (value: string) => `call recount(${value})`,
  (value: string) => `set app.token = ${value}`,
  (value: string) =>
    `set app.token to default, ${value.replaceAll(/\W+/g, "")}, "${value.replaceAll(/\W+/g, "")}"`,
  (value: string) => `create user joe with password ${value}`,
  (value: string) => `alter table users alter column a set default ${value}`,
  (value: string) => `comment on table users is ${value}`,
  (value: string) => `notify channel, ${value}`,
  (value: string) => `select * from f(${value}) where a->>${value} = "b c"`,
  (value: string) => `do ${value}`,
  (value: string) => `${value}`,
  (value: string) => `(((${value}`,
);

/** Every name and every word that has been told; numbers are measured, so they hold any digits. */
async function told(): Promise<string> {
  const spans = sdk.spans.map(({ name, attributes, status, events, links }) => ({
    name,
    attributes,
    status,
    events,
    links: links.map((link) => link.attributes),
  }));
  const metrics = [...(await sdk.collect()).values()].map(({ descriptor, dataPoints }) => ({
    descriptor,
    attributes: dataPoints.map((point) => point.attributes),
  }));
  return JSON.stringify({ spans, metrics }, (_key, value) => (typeof value === "number" ? null : value));
}

describe("no literal is told", () => {
  test("by what is made of a text, whatever its form", () => {
    fc.assert(
      fc.property(frame, fc.oneof(literal, number), (make, { word, text }) => {
        const { statements } = analyseSql(make(text));
        for (const { parts, sanitized } of statements) {
          expect(parts.join(" ")).not.toContain(word);
          expect(sanitized).not.toContain(word);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  test("by spans and metrics, also where the statement fails with a message that quotes it", async () => {
    const pool = new FakePool({ querySummary: "metrics" });
    const connection = pool.connect();
    const checkout = pool.checkout(connection);
    const words: string[] = [];
    fc.assert(
      fc.property(frame, fc.oneof(literal, number), fc.boolean(), (make, { word, text }, isParameterised) => {
        words.push(word);
        const message = `invalid input syntax: "${word}"`;
        const error = serverError("22P02", message);
        pool.run(connection, checkout, { text: make(text), isParameterised }, error);
        pool.run(
          connection,
          checkout,
          { text: make(text), isParameterised, batchSize: 2 },
          new Error(message),
        );
      }),
      { numRuns: 300 },
    );
    checkout.failed(new Error(words[0]));
    checkout.released();
    const everything = await told();
    expect(words.filter((word) => everything.includes(word))).toEqual([]);
  });
});

describe("analysing a text", () => {
  test("never fails and keeps every character that is no literal and no comment", () => {
    const pieces = fc.constantFrom(
      "a",
      "'",
      '"',
      "$",
      "$1",
      "--",
      "/*",
      "*/",
      "\\",
      "(",
      ")",
      ";",
      " ",
      "\n",
      "1",
      ".",
      "e",
      "E'",
      "select",
      "from",
      ",",
      "with",
      "U&",
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 40 }), (parts) => {
        const text = parts.join("");
        const { statements } = analyseSql(text);
        expect(statements.map(({ raw }) => raw).join("")).toBe(text);
        for (const { parts: found } of statements)
          expect(found.join(" ").length).toBeLessThanOrEqual(text.length * 2);
      }),
      { numRuns: 3_000 },
    );
  });

  test("takes no longer than its text is long, however deep it nests", () => {
    const depth = 20_000;
    const text = `${"(".repeat(depth)}select 'x'${"/*".repeat(depth)}`;
    expect(analyseSql(text).statements).toHaveLength(1);
  });
});

describe("on a real server", () => {
  const world = useServer();

  test("neither values nor literals nor passwords are told", async () => {
    const pool = world.pool();
    const settled = await Promise.allSettled([
      pool.query("select $1::text as a", ["secret-value"]),
      pool.query("select 'secret-literal' as a"),
      pool.query("select 'secret-number'::int"),
      pool.query("select $1::int", ["secret-parameter"]),
      pool.query("select 'secret-syntax"),
      pool.script("create temp table t (a text unique); insert into t values ('secret-row'), ('secret-row')"),
      pool.query("do $$ begin raise exception 'secret-exception'; end $$"),
    ]);
    expect(settled.filter(({ status }) => status === "rejected")).toHaveLength(5);
    await pool.close();
    expect(await told()).not.toContain("secret-");
  });

  test("by no error of ours, no event of the pool and no line of the log, however a statement is sent", {
    timeout: 120_000,
  }, async () => {
    const pool = createPool(world.server.url, { name: "pooled", pooler: "transaction" });
    const heard: string[] = [];
    const hear = (...words: unknown[]) => void heard.push(inspect(words, { depth: 9 }));
    diag.setLogger({ error: hear, warn: hear, info: hear, debug: hear, verbose: hear }, DiagLogLevel.ALL);
    process.on("warning", hear);
    pool.onEvent((event) => hear(withoutServerErrors(event)));
    const words: string[] = [];
    for (const [make, { word, text }, verb] of fc.sample(
      fc.tuple(frame, literal, fc.constantFrom(...verbs)),
      300,
    )) {
      words.push(word);
      const error = await rejectionOf(verb(pool, make(text)));
      if (!isServerError(error)) hear(error);
    }
    await pool.close();
    process.off("warning", hear);
    diag.disable();
    expect(heard.length).toBeGreaterThan(100);
    expect(words.filter((word) => heard.some((line) => line.includes(word)))).toEqual([]);
  });
});

/** Each way to send a text. */
const verbs: readonly ((pool: Pool, text: string) => Promise<unknown>)[] = [
  (pool, text) => pool.query(text),
  (pool, text) => pool.query(text, [], { prepare: true }),
  (pool, text) => pool.script(text),
  (pool, text) => pool.cursor(text).fetchAll(),
  (pool, text) => pool.copyFrom(text, "1\n"),
  (pool, text) => pool.copyTo(text).toWebStream().getReader().read(),
  (pool, text) => pool.transaction((tx) => tx.script(text)),
  (pool, text) => pool.use((connection) => connection.pipeline().query(text)),
];

async function rejectionOf(work: Promise<unknown>): Promise<unknown> {
  try {
    await work;
    return null;
  } catch (error) {
    return error;
  }
}

/** The server's own words may quote what they like: they are the caller's. */
function withoutServerErrors(event: PoolEvent): unknown {
  return Object.fromEntries(Object.entries(event).filter(([, value]) => !isServerError(value)));
}
