import { expect, test } from "vitest";
import { rejection, useWorkbench } from "./workbench.ts";

const bench = useWorkbench();

test("a nested transaction is a savepoint: its failure undoes its own work alone", async () => {
  const connection = await bench.connect();
  await connection.transaction(async (outer) => {
    await outer.query("insert into items values (1)");
    const error = await rejection(
      outer.transaction(async (inner) => {
        await inner.query("insert into items values (2)");
        await inner.query("insert into items values (1)");
      }),
    );
    expect(error).toMatchObject({ code: "23505" });
    await outer.query("insert into items values (3)");
  });
  expect(await bench.ids()).toEqual([1, 3]);
});

test("savepoints nest to any depth", async () => {
  const connection = await bench.connect();
  await connection.transaction(async (one) => {
    await one.query("insert into items values (1)");
    await one.transaction(async (two) => {
      await two.query("insert into items values (2)");
      const undone = two.transaction(async (three) => {
        await three.query("insert into items values (3)");
        await three.transaction((four) => four.query("insert into items values (4)"));
        throw new Error("undo three and four");
      });
      await rejection(undone);
      await two.query("insert into items values (5)");
    });
  });
  expect(await bench.ids()).toEqual([1, 2, 5]);
});

test("a savepoint can be begun and ended by hand, one after the other", async () => {
  const connection = await bench.connect();
  await connection.transaction(async (transaction) => {
    const kept = await transaction.begin();
    await kept.query("insert into items values (1)");
    await kept.commit();
    const undone = await transaction.begin();
    await undone.query("insert into items values (2)");
    await undone.rollback();
  });
  expect(await bench.ids()).toEqual([1]);
});

test("a savepoint that an error has failed is undone by its commit, and the transaction goes on", async () => {
  const connection = await bench.connect();
  await connection.transaction(async (transaction) => {
    await transaction.query("insert into items values (1)");
    const inner = await transaction.begin();
    await inner.query("insert into items values (1)").catch(() => {});
    expect(await rejection(inner.commit())).toMatchObject({ code: "23505" });
    await transaction.query("insert into items values (2)");
  });
  expect(await bench.ids()).toEqual([1, 2]);
});

test("the end of the outer level ends a savepoint that was left open", async () => {
  const connection = await bench.connect();
  const outer = await connection.begin();
  const inner = await outer.begin();
  await inner.query("insert into items values (1)");
  await outer[Symbol.asyncDispose]();

  expect(inner.fate).toBe("rolled back");
  expect(connection.transactionStatus).toBe("idle");
  expect(await bench.ids()).toEqual([]);
});

test("a savepoint leaves nothing behind on the server when it is undone", async () => {
  const connection = await bench.connect();
  await connection.transaction(async (transaction) => {
    for (let i = 0; i < 3; i++)
      await rejection(transaction.transaction(() => Promise.reject(new Error("undo"))));
    expect(await rejection(connection.query("release savepoint rp_1"))).toMatchObject({ code: "3B001" });
    await transaction.rollback();
  });
});

test("a savepoint in a transaction that has failed rejects with what made it fail, and the connection lives on", async () => {
  const connection = await bench.connect();
  const outcome = connection.transaction(async (transaction) => {
    await transaction.query("select 1/0").catch(() => {});
    await transaction.transaction(async () => {});
  });
  expect(await rejection(outcome)).toMatchObject({ code: "22012" });
  expect((await connection.query("select 1 as one")).rows).toEqual([{ one: 1 }]);
});
