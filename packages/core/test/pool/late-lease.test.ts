import { createPool, QueryTimeoutError } from "@rockpool/core";
import { describe, expect, it } from "vitest";
import { rejection, until, useServer } from "./server.ts";

const test = useServer();

describe("a COPY out of the pool", () => {
  const endless = "copy (select generate_series(1, 10000000)) to stdout";

  it("gives its connection back when it is closed between two chunks", async () => {
    const pool = test.pool({ max: 1 });
    const output = pool.copyTo(endless);
    await output[Symbol.asyncIterator]().next();
    await output.close();
    await until(() => pool.stats().idle === 1);
    expect(pool.stats().acquired).toBe(0);
  });

  it("gives its connection back when its block ends with it half read", async () => {
    const pool = test.pool({ max: 1 });
    {
      await using output = pool.copyTo(endless);
      await output[Symbol.asyncIterator]().next();
    }
    expect((await pool.query("select 1 as one")).rows).toEqual([{ one: 1 }]);
  });

  it("can be read once", async () => {
    const pool = test.pool();
    const output = pool.copyTo("copy (select 1) to stdout");
    const chunks: string[] = [];
    for await (const chunk of output) chunks.push(Buffer.from(chunk).toString());
    for await (const chunk of output) chunks.push(Buffer.from(chunk).toString());
    expect(chunks).toEqual(["1\n"]);
    expect(output.rowCount).toBe(1);
    expect(pool.stats()).toMatchObject({ acquires: 1, acquired: 0 });
  });

  it("takes no connection after its end", async () => {
    const pool = test.pool();
    const output = pool.copyTo("copy (select 1) to stdout");
    await output.close();
    expect(await output[Symbol.asyncIterator]().next()).toEqual({ done: true, value: undefined });
    expect(pool.stats().acquires).toBe(0);
  });

  it("leaves the queue when it is closed", async () => {
    const pool = test.pool({ max: 1 });
    const lease = await pool.acquire();
    const output = pool.copyTo("copy (select 1) to stdout");
    const chunk = output[Symbol.asyncIterator]().next();
    await output.close();
    expect(await chunk).toEqual({ done: true, value: undefined });
    expect(pool.stats()).toMatchObject({ waiting: 0, acquireAborts: 1 });
    lease.release();
    expect(pool.stats()).toMatchObject({ acquired: 0, idle: 1 });
  });
});

describe("a cursor of the pool", () => {
  it("leaves the queue when it is closed, and its read ends without rows", async () => {
    const pool = test.pool({ max: 1 });
    const lease = await pool.acquire();
    const cursor = pool.cursor("select 1 as one");
    const rows = cursor.read(1);
    await cursor.close();
    expect(await rows).toEqual([]);
    expect(pool.stats()).toMatchObject({ waiting: 0, acquireAborts: 1 });
    lease.release();
    expect(pool.stats()).toMatchObject({ acquired: 0, idle: 1 });
  });

  it("gives back a connection that was granted at the moment of its close", async () => {
    const pool = test.pool({ max: 1 });
    const lease = await pool.acquire();
    const cursor = pool.cursor("select 1 as one");
    const rows = cursor.read(1);
    lease.release();
    await cursor.close();
    expect(await rows).toEqual([]);
    await until(() => pool.stats().idle === 1);
    expect(pool.stats().acquired).toBe(0);
  });

  it("still tells why it has no rows where it was not closed", async () => {
    // What is at hand and trusted takes none of the time, however busy the machine is.
    const pool = test.pool({ validateAfterIdleMillis: null });
    await pool.query("select 1");
    const slow = pool.cursor("select pg_sleep(60)", [], { timeoutMillis: 50 });
    expect(await rejection(slow.read(1))).toBeInstanceOf(QueryTimeoutError);
    expect(pool.stats().acquired).toBe(0);
  });
});

describe("the name of a pool", () => {
  it("is not freed a second time, when another pool has it", async () => {
    const first = createPool(test.server.url, { name: "twice" });
    await first.close();
    await using second = createPool(test.server.url, { name: "twice" });
    await first.close();
    await using third = createPool(test.server.url, { name: "twice" });
    expect([second.name, third.name]).toEqual(["twice", "twice-2"]);
  });
});

describe("an abort between two reads", () => {
  const reason = new Error("not needed any more");

  it("gives back the connection of a cursor, and the next read rejects with its reason", async () => {
    const pool = test.pool({ max: 1 });
    const caller = new AbortController();
    const cursor = pool.cursor("select generate_series(1, 1000) as n", [], { signal: caller.signal });
    await cursor.read(1);
    caller.abort(reason);
    await until(() => pool.stats().idle === 1);
    expect(await rejection(cursor.read(1))).toBe(reason);
    expect(pool.stats()).toMatchObject({ acquired: 0, creates: 1, connectionsLost: 0 });
  });

  it("gives back the connection of a COPY out", async () => {
    const pool = test.pool({ max: 1 });
    const caller = new AbortController();
    const output = pool.copyTo("copy (select generate_series(1, 10000000)) to stdout", {
      signal: caller.signal,
    });
    const chunks = output[Symbol.asyncIterator]();
    await chunks.next();
    caller.abort(reason);
    await until(() => pool.stats().idle === 1);
    expect(await rejection(chunks.next())).toBe(reason);
  });
});
