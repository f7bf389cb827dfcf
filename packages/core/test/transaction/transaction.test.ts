import { expect, test } from "vitest";
import { isPoolError } from "../../src/errors.ts";
import { rejection, useWorkbench } from "./workbench.ts";

const bench = useWorkbench();

test("a transaction is committed when its callback resolves, and gives its value", async () => {
  const connection = await bench.connect();
  const value = await connection.transaction(async (transaction) => {
    await transaction.query("insert into items values ($1)", [1]);
    expect(await bench.ids()).toEqual([]);
    return "done";
  });
  expect(value).toBe("done");
  expect(await bench.ids()).toEqual([1]);
  expect(connection.transactionStatus).toBe("idle");
});

test("a transaction is rolled back when its callback rejects, and passes the reason on", async () => {
  const connection = await bench.connect();
  const reason = new Error("no");
  const outcome = connection.transaction(async (transaction) => {
    await transaction.query("insert into items values (1)");
    throw reason;
  });
  expect(await rejection(outcome)).toBe(reason);
  expect(await bench.ids()).toEqual([]);
  expect(connection.transactionStatus).toBe("idle");
});

test("a callback that throws before it returns a promise is rolled back as well", async () => {
  const connection = await bench.connect();
  const reason = new Error("no");
  const outcome = connection.transaction(() => {
    throw reason;
  });
  expect(await rejection(outcome)).toBe(reason);
  expect(connection.transactionStatus).toBe("idle");
});

for (const isolation of ["read uncommitted", "read committed", "repeatable read", "serializable"] as const) {
  test(`isolation ${isolation} reaches the server`, async () => {
    const connection = await bench.connect();
    const { rows } = await connection.transaction(
      (transaction) => transaction.query("select current_setting('transaction_isolation') as level"),
      { isolation },
    );
    expect(rows).toEqual([{ level: isolation }]);
  });
}

test("readOnly and deferrable reach the server, either way", async () => {
  const connection = await bench.connect();
  const settings =
    "select current_setting('transaction_read_only') as ro, current_setting('transaction_deferrable') as d";
  for (const [readOnly, deferrable] of [
    [true, true],
    [false, false],
  ] as const) {
    const { rows } = await connection.transaction((transaction) => transaction.query(settings), {
      isolation: "serializable",
      readOnly,
      deferrable,
    });
    expect(rows).toEqual([{ ro: readOnly ? "on" : "off", d: deferrable ? "on" : "off" }]);
  }
});

test("an isolation level that is none is refused before anything is sent", async () => {
  const connection = await bench.connect();
  const isolation = "serializable; drop table items" as "serializable";
  const error = await rejection(connection.transaction(async () => {}, { isolation }));
  expect(error).toMatchObject({ code: "POOL_CONFIG", message: expect.stringMatching(/read committed/) });
  expect(await bench.ids()).toEqual([]);
});

test("begin gives a transaction that its caller commits", async () => {
  const connection = await bench.connect();
  const transaction = await connection.begin({ isolation: "repeatable read" });
  await transaction.query("insert into items values (1)");
  expect(transaction.fate).toBe("open");
  await transaction.commit();
  expect(transaction.fate).toBe("committed");
  expect(await bench.ids()).toEqual([1]);
});

test("a disposed transaction that was not committed is rolled back", async () => {
  const connection = await bench.connect();
  {
    await using transaction = await connection.begin();
    await transaction.query("insert into items values (1)");
  }
  expect(await bench.ids()).toEqual([]);
  expect(connection.transactionStatus).toBe("idle");
});

test("disposal after a commit does nothing", async () => {
  const connection = await bench.connect();
  {
    await using transaction = await connection.begin();
    await transaction.query("insert into items values (1)");
    await transaction.commit();
  }
  expect(await bench.ids()).toEqual([1]);
});

test("a callback may roll back by itself and still give its value", async () => {
  const connection = await bench.connect();
  const value = await connection.transaction(async (transaction) => {
    await transaction.query("insert into items values (1)");
    await transaction.rollback();
    return "kept nothing";
  });
  expect(value).toBe("kept nothing");
  expect(await bench.ids()).toEqual([]);
});

test("a transaction that an error has failed is not committed in silence: it rejects with that error", async () => {
  const connection = await bench.connect();
  const outcome = connection.transaction(async (transaction) => {
    await transaction.query("insert into items values (1)");
    await transaction.query("insert into items values (1)").catch(() => {});
  });
  expect(await rejection(outcome)).toMatchObject({ code: "23505", severity: "ERROR" });
  expect(await bench.ids()).toEqual([]);
  expect(connection.transactionStatus).toBe("idle");
});

test("a transaction that a pipelined statement has failed rejects with the error of that statement", async () => {
  const connection = await bench.connect();
  const outcome = connection.transaction(async (transaction) => {
    const pipeline = transaction.pipeline();
    await Promise.allSettled([
      pipeline.query("insert into items values (1)"),
      pipeline.query("select 1/0"),
      pipeline.query("select 2"),
    ]);
  });
  expect(await rejection(outcome)).toMatchObject({ code: "22012" });
  expect(await bench.ids()).toEqual([]);
});

test("a transaction that failed unseen is not committed in silence either", async () => {
  const connection = await bench.connect();
  const outcome = connection.transaction(async (transaction) => {
    await transaction.query("insert into items values (1)");
    // Through the connection, so that the transaction does not see it fail.
    await connection.query("select 1/0").catch(() => {});
  });
  const error = await rejection(outcome);
  expect(error).toMatchObject({ code: "POOL_TRANSACTION_STATE" });
  expect(isPoolError(error)).toBe(true);
  expect(await bench.ids()).toEqual([]);
});

test("an error that COMMIT itself finds rolls back, and reaches the caller", async () => {
  const connection = await bench.connect();
  await connection.script(
    "create table parents (id int primary key); create table children (id int references parents deferrable initially deferred)",
  );
  const outcome = connection.transaction(async (transaction) => {
    await transaction.query("insert into items values (1)");
    await transaction.query("insert into children values (7)");
  });
  expect(await rejection(outcome)).toMatchObject({ code: "23503" });
  expect(await bench.ids()).toEqual([]);
  expect(connection.transactionStatus).toBe("idle");
  await connection.script("drop table children, parents");
});

test("cursors, scripts and COPY run inside the transaction", async () => {
  const connection = await bench.connect();
  await connection.transaction(async (transaction) => {
    await transaction.copyFrom("copy items (id) from stdin", ["1\n2\n", "3\n"]);
    await transaction.script("insert into items values (4); insert into items values (5)");
    const ids: number[] = [];
    for await (const row of transaction.cursor<{ id: number }>("select id from items order by id", [], {
      batchSize: 2,
    })) {
      ids.push(row.id);
      await transaction.query("select 1");
    }
    expect(ids).toEqual([1, 2, 3, 4, 5]);
    expect(await bench.ids()).toEqual([]);
  });
  expect(await bench.ids()).toEqual([1, 2, 3, 4, 5]);
});

test("the connection is free again after a rollback from amid a COPY", async () => {
  const connection = await bench.connect();
  const reason = new Error("enough");
  const outcome = connection.transaction(async (transaction) => {
    const output = transaction.copyTo(
      "copy (select repeat('x', 1000) from generate_series(1, 100000)) to stdout",
    );
    for await (const _chunk of output) throw reason;
  });
  expect(await rejection(outcome)).toBe(reason);
  expect(connection.transactionStatus).toBe("idle");
  expect((await connection.query("select 1 as one")).rows).toEqual([{ one: 1 }]);
});
