import type { CopyOutput, Pool } from "@rockpool/core";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { rejection, until, useServer } from "../pool/server.ts";
import { TestSdk } from "./sdk.ts";

const world = useServer();
let sdk: TestSdk;

beforeEach(() => {
  sdk = TestSdk.start();
});

afterEach(() => {
  TestSdk.stop();
});

describe("every span that starts ends exactly once", () => {
  test("on an SQL error", async () => {
    const pool = world.pool();
    await rejection(pool.query("select * from nowhere"));
    expect(sdk.span("select nowhere").attributes["error.type"]).toBe("42P01");
    expect(sdk.ledger.unbalanced).toEqual([]);
  });

  test("on abort", async () => {
    const pool = world.pool();
    const controller = new AbortController();
    const query = pool.query("select pg_sleep(60)", [], { signal: controller.signal });
    await until(() => sdk.ledger.started.some((span) => span.name === "select"));
    controller.abort();
    await rejection(query);
    await until(() => sdk.ledger.unbalanced.length === 0);
    expect(sdk.span("select").attributes["error.type"]).toBe("aborted");
  });

  const endless = "select pg_sleep(60)";
  const silence = { [Symbol.asyncIterator]: () => ({ next: () => new Promise<never>(() => {}) }) };
  test.each<[string, (pool: Pool, signal: AbortSignal) => Promise<unknown>]>([
    ["query", (pool, signal) => pool.query(endless, [], { signal })],
    ["script", (pool, signal) => pool.script(endless, { signal })],
    ["cursor", (pool, signal) => pool.cursor(endless, [], { signal }).read(1)],
    ["COPY out", (pool, signal) => read(pool.copyTo(`copy (${endless}) to stdout`, { signal }))],
    ["COPY in", (pool, signal) => pool.copyFrom("copy pg_temp.t from stdin", silence, { signal })],
    ["transaction", (pool, signal) => pool.transaction((tx) => tx.query(endless), { signal })],
    [
      "pipelined statement",
      (pool, signal) =>
        pool.use((connection) => connection.pipeline().query(endless, [], { signal, prepare: false })),
    ],
  ])("on the abort of a %s, whatever the caller gives as its reason", async (_what, run) => {
    const pool = world.pool({ max: 1 });
    await pool.query("create temp table t (a int)");
    const reason = new RangeError("not any more");
    const controller = new AbortController();
    const running = rejection(run(pool, controller.signal));
    await until(() => sdk.ledger.started.some(({ name }) => /^(select|copy)/.test(name)));
    controller.abort(reason);
    expect(await running).toBe(reason);
    await until(() => sdk.ledger.unbalanced.length === 0);
    const types = sdk.spans.map((span) => span.attributes["error.type"]).filter((type) => type !== undefined);
    expect(new Set(types)).toEqual(new Set(["aborted"]));
  });

  test("on a query's own timeout", async () => {
    const pool = world.pool();
    // One timeout bounds the wait for a connection too, and opening one can take longer.
    (await pool.acquire()).release();
    await rejection(pool.query("select pg_sleep(60)", [], { timeoutMillis: 50 }));
    await until(() => sdk.ledger.unbalanced.length === 0);
    expect(sdk.span("select").attributes["error.type"]).toBe("query_timeout");
  });

  test("on an acquire's timeout, whose waiter never sees a connection", async () => {
    const pool = world.pool({ max: 1 });
    const lease = await pool.acquire();
    await rejection(pool.acquire({ timeoutMillis: 20 }));
    lease.release();
    expect(sdk.spansNamed("pool.checkout")[0]?.attributes["error.type"]).toBe("acquire_timeout");
    expect(sdk.spansNamed("pool.wait")).toHaveLength(2);
    expect(sdk.ledger.unbalanced).toEqual([]);
  });

  test("on a waiter's abort", async () => {
    const pool = world.pool({ max: 1 });
    const lease = await pool.acquire();
    const controller = new AbortController();
    const waiting = pool.acquire({ signal: controller.signal });
    controller.abort(new RangeError("not any more"));
    await rejection(waiting);
    lease.release();
    expect(sdk.spansNamed("pool.checkout")[0]?.attributes["error.type"]).toBe("aborted");
    expect(sdk.ledger.unbalanced).toEqual([]);
  });

  test("on a lost connection, which the checkout tells as discarded", async () => {
    const pool = world.pool();
    const lease = await pool.acquire();
    const query = rejection(lease.query("select pg_sleep(60)"));
    await until(() => sdk.ledger.started.some((span) => span.name === "select"));
    await pool.query("select pg_terminate_backend($1)", [lease.backendPid]);
    await query;
    lease.release();
    await until(() => sdk.ledger.unbalanced.length === 0);
    const lost = sdk.spansNamed("select").find((span) => span.attributes["error.type"] !== undefined);
    expect(lost?.attributes["error.type"]).toMatch(/connection_lost|57P01/);
    // Of this connection: an administrator's shutdown evicts the others of its host as well.
    const own = sdk
      .spansNamed("pool.checkout")
      .filter((span) => span.attributes["rockpool.backend.pid"] === lease.backendPid);
    const events = own.flatMap((span) => span.events);
    expect(events.map((event) => [event.name, event.attributes?.["rockpool.close.reason"]])).toEqual([
      ["connection_discarded", "broken"],
    ]);
  });

  test("on close with a holder and waiters", async () => {
    const pool = world.pool({ max: 1 });
    const lease = await pool.acquire();
    const query = rejection(lease.query("select pg_sleep(60)"));
    const waiters = [rejection(pool.query("select 1")), rejection(pool.acquire())];
    await pool.close({ timeoutMillis: 20 });
    await Promise.all([query, ...waiters]);
    lease.release();
    await until(() => sdk.ledger.unbalanced.length === 0);
    const failures = sdk.spansNamed("pool.checkout").map((span) => span.attributes["error.type"]);
    expect(failures.filter((type) => type === "pool_closed")).toHaveLength(2);
  });

  test("on a failed connect", async () => {
    const pool = world.pool({ acquireTimeoutMillis: 200 });
    await world.server.stop("immediate");
    try {
      await rejection(pool.query("select 1"));
    } finally {
      await world.server.start();
    }
    await pool.close();
    expect(sdk.spansNamed("CONNECT postgres")[0]?.attributes["error.type"]).toMatch(/^ECONNREFUSED$/);
    expect(sdk.ledger.unbalanced).toEqual([]);
  });
});

async function read(output: CopyOutput): Promise<void> {
  for await (const _chunk of output);
}
