import { QueryTimeoutError } from "@rockpool/core";
import { describe, expect, it } from "vitest";
import { rejection, useServer } from "./server.ts";

const test = useServer();

describe("a timeout of the pool's verbs", () => {
  it("tells what the caller gave, not what the wait for a connection left of it", async () => {
    const pool = test.pool({ max: 1 });
    await pool.query("select 1");
    const timeoutMillis = 200;
    const calls = [
      pool.query("select pg_sleep(60)", [], { timeoutMillis }),
      pool.script("select pg_sleep(60)", { timeoutMillis: 400 }),
      pool.transaction((transaction) => transaction.query("select pg_sleep(60)"), { timeoutMillis: 600 }),
    ];
    const errors = await Promise.all(calls.map((call) => rejection(call)));
    expect(errors).toEqual([
      new QueryTimeoutError(200),
      new QueryTimeoutError(400),
      new QueryTimeoutError(600),
    ]);
    expect(pool.stats()).toMatchObject({ creates: 1, acquired: 0 });
  });
});
