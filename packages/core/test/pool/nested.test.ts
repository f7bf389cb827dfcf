import { once } from "node:events";
import { setImmediate as turn } from "node:timers/promises";
import { PoolDeadlockError } from "@rockpool/core";
import { describe, expect, it } from "vitest";
import { rejection, until, useServer } from "./server.ts";

const test = useServer();

describe("a nested acquire that can never be served", () => {
  it("is refused, with its own stack and those of the holders", async () => {
    const pool = test.pool({ max: 2 });
    let inside = 0;
    const outcomes = await Promise.allSettled(
      [1, 2].map(() =>
        pool.use(async () => {
          inside += 1;
          await until(() => inside === 2);
          await pool.query("select 1");
        }),
      ),
    );
    const rejected = outcomes.flatMap((outcome) => (outcome.status === "rejected" ? [outcome.reason] : []));
    // The one that is refused gives its connection back, and the other one can go on.
    expect(rejected).toHaveLength(1);
    expect(rejected[0]).toBeInstanceOf(PoolDeadlockError);
    expect(rejected[0].stack).toMatch(/^PoolDeadlockError: deadlock: .*\n +at .*[\s\S]*nested\.test\.ts/);
    expect(rejected[0].holders).toHaveLength(2);
    expect(rejected[0].holders[0].stack).toContain("nested.test.ts");
    expect(pool.stats()).toMatchObject({ acquired: 0, waiting: 0, deadlocks: 1 });
  });

  it("is refused too where the holder is between two rows of a cursor", async () => {
    const pool = test.pool({ max: 1 });
    const work = pool.use(async (connection) => {
      for await (const _row of connection.cursor("select generate_series(1, 1000)", [], { batchSize: 10 }))
        await pool.query("select 1");
    });
    expect(await rejection(work)).toBeInstanceOf(PoolDeadlockError);
    expect((await pool.query("select 1 as one")).rows).toEqual([{ one: 1 }]);
  });

  it("is refused too where the holder feeds a COPY from what it waits for", async () => {
    const pool = test.pool({ max: 1 });
    await pool.query("create table fed (id int)");
    const source = async function* () {
      yield "1\n";
      await pool.query("select 1");
    };
    const work = pool.use((connection) => connection.copyFrom("copy fed from stdin", source()));
    expect(await rejection(work)).toBeInstanceOf(PoolDeadlockError);
    expect((await pool.query("select count(*)::int as count from fed")).rows).toEqual([{ count: 0 }]);
  });

  it("is refused once the holder's own statement is over", async () => {
    const pool = test.pool({ max: 1 });
    const slept: boolean[] = [];
    const work = pool.use((connection) =>
      Promise.all([
        connection.query("select pg_sleep(0.05)").then(() => slept.push(true)),
        pool.query("select 1"),
      ]),
    );
    expect(await rejection(work)).toBeInstanceOf(PoolDeadlockError);
    expect(slept).toEqual([true]);
  });
});

describe("a nested acquire on a full pool", () => {
  it("waits where somebody outside holds a connection that can come back", async () => {
    const pool = test.pool({ max: 2 });
    const outsider = await pool.acquire();
    const nested = pool.use(async () => (await pool.query("select 1 as one")).rows);
    await until(() => pool.stats().waiting === 1);
    for (let round = 0; round < 20; round += 1) await turn();
    outsider.release();
    expect(await nested).toEqual([{ one: 1 }]);
  });

  it("waits where the callback does not wait for it and goes on with its own connection", async () => {
    const pool = test.pool({ max: 1 });
    let detached: Promise<unknown> | null = null;
    await pool.use(async (connection) => {
      detached = pool.query("select 2 as two");
      for (let n = 0; n < 100; n += 1) await connection.query("select $1::int", [n]);
      await connection.query("select pg_sleep(0.05)");
      await connection.transaction(async (tx) => {
        for (let n = 0; n < 20; n += 1) await tx.query("select $1::int", [n]);
      });
    });
    expect(await detached).toMatchObject({ rows: [{ two: 2 }] });
    expect(pool.stats()).toMatchObject({ deadlocks: 0, nestedAcquires: 1 });
  });

  it("is warned of once, with the place", async () => {
    const pool = test.pool({ name: "nesting", max: 2 });
    const heard = once(process, "warning");
    await pool.use(() => pool.query("select 1"));
    await pool.use(() => pool.query("select 1"));
    const [warning] = await heard;
    expect(warning).toMatchObject({ name: "RockpoolNestedAcquireWarning", code: "POOL_NESTED_ACQUIRE" });
    expect(warning.message).toMatch(/^pool nesting: .*pass the connection down/);
    expect(warning.detail).toContain("nested.test.ts");
    expect(pool.stats().nestedAcquires).toBe(2);
  });
});
