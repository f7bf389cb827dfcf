import { isServerError, PoolClosedError } from "@rockpool/core";
import { describe, expect, it } from "vitest";
import { rejection, until, useServer } from "./server.ts";

const test = useServer();

describe("a caller's mistake", () => {
  it("keeps the connection where it is a wrong number of values", async () => {
    const pool = test.pool({ max: 1 });
    const error = await rejection(pool.query("select 1", [1, 2]));
    expect(isServerError(error) && error.code).toBe("08P01");
    await pool.query("select 1");
    expect(pool.stats()).toMatchObject({ creates: 1, connectionsLost: 0 });
  });

  it("is not carried out by a COPY verb that was given another statement", async () => {
    const pool = test.pool({ max: 1 });
    await pool.query("create table kept (n int)");
    await pool.query("insert into kept values (1)");
    const reading = pool.copyTo("delete from kept")[Symbol.asyncIterator]().next();
    expect(await rejection(reading)).toBeInstanceOf(TypeError);
    const several = "copy kept from stdin; delete from kept";
    expect(await rejection(pool.copyFrom(several, "2\n"))).toBeInstanceOf(TypeError);
    expect(await rejection(pool.copyFrom("delete from kept", []))).toBeInstanceOf(TypeError);
    expect((await pool.query("select n from kept")).rows).toEqual([{ n: 1 }]);
    expect(pool.stats()).toMatchObject({ acquired: 0, creates: 1 });
  });

  it("is named without a piece of the data where a COPY cannot read its source", async () => {
    const pool = test.pool({ max: 1 });
    await pool.query("create temp table c (n int)");
    for (const source of [null, 5, [5]]) {
      const error = await rejection(
        Promise.resolve(Reflect.apply(pool.copyFrom, pool, ["copy c from stdin", source])),
      );
      expect(String(error)).toMatch(/^TypeError: (the source|each chunk) of a COPY must be text/);
    }
    expect((await pool.query("select count(*)::int as n from c")).rows).toEqual([{ n: 0 }]);
  });
});

describe("a COPY in", () => {
  it("takes its data in one piece, as text or as bytes", async () => {
    const pool = test.pool({ max: 1 });
    await pool.query("create temp table c (n int)");
    expect(await pool.copyFrom("copy c from stdin", "1\n2\n")).toEqual({ rowCount: 2 });
    expect(await pool.copyFrom("copy c from stdin", Buffer.from("3\n"))).toEqual({ rowCount: 1 });
    expect((await pool.query("select sum(n)::int as sum from c")).rows).toEqual([{ sum: 6 }]);
  });
});

describe("a close that runs out of patience", () => {
  it("tells whoever it cancels that the pool is closed", async () => {
    const pool = test.pool({ max: 1 });
    const query = rejection(pool.query("select pg_sleep(60)"));
    await until(() => pool.stats().acquired === 1);
    await pool.close({ timeoutMillis: 0 });
    expect(await query).toBeInstanceOf(PoolClosedError);
  });
});
