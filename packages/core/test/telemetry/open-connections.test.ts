import type { Pool } from "@rockpool/core";
import { afterEach, beforeEach, expect, test } from "vitest";
import { useServer } from "../pool/server.ts";
import { TestSdk } from "./sdk.ts";

const world = useServer();
let sdk: TestSdk;

beforeEach(() => {
  sdk = TestSdk.start();
});

afterEach(() => {
  TestSdk.stop();
});

test("three pools report what they hold, used and idle together all that is open, at every collection", async () => {
  const pools = ["a", "b", "c"].map((name, index) => world.pool({ name, max: 2 + index }));
  const byPool = (pool: Pool) => ({ "db.client.connection.pool.name": pool.name });
  // Read in the same turn as the pools' own numbers: between two turns they change.
  const truth = sdk.meterProvider.getMeter("test").createObservableGauge("open");
  for (const pool of pools) {
    truth.addCallback((result) => {
      const { total, connecting } = pool.stats();
      result.observe(total - connecting, byPool(pool));
    });
  }
  for (let round = 0; round < 8; round += 1) {
    const work = pools.map((pool) =>
      Promise.all(Array.from({ length: round * 2 }, () => pool.query("select pg_sleep(0.005)"))),
    );
    const collected = await sdk.collect();
    await Promise.all(work);
    const valuesOf = (name: string, pool: Pool) =>
      (collected.get(name)?.dataPoints ?? [])
        .filter(({ attributes }) => attributes["db.client.connection.pool.name"] === pool.name)
        .map(({ value }) => Number(value));
    for (const pool of pools) {
      const counts = valuesOf("db.client.connection.count", pool);
      expect(counts).toHaveLength(2);
      expect(Math.min(...counts)).toBeGreaterThanOrEqual(0);
      expect([counts.reduce((sum, value) => sum + value, 0)]).toEqual(valuesOf("open", pool));
    }
  }
});
