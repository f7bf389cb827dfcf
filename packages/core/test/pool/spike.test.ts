import { type Clock, type ConnectionFactory, createConnectionFactory, createPool } from "@rockpool/core";
import { expect, it } from "vitest";
import { useServer } from "./server.ts";

const test = useServer();

/** Connects that take as long as the test says, so that a slow machine changes nothing. */
class HeldFactory implements ConnectionFactory {
  readonly target: ConnectionFactory["target"];
  readonly #factory: ConnectionFactory;
  opened = 0;
  held: Promise<unknown> = Promise.resolve();

  constructor(factory: ConnectionFactory) {
    this.target = factory.target;
    this.#factory = factory;
  }

  async connect(
    options?: Parameters<ConnectionFactory["connect"]>[0],
  ): ReturnType<ConnectionFactory["connect"]> {
    this.opened += 1;
    await this.held;
    return this.#factory.connect(options);
  }
}

/** A clock that stands still: no connect ever seems to take too long, however busy the machine is. */
const standing: Clock = { now: () => 0, setTimer: () => ({ cancel: () => {} }) };

it("a spike of fifty callers on five warm connections is served in order by those that come back, during one connect", async () => {
  const factory = new HeldFactory(createConnectionFactory(test.server.url));
  await using pool = createPool(factory, { name: "spike", max: 50, min: 5, clock: standing });
  await pool.open({ wait: true });
  expect(factory.opened).toBe(5);

  let letIn = (): void => {};
  factory.held = new Promise<void>((resolve) => {
    letIn = resolve;
  });
  const callers = Array.from({ length: 50 }, (_, index) => index);
  const served: number[] = [];
  await Promise.all(
    callers.map((caller) =>
      pool.use(async (connection) => {
        served.push(caller);
        await connection.query("select pg_sleep(0.002)");
      }),
    ),
  );
  expect(served).toEqual(callers);
  expect(pool.stats()).toMatchObject({ acquiresQueued: 45, acquires: 50, connecting: 1 });
  letIn();
  expect(factory.opened).toBe(6);
});
