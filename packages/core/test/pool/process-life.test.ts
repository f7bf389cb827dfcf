import { describe, expect, it } from "vitest";
import { rejection, until, useServer } from "./server.ts";

const test = useServer();

/** What keeps the process alive, of the kind that a wait needs: timers that are not unreferenced. */
function timers(): number {
  return process.getActiveResourcesInfo().filter((resource) => resource === "Timeout").length;
}

describe("the process", () => {
  it("is kept alive by whoever waits for a connection, though no socket is open", async () => {
    const pool = test.pool({ acquireTimeoutMillis: 20 });
    pool.suspend();
    const before = timers();
    const acquiring = [rejection(pool.acquire()), rejection(pool.acquire())];
    expect(timers()).toBe(before + 1);
    await Promise.all(acquiring);
    await until(() => timers() <= before);
  });

  it("is kept alive by whoever waits for the pool to open, to drain or to close", async () => {
    const pool = test.pool({ min: 1 });
    pool.suspend();
    let before = timers();
    const opening = rejection(pool.open({ wait: true, timeoutMillis: 20 }));
    expect(timers()).toBe(before + 1);
    await opening;
    pool.resume();
    const lease = await pool.acquire();
    before = timers();
    const draining = pool.drain();
    expect(timers()).toBe(before + 1);
    const closing = pool.close({ timeoutMillis: null });
    lease.release();
    await Promise.all([draining, closing]);
    await until(() => timers() <= before);
  });

  it("is not kept alive by the timers of a pool that nobody waits for", async () => {
    const pool = test.pool({ leakThresholdMillis: 60_000 });
    await pool.query("select 1");
    const before = timers();
    const lease = await pool.acquire();
    expect(timers()).toBe(before);
    lease.release();
    expect(timers()).toBe(before);
  });
});
