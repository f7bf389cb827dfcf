import type { PoolEvent } from "@rockpool/core";
import { describe, expect, it } from "vitest";
import { until, useServer } from "./server.ts";

const test = useServer();

describe("a listener", () => {
  it("that throws is nobody's concern, and neither is one that leaves while it is told", async () => {
    const pool = test.pool({ max: 1 });
    const heard: string[] = [];
    pool.onEvent(() => {
      throw new Error("bad listener");
    });
    const leave = pool.onEvent(({ type }) => {
      heard.push(type);
      leave();
    });
    pool.onEvent(({ type }) => heard.push(type));
    await pool.query("select 1");
    expect(heard.slice(0, 3)).toEqual(["waiting", "waiting", "connect_started"]);
    expect(heard).toContain("released");
  });

  it("is told as often as it was registered, and each registration ends alone", async () => {
    const pool = test.pool({ max: 1 });
    let releases = 0;
    const listener = ({ type }: PoolEvent): void => {
      if (type === "released") releases += 1;
    };
    const leave = pool.onEvent(listener);
    pool.onEvent(listener);
    await pool.query("select 1");
    expect(releases).toBe(2);
    leave();
    await pool.query("select 1");
    expect(releases).toBe(3);
  });

  it("that aborts the wait of which it is told ends it, with the reason of the signal", async () => {
    const pool = test.pool({ max: 1 });
    const held = await pool.acquire();
    const controller = new AbortController();
    pool.onEvent(({ type }) => {
      if (type === "waiting") controller.abort(new Error("enough"));
    });
    await expect(pool.acquire({ signal: controller.signal })).rejects.toThrow("enough");
    expect(pool.stats()).toMatchObject({ waiting: 0, acquireAborts: 1 });
    held.release();
  });

  it("may acquire, release and close within any event", async () => {
    for (const type of ["waiting", "connected", "acquired", "released", "closing", "closed"] as const) {
      const pool = test.pool({ max: 1 });
      const late: Promise<PromiseSettledResult<unknown>[]>[] = [];
      let isDone = false;
      pool.onEvent((event) => {
        if (event.type !== type || isDone) return;
        isDone = true;
        const outcomes = Promise.allSettled([
          pool.query("select 1", [], { timeoutMillis: 5_000 }),
          pool.close({ timeoutMillis: 0 }),
          pool.query("select 1"),
        ]);
        late.push(outcomes);
      });
      const lease = await pool.acquire().catch(() => null);
      lease?.discard();
      await until(() => late.length > 0);
      const outcomes = (await late[0]) ?? [];
      expect(outcomes[1]?.status).toBe("fulfilled");
      expect(outcomes[2]).toMatchObject({ reason: { code: "POOL_CLOSED" } });
      expect(pool.stats()).toMatchObject({ total: 0, waiting: 0, state: "closed" });
    }
  });
});
