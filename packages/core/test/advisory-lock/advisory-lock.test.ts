import { createHash } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { AdvisoryLockKey } from "../../src/connection/advisory-lock.ts";
import type { OpenConnection } from "../../src/connection/open-connection.ts";
import { ConnectionLostError, QueryTimeoutError } from "../../src/errors.ts";
import { eventually, openConnection } from "../connection/world.ts";
import { rejection, useWorkbench } from "../transaction/workbench.ts";

const bench = useWorkbench();
const reason = new Error("enough");
let admin: OpenConnection;

beforeAll(async () => {
  admin = await openConnection(bench.server);
});
afterAll(() => admin.close());

async function locksOf(connection: OpenConnection): Promise<string[]> {
  const { rows } = await admin.query<{ lock: string }>(
    `select concat_ws(' ', classid, objid, objsubid, mode) as lock
     from pg_locks where locktype = 'advisory' and granted and pid = $1 order by 1`,
    [connection.backendPid],
  );
  return rows.map(({ lock }) => lock);
}

function waitsForLock(connection: OpenConnection): Promise<void> {
  const text = "select 1 from pg_locks where locktype = 'advisory' and not granted and pid = $1";
  return eventually(async () => (await admin.query(text, [connection.backendPid])).rows.length === 1);
}

test("a lock is held until it is released, and another session waits for it", async () => {
  const [one, two] = await Promise.all([bench.connect(), bench.connect()]);
  const first = await one.advisoryLock(7);
  const order: string[] = [];
  const second = two.advisoryLock(7).then(async (lock) => {
    order.push("second");
    await lock.release();
  });
  await waitsForLock(two);
  order.push("released");
  await first.release();
  await second;
  expect(order).toEqual(["released", "second"]);
  expect(await locksOf(two)).toEqual([]);
});

test("await using releases the lock at the end of the block", async () => {
  const connection = await bench.connect();
  {
    await using lock = await connection.advisoryLock("import");
    expect(lock.scope).toBe("session");
    expect(await locksOf(connection)).toHaveLength(1);
  }
  expect(await locksOf(connection)).toEqual([]);
  expect([...connection.traits]).toEqual([]);
});

const keys: [AdvisoryLockKey, string][] = [
  [7, "0 7 1"],
  [-1, "4294967295 4294967295 1"],
  [2n ** 40n + 3n, "256 3 1"],
  [-(2n ** 63n), "2147483648 0 1"],
  [[-5, 6], "4294967291 6 2"],
];
for (const [key, lock] of keys) {
  test(`the key ${String(key)} is the server's lock ${lock}`, async () => {
    const connection = await bench.connect();
    await using _lock = await connection.advisoryLock(key);
    expect(await locksOf(connection)).toEqual([`${lock} ExclusiveLock`]);
  });
}

test("a name is the lock of the first 8 bytes of its SHA-256, which SQL can compute as well", async () => {
  const [one, two] = await Promise.all([bench.connect(), bench.connect()]);
  await using _lock = await one.advisoryLock("größe");
  expect(createHash("sha256").update("größe").digest().readBigInt64BE(0)).toBeTypeOf("bigint");
  const { rows } = await two.query(
    "select pg_try_advisory_lock(('x' || left(encode(sha256(convert_to($1, 'UTF8')), 'hex'), 16))::bit(64)::bigint) as taken",
    ["größe"],
  );
  expect(rows).toEqual([{ taken: false }]);
});

test("a key that does not fit the server's integers is refused", async () => {
  const connection = await bench.connect();
  const wrong = [1.5, 2 ** 60, 2n ** 63n, [1, 2 ** 31], [1, 0.5], [1], {}, null, undefined];
  for (const key of wrong) {
    const taking: Promise<unknown> = Reflect.apply(connection.advisoryLock, connection, [key]);
    expect(await rejection(taking)).toMatchObject({ code: "POOL_CONFIG" });
  }
});

test("wait: false answers null where another session has the lock", async () => {
  const [one, two] = await Promise.all([bench.connect(), bench.connect()]);
  const lock = await one.advisoryLock(7, { wait: false });
  expect(lock).not.toBeNull();
  expect(await two.advisoryLock(7, { wait: false })).toBeNull();
  await lock?.release();
  expect(await two.advisoryLock(7, { wait: false })).not.toBeNull();
});

test("shared locks stand beside each other, and keep an exclusive one out", async () => {
  const [one, two, three] = await Promise.all([bench.connect(), bench.connect(), bench.connect()]);
  await using _first = await one.advisoryLock(7, { shared: true });
  await using _second = await two.advisoryLock(7, { shared: true });
  expect(await three.advisoryLock(7, { wait: false })).toBeNull();
  expect(await locksOf(one)).toEqual(["0 7 1 ShareLock"]);
});

test("a lock that was taken twice is held until both are released; a second release does nothing", async () => {
  const connection = await bench.connect();
  const first = await connection.advisoryLock(7);
  const second = await connection.advisoryLock(7);
  await first.release();
  await first.release();
  expect(await locksOf(connection)).toHaveLength(1);
  await second.release();
  expect(await locksOf(connection)).toEqual([]);
});

test("an abort ends the wait, and the lock is not taken later", async () => {
  const [one, two] = await Promise.all([bench.connect(), bench.connect()]);
  const held = await one.advisoryLock(7);
  const controller = new AbortController();
  const outcome = rejection(two.advisoryLock(7, { signal: controller.signal }));
  await waitsForLock(two);
  controller.abort(reason);
  expect(await outcome).toBe(reason);
  await held.release();
  expect(await locksOf(two)).toEqual([]);
});

test("an abort at any moment leaves no lock behind that nobody holds", async () => {
  const connection = await bench.connect();
  for (let turn = 0; turn < 30; turn++) {
    const controller = new AbortController();
    const outcome = connection.advisoryLock(7, { signal: controller.signal }).catch(() => null);
    for (let i = 0; i < turn % 10; i++) await new Promise((resolve) => setImmediate(resolve));
    controller.abort(reason);
    await (await outcome)?.release();
    expect(await locksOf(connection)).toEqual([]);
  }
});

test("an abort does not take away a lock that the session holds already", async () => {
  const connection = await bench.connect();
  await using _lock = await connection.advisoryLock(7);
  const controller = new AbortController();
  const outcome = connection.advisoryLock(7, { signal: controller.signal }).catch(() => null);
  controller.abort(reason);
  const second = await outcome;
  expect(await locksOf(connection)).toHaveLength(1);
  await second?.release();
  expect(await locksOf(connection)).toHaveLength(1);
});

test("timeoutMillis ends the wait", async () => {
  const [one, two] = await Promise.all([bench.connect(), bench.connect()]);
  await using _lock = await one.advisoryLock(7);
  expect(await rejection(two.advisoryLock(7, { timeoutMillis: 20 }))).toBeInstanceOf(QueryTimeoutError);
});

test("a lock taken in a transaction ends with it", async () => {
  const connection = await bench.connect();
  await connection.transaction(async (transaction) => {
    const lock = await transaction.advisoryLock("import");
    expect(lock.scope).toBe("transaction");
    await lock.release();
    expect(await locksOf(connection)).toHaveLength(1);
    expect(await admin.advisoryLock("import", { wait: false })).toBeNull();
  });
  expect(await locksOf(connection)).toEqual([]);
});

test("a lock that is lost with its connection says so to whoever goes on under it", async () => {
  const connection = await bench.connect();
  const lock = await connection.advisoryLock("import");
  const released = await connection.advisoryLock("other");
  await released.release();
  expect(lock.signal.aborted).toBe(false);
  await admin.query("select pg_terminate_backend($1)", [connection.backendPid]);
  await eventually(() => lock.signal.aborted);
  expect(lock.signal.reason).toBeInstanceOf(ConnectionLostError);
  expect(lock.signal.reason).toMatchObject({
    isSafeToRetry: false,
    message: `connection ${connection.id} was lost, and the advisory lock import with it; take it again before going on`,
    cause: { code: "57P01" },
  });
  expect(released.signal.aborted).toBe(false);
});

test("a lock says so too where the program itself ends the connection", async () => {
  const connection = await bench.connect();
  const lock = await connection.advisoryLock(7);
  await connection.close();
  expect(lock.signal.reason).toBeInstanceOf(ConnectionLostError);
});

test("a lock of a transaction says so while that is open, and not after its end", async () => {
  const connection = await bench.connect();
  const ended = await connection.transaction((transaction) => transaction.advisoryLock(7));
  const transaction = await connection.begin();
  const lock = await transaction.advisoryLock(7);
  await admin.query("select pg_terminate_backend($1)", [connection.backendPid]);
  await eventually(() => lock.signal.aborted);
  expect(lock.signal.reason).toBeInstanceOf(ConnectionLostError);
  expect(ended.signal.aborted).toBe(false);
});

test("the release of a lock on a lost connection does nothing", async () => {
  const connection = await bench.connect();
  const lock = await connection.advisoryLock(7);
  await admin.query("select pg_terminate_backend($1)", [connection.backendPid]);
  await rejection(connection.query("select 1"));
  await lock.release();
  await using _free = await admin.advisoryLock(7);
});

test("behind a transaction pooler a session's lock is refused and a transaction's works", async () => {
  const connection = await bench.connect({ pooler: "transaction" });
  expect(await rejection(connection.advisoryLock(7))).toMatchObject({
    code: "POOL_CONFIG",
    message: expect.stringMatching(
      /pooler: 'transaction' rules out a session advisory lock; .*in a transaction/,
    ),
  });
  await connection.transaction(async (transaction) => {
    await transaction.advisoryLock(7);
    expect(await locksOf(connection)).toHaveLength(1);
  });
});
