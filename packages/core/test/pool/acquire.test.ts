import {
  AcquireTimeoutError,
  isPoolError,
  LeaseReleasedError,
  PoolClosedError,
  QueueFullError,
} from "@rockpool/core";
import { describe, expect, it } from "vitest";
import { rejection, until, useServer } from "./server.ts";

const test = useServer();

describe("a lease", () => {
  it("is of a connection that is opened once and used again", async () => {
    const pool = test.pool();
    const pids = new Set<number | null>();
    for (let use = 0; use < 3; use += 1) {
      await using lease = await pool.acquire();
      pids.add(lease.backendPid);
      const { rows } = await lease.query<{ pid: number }>("select pg_backend_pid() as pid");
      expect(rows[0]?.pid).toBe(lease.backendPid);
      expect(lease.id).toBe("main#1");
    }
    expect(pids.size).toBe(1);
    expect(pool.stats()).toMatchObject({ creates: 1, acquires: 3, releases: 3, idle: 1, acquired: 0 });
  });

  it("rejects every use after its release, and nothing reaches the next borrower", async () => {
    const pool = test.pool({ max: 1 });
    const lease = await pool.acquire();
    const cursor = lease.cursor("select generate_series(1, 10) as n");
    lease.release();
    const next = await pool.acquire();
    expect(await rejection(lease.query("select 1"))).toBeInstanceOf(LeaseReleasedError);
    expect(await rejection(cursor.read(1))).toBeInstanceOf(LeaseReleasedError);
    expect(() => lease.cursor("select 1")).toThrow(LeaseReleasedError);
    expect((await next.query("select 1 as one")).rows).toEqual([{ one: 1 }]);
  });

  it("can be released and disposed of many times, and counts once", async () => {
    const pool = test.pool({ max: 1 });
    const lease = await pool.acquire();
    lease.release();
    lease.release();
    const next = await pool.acquire();
    await lease[Symbol.asyncDispose]();
    lease.discard();
    expect(next.isReleased).toBe(false);
    expect(pool.stats()).toMatchObject({ acquired: 1, releases: 1 });
  });

  it("goes to callers in the order in which they came", async () => {
    const pool = test.pool({ max: 1 });
    const first = await pool.acquire();
    const order: number[] = [];
    const waiting = [1, 2, 3, 4].map(async (caller) => {
      const lease = await pool.acquire();
      order.push(caller);
      lease.release();
    });
    first.release();
    await Promise.all(waiting);
    expect(order).toEqual([1, 2, 3, 4]);
  });

  it("is discarded for good when its holder does not trust it", async () => {
    const pool = test.pool();
    const lease = await pool.acquire();
    lease.discard();
    await until(() => pool.stats().total === 0);
    expect(pool.stats().closed.discarded).toBe(1);
  });

  it("forgets the listeners for notices of its holder", async () => {
    const pool = test.pool({ max: 1 });
    const heard: string[] = [];
    const lease = await pool.acquire();
    lease.onNotice((notice) => heard.push(notice.message));
    await lease.query("do $$ begin raise notice 'for the first'; end $$");
    lease.release();
    await pool.query("do $$ begin raise notice 'for the second'; end $$");
    expect(heard).toEqual(["for the first"]);
  });
});

describe("a caller that does not get a connection", () => {
  it("is told after its timeout how the pool stood", async () => {
    const pool = test.pool({ max: 1, leakThresholdMillis: 60_000 });
    await using _held = await pool.acquire();
    const error = await rejection(pool.acquire({ timeoutMillis: 20 }));
    expect(error).toBeInstanceOf(AcquireTimeoutError);
    expect(error).toMatchObject({
      code: "POOL_ACQUIRE_TIMEOUT",
      isSafeToRetry: true,
      phase: "wait",
      numbers: { max: 1, acquired: 1, idle: 0, connecting: 0 },
      holders: [{ connectionId: "main#1", stack: expect.stringContaining("acquire.test.ts") }],
    });
    expect(isPoolError(error)).toBe(true);
  });

  it("is told with the connect error as the cause where the server is down", async () => {
    const pool = test.pool();
    await pool.close();
    const { createPool } = await import("@rockpool/core");
    await using down = createPool("postgresql://postgres@127.0.0.1:1/postgres", { name: "down" });
    const error = await rejection(down.acquire({ timeoutMillis: 150 }));
    expect(error).toBeInstanceOf(AcquireTimeoutError);
    expect(error).toMatchObject({
      cause: { code: "POOL_CONNECT", attempts: [{ host: "127.0.0.1", port: 1 }] },
    });
  });

  it("leaves the queue when its signal aborts, with the signal's reason", async () => {
    const pool = test.pool({ max: 1 });
    const held = await pool.acquire();
    const controller = new AbortController();
    const waiting = rejection(pool.acquire({ signal: controller.signal }));
    const behind = pool.acquire();
    controller.abort(new Error("changed my mind"));
    expect(await waiting).toMatchObject({ message: "changed my mind" });
    expect(pool.stats().waiting).toBe(1);
    held.release();
    (await behind).release();
    expect(pool.stats()).toMatchObject({ acquireAborts: 1, idle: 1, waiting: 0 });
  });

  it("is refused at once where the signal had aborted before", async () => {
    const pool = test.pool();
    const error = await rejection(pool.acquire({ signal: AbortSignal.abort(new Error("too late")) }));
    expect(error).toMatchObject({ message: "too late" });
    expect(pool.stats().total).toBe(0);
  });

  it("is refused where the queue is full", async () => {
    const pool = test.pool({ max: 1, maxWaiting: 1 });
    const held = await pool.acquire();
    const waiting = pool.acquire();
    expect(await rejection(pool.acquire())).toBeInstanceOf(QueueFullError);
    held.release();
    (await waiting).release();
  });

  it("gets null from tryAcquire instead of a place in the queue", async () => {
    const pool = test.pool({ max: 1 });
    (await pool.acquire()).release();
    const lease = pool.tryAcquire();
    expect(lease?.id).toBe("main#1");
    expect(pool.tryAcquire()).toBeNull();
    lease?.release();
  });

  it("is refused by a pool that is closed", async () => {
    const pool = test.pool();
    await pool.close();
    expect(await rejection(pool.acquire())).toBeInstanceOf(PoolClosedError);
    expect(await rejection(pool.query("select 1"))).toBeInstanceOf(PoolClosedError);
  });
});

it("a wrong password reaches the caller as the server said it, without a wait", async () => {
  const { createPool } = await import("@rockpool/core");
  await test.server.setHba("host all all 127.0.0.1/32 scram-sha-256");
  try {
    const url = new URL(test.server.url);
    url.password = "wrong-password";
    await using pool = createPool(String(url), { name: "wrong" });
    const error = await rejection(pool.acquire());
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain("wrong-password");
    expect(error).toMatchObject({ code: "POOL_CONNECT", cause: { code: "28P01" } });
  } finally {
    await test.server.setHba("host all all 127.0.0.1/32 trust");
  }
});
