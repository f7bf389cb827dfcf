import type { Pool } from "@rockpool/core";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { TestSdk } from "../telemetry/sdk.ts";
import { rejection, useServer } from "./server.ts";

const test = useServer();
let sdk: TestSdk;
let leaked: Promise<void> = Promise.resolve();
let reportLeak = (): void => {};

beforeEach(() => {
  sdk = TestSdk.start();
  vi.spyOn(process, "emitWarning").mockImplementation(() => {});
  leaked = new Promise((resolve) => {
    reportLeak = resolve;
  });
});

afterEach(() => {
  TestSdk.stop();
  vi.restoreAllMocks();
});

function leakyPool(): Pool {
  const pool = test.pool({ leakThresholdMillis: 20 });
  pool.onEvent((event) => {
    if (event.type === "leak_suspected") reportLeak();
  });
  return pool;
}

/** Each way to hold a connection until a leak is reported. */
const HOLDERS = {
  async acquires(pool: Pool) {
    await using _lease = await pool.acquire();
    await leaked;
  },
  async triesToAcquire(pool: Pool) {
    await pool.query("select 1");
    const lease = pool.tryAcquire();
    await leaked;
    lease?.release();
  },
  async uses(pool: Pool) {
    await pool.use(() => leaked);
  },
  async transacts(pool: Pool) {
    await pool.transaction(() => leaked);
  },
  async queries(pool: Pool) {
    const end = new AbortController();
    void leaked.then(() => end.abort());
    await rejection(pool.query("select pg_sleep(60)", [], { signal: end.signal }));
  },
  async runsAScript(pool: Pool) {
    const end = new AbortController();
    void leaked.then(() => end.abort());
    await rejection(pool.script("select pg_sleep(60)", { signal: end.signal }));
  },
  async readsByCursor(pool: Pool) {
    const cursor = pool.cursor("select generate_series(1, 10)");
    await cursor.read(1);
    await leaked;
    await cursor.close();
  },
  async copiesIn(pool: Pool) {
    await pool.script("create table copied (line text)");
    await pool.copyFrom("copy copied from stdin", linesUntilLeak());
  },
  async copiesOut(pool: Pool) {
    for await (const _chunk of pool.copyTo("copy (select 1) to stdout")) await leaked;
  },
};

async function* linesUntilLeak(): AsyncGenerator<string> {
  await leaked;
  yield "late\n";
}

describe("a lease that is held for long", () => {
  it.each(Object.entries(HOLDERS))("names the function that %s", async (name, hold) => {
    const pool = leakyPool();
    await hold(pool);
    const warning = { code: "POOL_LEAK_SUSPECTED", detail: expect.stringContaining(name) };
    expect(process.emitWarning).toHaveBeenCalledWith(
      expect.stringContaining("main#1 has been held"),
      expect.objectContaining(warning),
    );
    expect(sdk.spansNamed("pool.leak")[0]?.attributes).toMatchObject({
      "rockpool.connection.id": "main#1",
      "code.file.path": import.meta.filename,
      "code.function.name": expect.stringMatching(new RegExp(`(?:^|\\.)${name}$`)),
      "code.stacktrace": expect.stringMatching(new RegExp(`^Error: acquired here\\n.*\\b${name}\\b`)),
    });
  });

  it("is told before it is released, in the trace of its caller", async () => {
    const pool = leakyPool();
    const lease = await pool.acquire();
    await leaked;
    const [span] = sdk.spansNamed("pool.leak");
    expect(sdk.spansNamed("pool.checkout")).toEqual([]);
    lease.release();
    expect(sdk.span("pool.checkout").spanContext().spanId).toBe(span?.parentSpanContext?.spanId);
    expect(span?.duration[0]).toBe(0);
    expect(span?.duration[1]).toBeGreaterThanOrEqual(20_000_000);
  });
});
