import { AsyncLocalStorage } from "node:async_hooks";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { createConnectionFactory, createPool, QueryTimeoutError } from "@rockpool/core";
import { describe, expect, it } from "vitest";
import { rejection, until, useServer } from "./server.ts";

const test = useServer();

describe("query", () => {
  it("resolves with rows, count, fields and command", async () => {
    const result = await test.pool().query("select $1::int as n, 'x' as t", [7]);
    expect(result).toMatchObject({ rows: [{ n: 7, t: "x" }], rowCount: 1, command: "SELECT" });
    expect(result.fields.map((field) => field.name)).toEqual(["n", "t"]);
  });

  it("gives its one timeout to the wait and to the statement together", async () => {
    const pool = test.pool({ max: 1, validateAfterIdleMillis: null });
    await pool.query("select 1");
    expect(await rejection(pool.query("select pg_sleep(60)", [], { timeoutMillis: 50 }))).toBeInstanceOf(
      QueryTimeoutError,
    );
    const held = await pool.acquire();
    expect(await rejection(pool.query("select 1", [], { timeoutMillis: 20 }))).toMatchObject({
      code: "POOL_ACQUIRE_TIMEOUT",
    });
    held.release();
  });

  it("is cancelled on the server when its signal aborts, and the connection stays", async () => {
    const pool = test.pool({ max: 1 });
    const controller = new AbortController();
    const running = rejection(pool.query("select pg_sleep(60)", [], { signal: controller.signal }));
    await until(() => pool.stats().acquired === 1);
    controller.abort(new Error("enough"));
    expect(await running).toMatchObject({ message: "enough" });
    expect(
      (
        await pool.query(
          "select count(*)::int as n from pg_stat_activity where query like '%pg_sleep(60)%' and state = 'active' and pid <> pg_backend_pid()",
        )
      ).rows,
    ).toEqual([{ n: 0 }]);
    expect(pool.stats().creates).toBe(1);
  });
});

describe("use and transaction", () => {
  it("release the connection whether the callback resolves or rejects", async () => {
    const pool = test.pool({ max: 1 });
    expect(await pool.use(async (connection) => (await connection.query("select 1 as one")).rows)).toEqual([
      { one: 1 },
    ]);
    expect(await rejection(pool.use(() => Promise.reject(new Error("mine"))))).toMatchObject({
      message: "mine",
    });
    expect(pool.stats()).toMatchObject({ idle: 1, acquired: 0 });
  });

  it("commit what resolved and roll back what rejected, savepoints too", async () => {
    const pool = test.pool();
    await pool.query("create table ledger (id int)");
    await pool.transaction(async (transaction) => {
      await transaction.query("insert into ledger values (1)");
      await rejection(
        transaction.transaction(async (savepoint) => {
          await savepoint.query("insert into ledger values (2)");
          throw new Error("not this one");
        }),
      );
    });
    await rejection(
      pool.transaction(async (transaction) => {
        await transaction.query("insert into ledger values (3)");
        throw new Error("nor this one");
      }),
    );
    expect((await pool.query("select id from ledger")).rows).toEqual([{ id: 1 }]);
  });
});

describe("cursor, COPY and script", () => {
  it("give their connection back at the end, on an early exit and on an error", async () => {
    const pool = test.pool({ max: 1 });
    let sum = 0;
    for await (const row of pool.cursor<{ n: number }>("select generate_series(1, 1000) as n", [], {
      batchSize: 100,
    })) {
      sum += row.n;
    }
    expect(sum).toBe(500_500);
    for await (const _row of pool.cursor("select generate_series(1, 1000) as n")) break;
    expect(await rejection(pool.cursor("select 1/0").fetchAll())).toMatchObject({ code: "22012" });
    expect(pool.stats()).toMatchObject({ acquired: 0, creates: 1 });
  });

  it("copy in and out", async () => {
    const pool = test.pool();
    await pool.script("create table copied (id int, name text); create index on copied (id)");
    expect(await pool.copyFrom("copy copied from stdin", ["1\tone\n", "2\ttwo\n"])).toMatchObject({
      rowCount: 2,
    });
    let text = "";
    for await (const chunk of pool.copyTo("copy (select * from copied order by id) to stdout")) {
      text += Buffer.from(chunk).toString();
    }
    expect(text).toBe("1\tone\n2\ttwo\n");
    expect(pool.stats().acquired).toBe(0);
  });
});

describe("the caller's async context", () => {
  it("holds after a wait, also where another caller released the connection", async () => {
    const storage = new AsyncLocalStorage<string>();
    const pool = test.pool({ max: 1 });
    const first = await storage.run("first", () => pool.acquire());
    const second = storage.run("second", async () => {
      const lease = await pool.acquire();
      const seen = [storage.getStore()];
      await lease.query("select 1");
      seen.push(storage.getStore());
      lease.release();
      return seen;
    });
    storage.run("first", () => first.release());
    expect(await second).toEqual(["second", "second"]);
  });

  it("is kept alive by nothing of the pool once the caller has gone", async () => {
    setFlagsFromString("--expose-gc");
    const collect: () => void = runInNewContext("gc");
    const storage = new AsyncLocalStorage<object>();
    const pool = test.pool({ max: 2, min: 2, leakThresholdMillis: 60_000, reset: "clean" });
    const first = await pool.acquire();
    const use = async (): Promise<WeakRef<object>> => {
      const store = { request: "one" };
      const done = storage.run(store, async () => {
        await pool.query("select 1");
        const waited = Promise.all(
          [1, 2, 3].map(() =>
            pool.use((connection) => connection.query("select set_config('work_mem', '1MB', false)")),
          ),
        );
        first.release();
        await waited;
        const impatient = new AbortController();
        const leases = [await pool.acquire(), await pool.acquire()];
        const left = rejection(pool.acquire({ signal: impatient.signal, timeoutMillis: 50_000 }));
        impatient.abort(new Error("gone"));
        await left;
        for (const lease of leases) lease.release();
      });
      await done;
      return new WeakRef(store);
    };
    const store = await use();
    await until(async () => {
      await pool.query("select 1");
      collect();
      return store.deref() === undefined;
    });
    expect(pool.stats()).toMatchObject({ acquired: 0, waiting: 0, creates: 2 });
  });

  it("is not that of hooks, which see the context in which the pool was made", async () => {
    const storage = new AsyncLocalStorage<string>();
    const seen: (string | undefined)[] = [];
    const pool = test.pool({ prepare: () => void seen.push(storage.getStore()) });
    await storage.run("caller", () => pool.query("select 1"));
    expect(seen).toEqual([undefined]);
  });
});

describe("the life of a pool", () => {
  it("opens its minimum and tells when it is there", async () => {
    const pool = test.pool({ min: 3 });
    await pool.open({ wait: true });
    expect(pool.stats()).toMatchObject({ idle: 3, total: 3, creates: 3 });
  });

  it("suspends, resumes, resizes, evicts and drains", async () => {
    const pool = test.pool({ max: 2 });
    pool.suspend();
    const waiting = pool.query("select 1 as one");
    await until(() => pool.stats().waiting === 1);
    pool.resume();
    expect((await waiting).rows).toEqual([{ one: 1 }]);
    pool.resize({ max: 1 });
    expect(pool.stats().max).toBe(1);
    await pool.evictAll();
    expect(pool.stats()).toMatchObject({ generation: 1, closed: { evicted: 1 } });
    await pool.query("select 1");
    await pool.drain();
    expect(pool.stats().state).toBe("draining");
  });

  it("ends with no socket on the server's side", async () => {
    const pool = test.pool({ min: 3, name: "ending" });
    await pool.open({ wait: true });
    const pids = pool.slots().map((slot) => slot.backendPid);
    const running = rejection(pool.query("select pg_sleep(60)"));
    await until(() => pool.stats().acquired === 1);
    await pool.close({ timeoutMillis: 10 });
    await running;
    expect(pool.stats()).toMatchObject({ total: 0, state: "closed" });
    const admin = test.pool();
    await until(async () => {
      const { rows } = await admin.query("select from pg_stat_activity where pid = any($1::int[])", [pids]);
      return rows.length === 0;
    });
  });

  it("names pools apart in one process", async () => {
    const [first, second] = [test.pool(), test.pool()];
    expect([first.name, second.name]).toEqual(["main", "main-2"]);
    await first.close();
    expect(test.pool().name).toBe("main");
  });

  it("takes a factory, decorated or not, and refuses what belongs to the factory", async () => {
    const factory = createConnectionFactory(test.server.url, {
      configure: async (connection) => {
        await connection.query("set time zone 'Asia/Tokyo'");
      },
    });
    await using pool = createPool(factory, { name: "of-a-factory" });
    expect((await pool.query("show timezone")).rows).toEqual([{ TimeZone: "Asia/Tokyo" }]);
    const options = { name: "wrong", password: "x" };
    expect(() => createPool(factory, options)).toThrow(/password/);
  });

  it("refuses options that it does not know or that cannot be", () => {
    const wrong = { max: 3, maxx: 3 };
    expect(() => createPool(test.server.url, wrong)).toThrow(/maxx/);
    for (const source of [null, 5])
      expect(() => Reflect.apply(createPool, null, [source])).toThrow(/connection string/);
    expect(() => createPool(test.server.url, { max: 0 })).toThrow(/max must be/);
    expect(() => createPool(test.server.url, { min: 11 })).toThrow(/min \(11\)/);
    expect(() => createPool(test.server.url, { idleTimeoutMillis: -1 })).toThrow(/idleTimeoutMillis/);
  });
});
