import { Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { type ConnectionFactory, createConnectionFactory, createPool } from "@rockpool/core";
import pg from "pg";
import type { BenchCase, Contestant } from "../bench-case.ts";
import { percentile } from "../drive.ts";

const callers = 50;
const warm = 5;
const connectMillis = 150;
const statement = "select pg_sleep(0.002)";

interface SpikedPool {
  readonly name: string;
  run(): Promise<unknown>;
  opened(): number;
  close(): Promise<void>;
}

/** A socket that takes its time to connect, once it is told to. */
class SlowSocket extends Socket {
  static isSlow = false;
  static opened = 0;

  override connect(...target: unknown[]): this {
    SlowSocket.opened += 1;
    const connect = (): unknown => Reflect.apply(Socket.prototype.connect, this, target);
    if (SlowSocket.isSlow) setTimeout(connect, connectMillis);
    else connect();
    return this;
  }
}

async function ours(databaseUrl: string): Promise<SpikedPool> {
  const factory = createConnectionFactory(databaseUrl);
  let opened = 0;
  let isSlow = false;
  const slowly: ConnectionFactory = {
    target: factory.target,
    connect: async (options) => {
      opened += 1;
      if (isSlow) await delay(connectMillis);
      return factory.connect(options);
    },
  };
  const pool = createPool(slowly, { name: "spike", max: callers, min: warm });
  await pool.open({ wait: true });
  isSlow = true;
  return {
    name: "rockpool",
    run: () => pool.query(statement),
    opened: () => opened,
    close: () => pool.close(),
  };
}

async function theirs(databaseUrl: string): Promise<SpikedPool> {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: callers, stream: () => new SlowSocket() });
  pool.on("error", () => {});
  await Promise.all(Array.from({ length: warm }, () => pool.query("select pg_sleep(0.05)")));
  SlowSocket.isSlow = true;
  return {
    name: "pg.Pool",
    run: () => pool.query(statement),
    opened: () => SlowSocket.opened,
    close: () => pool.end(),
  };
}

async function spike(pool: SpikedPool): Promise<Contestant> {
  return {
    name: pool.name,
    run: async () => {
      const before = pool.opened();
      const start = performance.now();
      const times = await Promise.all(
        Array.from({ length: callers }, async () => {
          await pool.run();
          return performance.now() - start;
        }),
      );
      return { wall: Math.max(...times), p50: percentile(times, 0.5), opened: pool.opened() - before };
    },
    close: () => pool.close(),
  };
}

export const spikeCase: BenchCase = {
  name: "spike",
  question: `What happens when ${callers} callers come at once to ${warm} warm connections, a connect takes ${connectMillis} ms and a query 2 ms?`,
  columns: [
    { name: "wall", unit: "ms until all are served", isLowerBetter: true },
    { name: "p50", unit: "ms", isLowerBetter: true },
    { name: "opened", unit: "connections opened", isLowerBetter: true },
  ],
  baseline: "pg.Pool",
  // The connections that it opens stay.
  slices: 1,
  setUp: async ({ databaseUrl }) =>
    Promise.all([spike(await ours(databaseUrl)), spike(await theirs(databaseUrl))]),
};
