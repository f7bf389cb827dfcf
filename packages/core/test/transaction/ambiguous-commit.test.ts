import { type FaultProxy, startFaultProxy } from "@rockpool/postgres";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { OpenConnection } from "../../src/connection/open-connection.ts";
import { AmbiguousCommitError, ConnectionLostError } from "../../src/errors.ts";
import { eventually } from "../connection/world.ts";
import { rejection, useWorkbench } from "./workbench.ts";

const bench = useWorkbench();
let proxy: FaultProxy;
let admin: OpenConnection;

beforeAll(async () => {
  proxy = await startFaultProxy({ port: bench.server.port });
});
afterAll(() => proxy.stop());

// A COMMIT that lasts as long as somebody holds the advisory lock 1.
beforeEach(async () => {
  await proxy.restore();
  admin = await bench.connect();
  await admin.script(`
    create or replace function wait_in_commit() returns trigger language plpgsql as $$
      begin perform pg_advisory_xact_lock_shared(1); return null; end $$;
    drop trigger if exists slow_commit on items;
    create constraint trigger slow_commit after insert on items deferrable initially deferred
      for each row execute function wait_in_commit();
    create or replace function add_item(id int) returns void language sql as 'insert into items values (id)'`);
});

function behindProxy(): Promise<OpenConnection> {
  return bench.connect({}, { host: proxy.host, port: proxy.port, user: "postgres", database: "postgres" });
}

function inCommit(connection: OpenConnection): Promise<void> {
  const text =
    "select 1 from pg_stat_activity where pid = $1 and query = 'commit' and wait_event = 'advisory'";
  return eventually(async () => (await admin.query(text, [connection.backendPid])).rows.length === 1);
}

async function statusOf(transactionId: string | null): Promise<unknown> {
  const { rows } = await admin.query<{ status: string }>("select pg_xact_status($1::xid8) as status", [
    transactionId,
  ]);
  return rows[0]?.status;
}

function ambiguous(error: unknown): AmbiguousCommitError {
  if (error instanceof AmbiguousCommitError) return error;
  throw new Error(`expected an AmbiguousCommitError, got ${String(error)}`);
}

test("a server process that dies in COMMIT leaves an error with the id by which the outcome can be asked", async () => {
  const connection = await bench.connect();
  let runs = 0;
  await using _lock = await admin.advisoryLock(1);
  const outcome = rejection(
    connection.transaction(
      async (transaction) => {
        runs += 1;
        await transaction.query("insert into items values (1)");
      },
      { retry: { attempts: 5 } },
    ),
  );
  await inCommit(connection);
  await admin.query("select pg_terminate_backend($1)", [connection.backendPid]);

  const error = ambiguous(await outcome);
  expect(error.code).toBe("POOL_AMBIGUOUS_COMMIT");
  expect(error.isSafeToRetry).toBe(false);
  expect(error.cause).toBeInstanceOf(Error);
  expect(error.transactionId).toMatch(/^\d+$/);
  await eventually(async () => (await statusOf(error.transactionId)) === "aborted");
  expect(runs).toBe(1);
});

test("a COMMIT whose answer is lost on the way may have worked, and its id says that it did", async () => {
  const connection = await behindProxy();
  const lock = await admin.advisoryLock(1);
  const outcome = rejection(
    connection.transaction((transaction) => transaction.query("insert into items values (1)")),
  );
  await inCommit(connection);
  proxy.cut();
  const error = ambiguous(await outcome);
  await lock.release();

  await eventually(async () => (await statusOf(error.transactionId)) === "committed");
  expect(await bench.ids()).toEqual([1]);
});

test("the id is known even where the server never got the COMMIT", async () => {
  const connection = await behindProxy();
  const transaction = await connection.begin();
  await transaction.query("insert into items values (1)");
  proxy.hang();
  const outcome = rejection(transaction.commit());
  // Let the COMMIT leave the process before the line is cut.
  await new Promise((resolve) => setImmediate(resolve));
  proxy.cut();
  const error = ambiguous(await outcome);
  await eventually(async () => (await statusOf(error.transactionId)) === "aborted");
  expect(transaction.fate).toBe("unknown");
});

test("a write within a function is known by its id as well", async () => {
  const connection = await bench.connect();
  await using _lock = await admin.advisoryLock(1);
  const outcome = rejection(connection.transaction((transaction) => transaction.query("select add_item(1)")));
  await inCommit(connection);
  await admin.query("select pg_terminate_backend($1)", [connection.backendPid]);
  expect(ambiguous(await outcome).transactionId).toMatch(/^\d+$/);
});

test("a transaction that wrote nothing has no id", async () => {
  for (const options of [{}, { readOnly: true }]) {
    const connection = await behindProxy();
    const transaction = await connection.begin(options);
    await transaction.query("select 1");
    proxy.hang();
    const outcome = rejection(transaction.commit());
    await new Promise((resolve) => setImmediate(resolve));
    proxy.cut();
    expect(ambiguous(await outcome).transactionId).toBeNull();
    await proxy.restore();
  }
});

test("a connection that was lost before COMMIT was sent leaves no doubt", async () => {
  const connection = await behindProxy();
  const transaction = await connection.begin();
  await transaction.query("insert into items values (1)");
  proxy.cut();
  await rejection(connection.query("select pg_sleep(60)"));

  const error = await rejection(transaction.commit());
  expect(error).toBeInstanceOf(ConnectionLostError);
  expect(error).toMatchObject({ isSafeToRetry: true });
  expect(transaction.fate).toBe("rolled back");
  expect(await bench.ids()).toEqual([]);
});

test("asking for the id costs no round trip", async () => {
  const connection = await bench.connect();
  await connection.transaction(async (transaction) => {
    await transaction.query("insert into items values (1)");
    await transaction.query("update items set label = 'x'");
  });
  // Begin, two statements, commit: nothing else was an operation of its own.
  const seen: string[] = [];
  const observed = await bench.connect({
    observer: {
      started(_identity, { text }) {
        seen.push(text);
        return null;
      },
    },
  });
  await observed.transaction(async (transaction) => {
    await transaction.query("insert into items values (2)");
    await transaction.query("select 1");
  });
  expect(seen).toEqual(["begin", "insert into items values (2)", "select 1", "commit"]);
});
