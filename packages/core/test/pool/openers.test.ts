import { ConfigError, ConnectionLostError, createConnectionFactory, createPool } from "@rockpool/core";
import { describe, expect, it } from "vitest";
import { rejection, until, useServer } from "./server.ts";

const test = useServer();
const factoryOf = () => createConnectionFactory(test.server.url);

describe("an object around the connect of a factory", () => {
  it("is a factory for a pool, and needs nothing else", async () => {
    const factory = factoryOf();
    await using pool = createPool({ connect: (options) => factory.connect(options) });
    expect(pool.name).toBe("pool");
    expect((await pool.query("select 1 as one")).rows).toEqual([{ one: 1 }]);
    await using _subscription = await pool.listen("orders", { onNotify: () => {} });
  });

  it("may keep the options of connect to itself: the connection has its id in the pool all the same", async () => {
    const factory = factoryOf();
    await using pool = createPool(
      { connect: ({ signal } = {}) => factory.connect(signal && { signal }) },
      { name: "own" },
    );
    await pool.use(async (connection) => {
      expect(connection.id).toBe("own#1");
      await using cursor = connection.cursor("select generate_series(1, 5)");
      await cursor.read(1);
      expect(await rejection(connection.query("select 1"))).toMatchObject({
        code: "POOL_CONNECTION_BUSY",
        message: expect.stringContaining("connection own#1 "),
      });
    });
    expect(pool.stats()).toMatchObject({ creates: 1, idle: 1 });
  });

  it("has what came too late closed, where it does not hear the signal", async () => {
    const connection = await factoryOf().connect();
    const arrivals: (() => void)[] = [];
    const pool = createPool({
      connect: () =>
        new Promise((resolve) => {
          arrivals.push(() => resolve(connection));
        }),
    });
    const acquire = rejection(pool.acquire());
    await until(() => arrivals.length === 1);
    await pool.close();
    expect(await acquire).toMatchObject({ code: "POOL_CLOSED" });
    for (const arrive of arrivals) arrive();
    const isLost = async (): Promise<boolean> => {
      const error = await connection.query("select 1").catch((reason: unknown) => reason);
      return error instanceof ConnectionLostError;
    };
    await until(isLost);
  });

  it("must open a connection for each call: one that it gives once more is refused, and serves its holder on", async () => {
    const connection = factoryOf().connect();
    await using pool = createPool({ connect: () => connection }, { name: "cached" });
    await using lease = await pool.acquire();
    pool.prewarm(2);
    await until(() => pool.stats().createErrors > 0);
    expect(String(pool.health().lastConnectError)).toMatch(
      /connect\(\) of the factory gave connection cached#1 once more: it must open a new one each time/,
    );
    expect((await lease.query("select 1")).rowCount).toBe(1);
  });

  it("has its callers told at once, where it gives what is no connection of ours", async () => {
    const opener = { connect: async () => ({ query: async () => ({ rows: [] }), close: async () => {} }) };
    await using pool: ReturnType<typeof createPool> = Reflect.apply(createPool, null, [opener]);
    const error = await rejection(pool.query("select 1"));
    expect(error).toBeInstanceOf(ConfigError);
    expect(String(error)).toMatch(
      /no connection that this copy of @rockpool\/core has opened: give what connect\(\)/,
    );
    expect(pool.stats()).toMatchObject({ total: 0, createErrors: 1, acquireErrors: 1 });
  });
});
