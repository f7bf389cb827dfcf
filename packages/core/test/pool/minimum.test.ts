import { AcquireTimeoutError } from "@rockpool/core";
import { describe, expect, it } from "vitest";
import { rejection, until, useServer } from "./server.ts";

const test = useServer();

describe("the minimum", () => {
  it("is kept from the first acquire on, though nobody opened the pool", async () => {
    const pool = test.pool({ min: 3 });
    expect(pool.stats().total).toBe(0);
    await pool.query("select 1");
    await until(() => pool.stats().idle === 3);
    expect(pool.stats().total).toBe(3);
  });

  it("is kept from the first tryAcquire on", async () => {
    const pool = test.pool({ minIdle: 1 });
    expect(pool.tryAcquire()).toBe(null);
    await until(() => pool.stats().idle === 1);
    pool.tryAcquire()?.release();
    expect(pool.stats().acquires).toBe(1);
  });
});

describe("a suspended pool", () => {
  it("says in its timeouts that it is suspended", async () => {
    const pool = test.pool();
    pool.suspend();
    const error = await rejection(pool.acquire({ timeoutMillis: 10 }));
    expect(error).toBeInstanceOf(AcquireTimeoutError);
    expect(String(error)).toMatch(/the pool is suspended, call resume\(\)$/);
  });
});
