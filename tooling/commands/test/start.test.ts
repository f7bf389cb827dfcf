import { createServer, type Server } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { freshTemporaryFolder, type Run, runStart } from "./run-start.ts";

// Each runs the whole of `npm start` but the install and the build, which have been done before any test runs.
const LIMIT_MILLIS = 120_000;
const short = ["--no-editor", "--seconds", "2", "--json", "--rate", "100"];

let occupied: Server;
let port = 0;

beforeAll(async () => {
  occupied = createServer();
  await new Promise<void>((resolve) => occupied.listen(0, "127.0.0.1", resolve));
  const address = occupied.address();
  port = typeof address === "object" && address !== null ? address.port : 0;
});
afterAll(() => {
  occupied.close();
});

function expectClearFailure(run: Run, words: RegExp): void {
  expect(run.stderr).toMatch(words);
  expect(run.stderr).not.toMatch(/^\s+at /m);
  expect(run.stdout).toBe("");
  expect(run.exitCode).toBe(1);
  expect(run.left).toEqual([]);
}

test("a short run ends by itself with a summary in one line of JSON", { timeout: LIMIT_MILLIS }, async () => {
  const run = await runStart([...short, "--max", "3"]);
  expect(run.exitCode).toBe(0);
  expect(run.stdout.trimEnd().split("\n")).toHaveLength(1);
  const summary = JSON.parse(run.stdout);
  expect(summary).toMatchObject({ max: 3, errors: 0 });
  expect(summary.checkouts).toBeGreaterThan(20);
  expect(summary.connectionsOpened).toBeLessThanOrEqual(3);
  expect(summary.reuseRatio).toBeGreaterThan(0.8);
  expect(Object.keys(summary.acquireWaitMillis)).toEqual(["p50", "p99"]);
  expect(run.left).toEqual([]);
});

test("an unknown flag is refused before anything is installed", async () => {
  const run = await runStart(["--fast"]);
  expect(run.exitCode).toBe(2);
  expect(run.stderr).toBe("error: Unknown option '--fast'\nSee npm start -- --help\n");
  expect(run.left).toEqual([]);
});

test("a port in use is named, with what to do", { timeout: LIMIT_MILLIS }, async () => {
  const run = await runStart([...short, "--port", String(port)]);
  expectClearFailure(
    run,
    new RegExp(`error: Port ${port} is in use\\. Stop what uses it, or choose another one`),
  );
});

test("a database that is down is said to be down", { timeout: LIMIT_MILLIS }, async () => {
  const run = await runStart(short, { DATABASE_URL: "postgresql://postgres@127.0.0.1:1/postgres" });
  expectClearFailure(run, /ECONNREFUSED.*Is the database up\?/s);
});

test("a malformed DATABASE_URL is refused without its password", { timeout: LIMIT_MILLIS }, async () => {
  const run = await runStart(short, { DATABASE_URL: "postgresql://a:topsecret@localhost/db?nonsense=1" });
  expectClearFailure(run, /nonsense/);
  expect(run.stderr).not.toContain("topsecret");
});

test("a full disk for the data folder is named as the reason", { timeout: LIMIT_MILLIS }, async () => {
  await using disk = await freshTemporaryFolder({ sizeMegabytes: 8 });
  if (disk === null) return;
  const run = await runStart(short, {}, disk.folder);
  expectClearFailure(run, /no space left/i);
});
