import { setTimeout as delay } from "node:timers/promises";
import { type Clock, type ConnectionFactory, createConnectionFactory, createPool } from "@rockpool/core";
import { expect, it } from "vitest";
import { useServer } from "./server.ts";

const test = useServer();

/** Connects that each take a while, whatever the machine is doing. */
function slow(factory: ConnectionFactory, millis: number): ConnectionFactory & { opened: number } {
  const slowly = {
    target: factory.target,
    opened: 0,
    connect: async (options?: Parameters<ConnectionFactory["connect"]>[0]) => {
      slowly.opened += 1;
      await delay(millis);
      return factory.connect(options);
    },
  };
  return slowly;
}

/** A clock that stands still, so that a slow machine does not count as a connect that takes too long. */
const standing: Clock = { now: () => 0, setTimer: () => ({ cancel: () => {} }) };

it("a spike of fifty callers on five warm connections is served by those that come back", async () => {
  const connectMillis = 150;
  const factory = slow(createConnectionFactory(test.server.url), connectMillis);
  await using pool = createPool(factory, { name: "spike", max: 50, min: 5, clock: standing });
  await pool.open({ wait: true });
  expect(factory.opened).toBe(5);
  const callers = Array.from({ length: 50 }, (_, index) => index);
  const served: number[] = [];
  const startedAt = performance.now();
  await Promise.all(
    callers.map((caller) =>
      pool.use(async (connection) => {
        served.push(caller);
        await connection.query("select pg_sleep(0.002)");
      }),
    ),
  );
  // One at a time: where a busy machine makes the spike last longer than one connect, another one may follow.
  const connects = Math.ceil((performance.now() - startedAt) / connectMillis);
  expect(factory.opened - 5).toBeLessThanOrEqual(connects);
  expect(served).toEqual(callers);
  expect(pool.stats()).toMatchObject({ acquiresQueued: 45, acquires: 50 });
});
