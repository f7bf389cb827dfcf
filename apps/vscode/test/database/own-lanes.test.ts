import { STATEMENT, type TapeLane, USE } from "@rockpool/otel/timeline";
import { type PostgresServer, startPostgres } from "@rockpool/postgres";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { openDatabase } from "../../src/database/open-database.ts";
import type { Database } from "../../src/model/database.ts";
import { poolRecorder } from "../../src/model/pool/pool-recorder.ts";

const never = new AbortController().signal;
let server: PostgresServer;
let recorder: ReturnType<typeof poolRecorder>;
let database: Database;

beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.stop());

beforeEach(async () => {
  recorder = poolRecorder();
  database = await openDatabase({
    name: "own",
    connection: server.url,
    password: null,
    max: 2,
    idleTimeoutMillis: 60_000,
    acquireTimeoutMillis: 5_000,
    isReadOnly: false,
    isUntrusted: false,
    spans: recorder,
    signal: never,
  });
});
afterEach(() => database.close());

function onlyLane(): TapeLane {
  const [lane] = recorder.tape.lanes;
  if (lane === undefined) throw new Error("no lane");
  return lane;
}

function text(index: number): string | null {
  return recorder.tape.strings.text(index) ?? null;
}

const request = { signal: never, pageSize: 100, copyData: null };

it("draws the extension's own uses from spans, and names the document and the line of each statement", async () => {
  const path = "file:///shop.sql";
  const lease = await database.acquire(never, { path, line: 3 });
  await lease.execute("select 1", { ...request, caller: { path, line: 3 } });
  await lease.execute("create temporary table t (a int)", { ...request, caller: { path, line: 9 } });
  await lease.release();
  await expect.poll(() => onlyLane().tracks.use.length).toBe(1);
  const { use, statement } = onlyLane().tracks;
  expect(onlyLane().connectionId).toBe("own#1");
  expect(onlyLane().opened?.failure).toBeNull();
  expect([text(use.word(0, USE.path)), use.word(0, USE.line)]).toEqual([path, 3]);
  const places = [0, 1].map((index) => [
    text(statement.word(index, STATEMENT.path)),
    statement.word(index, STATEMENT.line),
  ]);
  expect(places).toEqual([
    [path, 3],
    [path, 9],
  ]);
  expect(use.start(0)).toBeLessThanOrEqual(statement.start(0));
  expect(use.end(0)).toBeGreaterThanOrEqual(statement.end(1));
});

it("knows what is held now, since when it is in a transaction, and that a statement is being cancelled", async () => {
  const lease = await database.acquire(never, { path: "file:///shop.sql", line: 1 });
  await lease.execute("begin", request);
  const [held] = recorder.held();
  expect(held).toMatchObject({ path: "file:///shop.sql", line: 1, useCount: 1, cancellingSince: null });
  expect(held?.transactionSince).toBeGreaterThanOrEqual(held?.acquiredUnixMillis ?? Number.NaN);
  const abort = new AbortController();
  const running = lease.execute("select pg_sleep(30)", { ...request, signal: abort.signal });
  abort.abort();
  expect(recorder.held()[0]?.cancellingSince).not.toBeNull();
  await expect(running).rejects.toThrow();
  expect(recorder.held()[0]?.cancellingSince).toBeNull();
  await lease.release();
  expect(recorder.held()).toEqual([]);
});
