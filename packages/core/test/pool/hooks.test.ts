import { type ConnectionFactoryOptions, createPool, type Pool, type PoolOptions } from "@rockpool/core";
import { describe, expect, it } from "vitest";
import { until, useServer } from "./server.ts";

const test = useServer();

type Gate = "does its work" | "throws" | "rejects" | "is slow" | "never answers";
const gates: readonly Gate[] = ["does its work", "throws", "rejects", "is slow", "never answers"];
type Hook = "beforeConnect" | "configure" | "prepare" | "onRelease" | "reset" | "beforeClose";
/** Whether a caller has its answer before the hook runs. */
const comesAfter: Readonly<Record<Hook, boolean>> = {
  beforeConnect: false,
  configure: false,
  prepare: false,
  onRelease: true,
  reset: true,
  beforeClose: true,
};

/** A hook that does what it is told at the moment. */
class Gated {
  gate: Gate = "does its work";
  calls = 0;

  readonly run = (): Promise<void> => {
    this.calls += 1;
    if (this.gate === "throws") throw new Error("hook threw");
    if (this.gate === "rejects") return Promise.reject(new Error("hook rejected"));
    if (this.gate === "never answers") return new Promise(() => {});
    return new Promise((resolve) => setTimeout(resolve, this.gate === "is slow" ? 30 : 0));
  };
}

function gatedPool(hook: Hook, name: string, gated: Gated): Pool {
  const options: PoolOptions & ConnectionFactoryOptions = {
    name,
    max: 2,
    [hook]: gated.run,
    connectTimeoutMillis: 1_000,
    prepareTimeoutMillis: 200,
    resetTimeoutMillis: 200,
    closeTimeoutMillis: 200,
  };
  return createPool(`${test.server.url}?application_name=${encodeURIComponent(name)}`, options);
}

async function backends(name: string): Promise<unknown> {
  await using control = createPool(test.server.url, { name: "control", max: 1 });
  const { rows } = await control.query(
    "select count(*)::int as count from pg_stat_activity where application_name = $1",
    [name],
  );
  return rows[0]?.count;
}

/** Five callers on two connections, each with the patience that is given. */
function ask(pool: Pool, timeoutMillis: number): Promise<PromiseSettledResult<unknown>[]> {
  const work = async (): Promise<void> => {
    const lease = await pool.acquire({ timeoutMillis });
    await lease.query("select 1");
    lease.release();
  };
  return Promise.allSettled(Array.from({ length: 5 }, work));
}

describe("whatever a hook does, everybody is settled, max holds, the pool recovers and closes", () => {
  for (const hook of Object.keys(comesAfter) as Hook[]) {
    for (const gate of gates) {
      const name = `${hook} ${gate}`;
      it.concurrent(name, async ({ expect }) => {
        const gated = new Gated();
        const pool = gatedPool(hook, name, gated);
        const totals: number[] = [];
        pool.onEvent(() => totals.push(pool.stats().total));
        gated.gate = gate;
        const isGood = gate === "does its work" || gate === "is slow";
        const isServed = isGood || comesAfter[hook];

        const outcomes = await ask(pool, isServed ? 20_000 : 700);
        if (hook === "beforeClose") void pool.evictAll();
        for (const outcome of outcomes) {
          if (isServed) expect(outcome).toMatchObject({ status: "fulfilled" });
          else expect(outcome).toMatchObject({ reason: { code: "POOL_ACQUIRE_TIMEOUT" } });
        }
        expect(gated.calls).toBeGreaterThan(0);

        gated.gate = "does its work";
        const [again] = await ask(pool, 20_000);
        expect(again).toMatchObject({ status: "fulfilled" });
        gated.gate = gate;
        await pool.close({ timeoutMillis: 100 });
        expect(Math.max(...totals)).toBeLessThanOrEqual(2);
        expect(pool.stats()).toMatchObject({ total: 0, waiting: 0, state: "closed" });
        await until(async () => (await backends(name)) === 0);
      });
    }
  }
});

describe("hooks", () => {
  it("run once for each connection, each lease, each release and each close", async () => {
    const calls: string[] = [];
    const note = (name: string) => () => {
      calls.push(name);
    };
    const pool = test.pool({
      max: 1,
      prepare: note("prepare"),
      onRelease: note("onRelease"),
      beforeClose: note("beforeClose"),
    });
    await pool.query("select 1");
    await pool.use((connection) => connection.query("select 1"));
    expect(pool.tryAcquire()).toBeNull();
    await until(() => pool.stats().idle === 1);
    await pool.close();
    expect(calls).toEqual(["prepare", "onRelease", "prepare", "onRelease", "beforeClose"]);
  });

  it.each<[string, () => "keep" | "discard" | "evict-host" | undefined, number]>([
    ["keeps it", () => "keep", 2],
    ["has nothing to say", () => undefined, 2],
    ["gives it up", () => "discard", 1],
    ["gives up its server", () => "evict-host", 0],
    [
      "throws",
      () => {
        throw new Error("no verdict");
      },
      1,
    ],
  ])("classifyError decides about a connection: one that %s", async (_what, classifyError, left) => {
    const pool = test.pool({ max: 2, classifyError });
    const both = [await pool.acquire(), await pool.acquire()];
    await expect(both[0]?.query("select 1/0")).rejects.toMatchObject({ code: "22012" });
    for (const lease of both) lease.release();
    await until(() => pool.stats().closing === 0);
    expect(pool.stats().total).toBe(left);
  });

  it("may call the pool themselves", async () => {
    const asked = new Map<string, unknown>();
    const asking = (hook: string) => async () => {
      if (asked.has(hook)) return;
      asked.set(hook, null);
      const outcome = await pool.query<{ n: number }>("select 1 as n", [], { timeoutMillis: 2_000 });
      asked.set(hook, outcome.rows[0]?.n);
      pool.stats();
      pool.health();
    };
    const pool = test.pool({
      max: 3,
      prepare: asking("prepare"),
      onRelease: asking("onRelease"),
      beforeClose: asking("beforeClose"),
    });
    await Promise.all([1, 2, 3, 4].map(() => pool.query("select 1")));
    await until(() => pool.stats().idle === pool.stats().total);
    await pool.evictAll();
    expect(Object.fromEntries(asked)).toEqual({ prepare: 1, onRelease: 1, beforeClose: 1 });
    expect((await pool.query("select 2 as two")).rows).toEqual([{ two: 2 }]);
  });

  it("that close the pool, evict or suspend within a hand-out leave nothing behind", async () => {
    const acts: Record<string, (pool: Pool) => unknown> = {
      close: (pool) => pool.close({ timeoutMillis: 0 }),
      evictAll: (pool) => pool.evictAll(),
      suspend: (pool) => pool.suspend(),
      drain: (pool) => pool.drain(),
      resize: (pool) => pool.resize({ max: 1 }),
    };
    for (const act of Object.values(acts)) {
      let isArmed = false;
      const pool = test.pool({
        max: 2,
        prepare: () => {
          if (isArmed) void act(pool);
          isArmed = false;
        },
      });
      await pool.query("select 1");
      isArmed = true;
      await Promise.allSettled([1, 2, 3].map(() => pool.query("select 1", [], { timeoutMillis: 300 })));
      await pool.close({ timeoutMillis: 0 });
      expect(pool.stats()).toMatchObject({ total: 0, waiting: 0, acquired: 0, state: "closed" });
    }
  });
});
