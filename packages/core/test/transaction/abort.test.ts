import { type FaultProxy, startFaultProxy } from "@rockpool/postgres";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { OpenConnection } from "../../src/connection/open-connection.ts";
import { QueryTimeoutError } from "../../src/errors.ts";
import { eventually, openConnection } from "../connection/world.ts";
import { rejection, useWorkbench } from "./workbench.ts";

const bench = useWorkbench();
const reason = new Error("enough");
let proxy: FaultProxy;
let admin: OpenConnection;

beforeAll(async () => {
  proxy = await startFaultProxy({ port: bench.server.port });
  admin = await openConnection(bench.server);
});
afterAll(async () => {
  await admin.close();
  await proxy.stop();
});

function running(connection: OpenConnection, query: string): Promise<void> {
  const text = "select 1 from pg_stat_activity where pid = $1 and state = 'active' and query like $2";
  return eventually(async () => (await admin.query(text, [connection.backendPid, query])).rows.length === 1);
}

async function expectClean(connection: OpenConnection): Promise<void> {
  expect(connection.transactionStatus).toBe("idle");
  expect((await connection.query("select 1 as one")).rows).toEqual([{ one: 1 }]);
  expect(await bench.ids()).toEqual([]);
}

test("an abort before the start sends nothing", async () => {
  const connection = await bench.connect();
  const callback = vi.fn();
  const outcome = connection.transaction(callback, { signal: AbortSignal.abort(reason) });
  expect(await rejection(outcome)).toBe(reason);
  expect(callback).not.toHaveBeenCalled();
  await expectClean(connection);
});

test("an abort while a statement runs cancels it and rolls back", async () => {
  const connection = await bench.connect();
  const controller = new AbortController();
  const outcome = rejection(
    connection.transaction(
      async (transaction) => {
        await transaction.query("insert into items values (1)");
        await transaction.query("select pg_sleep(60)");
      },
      { signal: controller.signal },
    ),
  );
  await running(connection, "%pg_sleep%");
  controller.abort(reason);
  expect(await outcome).toBe(reason);
  await expectClean(connection);
});

test("an abort while the callback waits for something else rolls back without waiting for it", async () => {
  const connection = await bench.connect();
  const controller = new AbortController();
  let transactionOfCallback: { query(text: string): Promise<unknown> } | null = null;
  const outcome = rejection(
    connection.transaction(
      async (transaction) => {
        transactionOfCallback = transaction;
        await transaction.query("insert into items values (1)");
        controller.abort(reason);
        await new Promise(() => {});
      },
      { signal: controller.signal },
    ),
  );
  expect(await outcome).toBe(reason);
  await expectClean(connection);
  const late = transactionOfCallback as { query(text: string): Promise<unknown> } | null;
  expect(await rejection(late?.query("insert into items values (2)") ?? Promise.resolve())).toMatchObject({
    code: "POOL_TRANSACTION_STATE",
  });
});

test("timeoutMillis bounds the transaction as a whole", async () => {
  const connection = await bench.connect();
  const outcome = connection.transaction((transaction) => transaction.query("select pg_sleep(60)"), {
    timeoutMillis: 50,
  });
  expect(await rejection(outcome)).toBeInstanceOf(QueryTimeoutError);
  await expectClean(connection);
});

test("a limit longer than any timer is no limit", async () => {
  const connection = await bench.connect();
  const work = connection.transaction((transaction) => transaction.query("select pg_sleep(0.01)"), {
    timeoutMillis: 2 ** 40,
  });
  expect((await work).rowCount).toBe(1);
});

test("the signal of one statement ends that statement alone", async () => {
  const connection = await bench.connect();
  await connection.transaction(async (transaction) => {
    await transaction.query("insert into items values (1)");
    const savepoint = await transaction.begin();
    const controller = new AbortController();
    const query = rejection(savepoint.query("select pg_sleep(60)", [], { signal: controller.signal }));
    await running(connection, "%pg_sleep%");
    controller.abort(reason);
    expect(await query).toBe(reason);
    await savepoint.rollback();
    await transaction.query("insert into items values (2)");
  });
  expect(await bench.ids()).toEqual([1, 2]);
});

test("an abort of a savepoint undoes it alone", async () => {
  const connection = await bench.connect();
  await connection.transaction(async (transaction) => {
    await transaction.query("insert into items values (1)");
    const controller = new AbortController();
    const inner = rejection(
      transaction.transaction(
        async (savepoint) => {
          await savepoint.query("insert into items values (2)");
          await savepoint.query("select pg_sleep(60)");
        },
        { signal: controller.signal },
      ),
    );
    await running(connection, "%pg_sleep%");
    controller.abort(reason);
    expect(await inner).toBe(reason);
    await transaction.query("insert into items values (3)");
  });
  expect(await bench.ids()).toEqual([1, 3]);
});

test("an abort in COMMIT cancels it, and rejects since the server confirms the rollback", async () => {
  const connection = await bench.connect();
  await admin.script(`
    create function wait_in_commit() returns trigger language plpgsql as $$
      begin perform pg_sleep(60); return null; end $$;
    create constraint trigger slow_commit after insert on items deferrable initially deferred
      for each row execute function wait_in_commit()`);
  const controller = new AbortController();
  const outcome = rejection(
    connection.transaction((transaction) => transaction.query("insert into items values (1)"), {
      signal: controller.signal,
    }),
  );
  await running(connection, "commit");
  controller.abort(reason);
  expect(await outcome).toBe(reason);
  await expectClean(connection);
  await admin.script("drop trigger slow_commit on items; drop function wait_in_commit");
});

test("an abort after the server has committed does not hide that it did", async () => {
  const connection = await bench.connect(
    {},
    { host: proxy.host, port: proxy.port, user: "postgres", database: "postgres" },
  );
  const controller = new AbortController();
  const transaction = await connection.begin();
  await transaction.query("insert into items values (1)");
  proxy.delay(20);
  const committed = transaction.commit({ signal: controller.signal });
  await eventually(async () => (await bench.ids()).length === 1);
  controller.abort(reason);
  await committed;
  expect(transaction.fate).toBe("committed");
  await proxy.restore();
});

test("an abort ends a transaction on a line that no longer answers", async () => {
  const connection = await bench.connect(
    { cancelGraceMillis: 100 },
    { host: proxy.host, port: proxy.port, user: "postgres", database: "postgres" },
  );
  const controller = new AbortController();
  const outcome = rejection(
    connection.transaction(
      async (transaction) => {
        proxy.hang();
        setImmediate(() => controller.abort(reason));
        await transaction.query("insert into items values (1)");
      },
      { signal: controller.signal },
    ),
  );
  expect(await outcome).toBe(reason);
  await proxy.restore();
  await eventually(async () => (await bench.ids()).length === 0);
});
