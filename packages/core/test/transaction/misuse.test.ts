import { expect, test } from "vitest";
import type { Transaction } from "../../src/connection/transaction.ts";
import { TransactionStateError } from "../../src/errors.ts";
import { rejection, useWorkbench } from "./workbench.ts";

const bench = useWorkbench();

test("after its commit a transaction refuses every verb, and nothing reaches the server", async () => {
  const connection = await bench.connect();
  const transaction = await connection.begin();
  await transaction.commit();
  const uses = [
    transaction.query("insert into items values (1)"),
    transaction.script("insert into items values (2)"),
    transaction.begin(),
    transaction.transaction(async () => {}),
    transaction.advisoryLock(1),
    transaction.copyFrom("copy items (id) from stdin", ["3\n"]),
    transaction.commit(),
    transaction.rollback(),
  ];
  for (const use of uses) {
    const error = await rejection(use);
    expect(error).toBeInstanceOf(TransactionStateError);
    expect(error).toMatchObject({ message: "the transaction was committed; begin a new one" });
  }
  expect(() => transaction.cursor("select 1")).toThrow(TransactionStateError);
  expect(await bench.ids()).toEqual([]);
});

test("after its rollback a transaction refuses, and says so", async () => {
  const connection = await bench.connect();
  const transaction = await connection.begin();
  await transaction.rollback();
  expect(await rejection(transaction.query("select 1"))).toMatchObject({
    message: "the transaction was rolled back; begin a new one",
  });
});

for (const level of ["a transaction", "a savepoint"]) {
  test(`the commit of ${level} rejects with the error of a statement that was not waited for`, async () => {
    const connection = await bench.connect();
    const work = async (transaction: Transaction): Promise<void> => {
      transaction.query("select 1 / $1::int", [0]).catch(() => {});
    };
    const outcome =
      level === "a savepoint"
        ? connection.transaction((outer) => outer.transaction(work))
        : connection.transaction(work);
    expect(await rejection(outcome)).toMatchObject({ code: "22012" });
    expect(connection.transactionStatus).toBe("idle");
  });
}

test("the outer level refuses while a savepoint is open, and works again after it", async () => {
  const connection = await bench.connect();
  await connection.transaction(async (outer) => {
    await outer.transaction(async (inner) => {
      const error = await rejection(outer.query("insert into items values (1)"));
      expect(error).toMatchObject({
        message: expect.stringMatching(/savepoint is open .* use the transaction that it gave/),
      });
      expect(await rejection(outer.commit())).toBeInstanceOf(TransactionStateError);
      await inner.query("insert into items values (2)");
    });
    await outer.query("insert into items values (3)");
  });
  expect(await bench.ids()).toEqual([2, 3]);
});

test("two savepoints at once are refused", async () => {
  const connection = await bench.connect();
  await connection.transaction(async (transaction) => {
    const first = transaction.transaction((inner) => inner.query("insert into items values (1)"));
    const second = transaction.transaction((inner) => inner.query("insert into items values (2)"));
    expect(await rejection(second)).toBeInstanceOf(TransactionStateError);
    await first;
  });
  expect(await bench.ids()).toEqual([1]);
});

test("a second transaction on the same connection is refused, with what to do", async () => {
  const connection = await bench.connect();
  const [first, second] = await Promise.allSettled([connection.begin(), connection.begin()]);
  expect(first.status).toBe("fulfilled");
  expect(second).toMatchObject({
    status: "rejected",
    reason: {
      code: "POOL_TRANSACTION_STATE",
      message: expect.stringMatching(/is in a transaction: nest with/),
    },
  });
});

test("a transaction inside one that plain SQL began is refused", async () => {
  const connection = await bench.connect();
  await connection.query("begin");
  expect(await rejection(connection.transaction(async () => {}))).toBeInstanceOf(TransactionStateError);
  await connection.query("rollback");
  await connection.transaction(async () => {});
});

test("a savepoint refuses what only a transaction can have", async () => {
  const connection = await bench.connect();
  await connection.transaction(async (transaction) => {
    for (const options of [
      { isolation: "serializable" },
      { readOnly: true },
      { deferrable: true },
      { retry: { attempts: 2 } },
    ] as const) {
      const error = await rejection(transaction.transaction(async () => {}, options));
      expect(error).toMatchObject({
        code: "POOL_CONFIG",
        message: expect.stringContaining(Object.keys(options)[0] ?? ""),
      });
    }
  });
});

test.each(["commit", "ROLLBACK", "end", "abort", "select 1; rollback; select 2", "commit and chain"])(
  "a transaction is not ended behind its back: %s is refused, and everything is rolled back",
  async (text) => {
    const connection = await bench.connect();
    for (const verb of ["query", "script", "pipeline"] as const) {
      const outcome = connection.transaction(async (transaction) => {
        await transaction.query("insert into items values (1)");
        if (verb === "pipeline") await transaction.pipeline().query(text);
        else await transaction[verb](text);
      });
      expect(await rejection(outcome)).toBeInstanceOf(TransactionStateError);
    }
    expect(await bench.ids()).toEqual([]);
    expect(connection.transactionStatus).toBe("idle");
  },
);

test("a transaction allows the statements of savepoints", async () => {
  const connection = await bench.connect();
  await connection.transaction(async (transaction) => {
    await transaction.script("savepoint mine; insert into items values (1); rollback to savepoint mine");
    await transaction.query("insert into items values (2)");
    await transaction.query("release savepoint mine");
  });
  expect(await bench.ids()).toEqual([2]);
});

test("a transaction that something else ended is not said to be committed", async () => {
  const connection = await bench.connect();
  const transaction = await connection.begin();
  await transaction.query("insert into items values (1)");
  await connection.query("rollback");
  expect(await rejection(transaction.commit())).toBeInstanceOf(TransactionStateError);
  expect(transaction.fate).toBe("unknown");
  expect(await bench.ids()).toEqual([]);
});

test("a transaction refuses while its commit is under way", async () => {
  const connection = await bench.connect();
  const transaction = await connection.begin();
  const committed = transaction.commit();
  expect(await rejection(transaction.query("select 1"))).toMatchObject({
    message: expect.stringMatching(/being ended/),
  });
  await committed;
});

test("a cursor, a COPY and a pipeline of a transaction refuse to go on after its end", async () => {
  const connection = await bench.connect();
  const transaction = await connection.begin();
  const cursor = transaction.cursor("select generate_series(1, 10)", [], { batchSize: 2 });
  const unread = transaction.cursor("select 1");
  const output = transaction.copyTo("copy items to stdout");
  const pipeline = transaction.pipeline();
  expect(await cursor.read(2)).toHaveLength(2);
  await pipeline.query("insert into items values (1)");
  await transaction.commit();

  expect(await rejection(cursor.read(2))).toBeInstanceOf(Error);
  expect(await rejection(unread.read(1))).toBeInstanceOf(TransactionStateError);
  expect(await rejection(output[Symbol.asyncIterator]().next())).toBeInstanceOf(TransactionStateError);
  expect(await rejection(pipeline.query("insert into items values (2)"))).toBeInstanceOf(
    TransactionStateError,
  );
  expect(await bench.ids()).toEqual([1]);
});
