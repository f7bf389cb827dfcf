import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { bundledOracle, noBundledOracle } from "./oracle.ts";
import { differencesFrom } from "./resolution.ts";

const oracle = bundledOracle();
let home = "";

beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), "rockpool-config-"));
  mkdirSync(join(home, "etc"));
  writeFileSync(join(home, ".pgpass"), passwordLines.join("\n"));
  chmodSync(join(home, ".pgpass"), 0o600);
  writeFileSync(join(home, "open.pgpass"), passwordLines.join("\n"));
  writeFileSync(join(home, ".pg_service.conf"), serviceLines.join("\n"));
  writeFileSync(join(home, "etc", "pg_service.conf"), "[wide]\nuser=wide\n[plain]\nuser=hidden\n");
});
afterAll(() => rmSync(home, { recursive: true }));

const passwordLines = [
  "# comment",
  "",
  "/sockets:1:orders:app:first",
  "/sockets:*:orders:*:any\\:port\\\\",
  "/a\\:b:1:*:*:colon",
  "localhost:*:*:app:local:rest",
  "/sockets:2:*:wide:wide secret\r",
  "127.0.0.1:1:*:*:address",
  "*:5432:*:app:last",
  "bad",
];
const serviceLines = [
  "# services",
  "[plain]",
  "host=/sockets",
  "  user=app  ",
  "port=1",
  "port=2",
  "dbname=orders",
  "",
  "[strict]",
  "sslmode=verify-full",
  "sslrootcert=system",
  "[spaced]",
  "host = /sockets",
  "[nested]",
  "service=plain",
  "[unknown]",
  "sslmod=require",
  "[plain]",
  "user=second",
  "[no equals]",
  "host",
  `[long]`,
  `host=${"x".repeat(2_000)}`,
];

const services = [
  "plain",
  "strict",
  "spaced",
  "nested",
  "unknown",
  "no equals",
  "wide",
  "missing",
  "",
  "long",
];
const choices: Readonly<Record<string, readonly string[]>> = {
  host: ["/sockets", "/a:b", "/sockets,/other", "/a,/b,/c", ",", ""],
  hostaddr: [
    "127.0.0.1",
    "127.0.0.1,127.0.0.2",
    "127.1",
    "0x7f.0.1",
    "0177.0.0.01",
    "2130706433",
    "127.0.0.256",
    "127.0.65536",
    "256.1",
    "08",
    "1.2.3.4.5",
    "127.0.0.1.",
    "127..1",
    "0x",
    "::1",
    "::ffff:127.0.0.1",
    "[::1]",
    "localhost",
    "",
  ],
  port: ["1", "2", "1,2", "", ",", "0", "65536", "x", " 1", "1 ", "+1", "1.0"],
  user: ["app", "wide", ""],
  dbname: ["orders", ""],
  password: ["given", ""],
  passfile: ["/nowhere", ""],
  sslmode: ["disable", "allow", "prefer", "require", "verify-ca", "verify-full", "bogus", "", "Require"],
  sslnegotiation: ["postgres", "direct", "x"],
  sslrootcert: ["system", "/no/file", ""],
  sslcertmode: ["disable", "allow", "x", ""],
  ssl_min_protocol_version: ["TLSv1", "tlsv1.2", "TLSv1.3", "SSLv3", ""],
  ssl_max_protocol_version: ["TLSv1", "TLSv1.1", "TLSv1.3", ""],
  channel_binding: ["disable", "prefer", "require", "x", ""],
  target_session_attrs: [
    "any",
    "read-write",
    "read-only",
    "primary",
    "standby",
    "prefer-standby",
    "master",
    "",
  ],
  load_balance_hosts: ["disable", "random", "x", ""],
  gssencmode: ["disable", "prefer", "x", ""],
  require_auth: [
    "",
    "none",
    "!none",
    "scram-sha-256",
    "scram-sha-256,none",
    "md5,md5",
    "!md5,!password",
    "md5,!password",
    "!md5,password",
    "x",
    "md5,",
    ",md5",
    "none,none",
    "!none,!none",
    "gss,sspi",
    "!gss,!sspi,!oauth",
    "!",
  ],
  max_protocol_version: ["3.0", "3.2", "latest", "3.1", "2.0", ""],
  service: services,
};
const variables: Readonly<Record<string, string>> = {
  host: "PGHOST",
  port: "PGPORT",
  user: "PGUSER",
  dbname: "PGDATABASE",
  password: "PGPASSWORD",
  sslmode: "PGSSLMODE",
  sslrootcert: "PGSSLROOTCERT",
  target_session_attrs: "PGTARGETSESSIONATTRS",
  require_auth: "PGREQUIREAUTH",
  service: "PGSERVICE",
};

const one = (keyword: string) => fc.constantFrom(...(choices[keyword] ?? []));
const setting = fc
  .constantFrom(...Object.keys(choices))
  .chain((keyword) => fc.tuple(fc.constant(keyword), one(keyword)));
const variable = fc
  .constantFrom(...Object.entries(variables))
  .chain(([keyword, name]) => fc.tuple(fc.constant(name), one(keyword)));
const other = fc.constantFrom(
  ["PGREQUIRESSL", "1"],
  ["PGREQUIRESSL", "0"],
  ["PGPASSFILE", "open.pgpass"],
  ["PGSERVICEFILE", "/nowhere"],
  ["PGSYSCONFDIR", "etc"],
);
const question = fc.record({
  settings: fc.array(setting, { maxLength: 4 }),
  environment: fc.array(fc.oneof({ weight: 3, arbitrary: variable }, { weight: 1, arbitrary: other }), {
    maxLength: 3,
  }),
});

/** Keeps libpq from names that it would look up, and from ports where a test server may listen. */
function textOf(settings: readonly (readonly string[])[]): string {
  return settings.map(([keyword, value]) => `${keyword}='${value}'`).join(" ");
}

function environmentOf(pairs: readonly (readonly string[])[]): Record<string, string> {
  const inHome = (value: string): string => (/^(etc|open)/.test(value) ? join(home, value) : value);
  return Object.fromEntries([
    ["HOME", home],
    ...pairs.map(([name, value]) => [name ?? "", inHome(value ?? "")]),
  ]);
}

it("2000 configurations from strings, variables, service and password files come to what libpq 18 makes of them", {
  timeout: 120_000,
}, async ({ skip }) => {
  if (oracle === null) return skip(noBundledOracle);
  const samples = fc.sample(question, { numRuns: 2_000 }).map(({ settings, environment }) => ({
    resolve: textOf(settings),
    environment: environmentOf(environment),
  }));
  const differences = await differencesFrom(oracle, samples);
  expect(differences.slice(0, 3)).toEqual([]);
});
