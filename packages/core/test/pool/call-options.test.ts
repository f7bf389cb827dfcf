import {
  ConfigError,
  createConnectionFactory,
  createListenHub,
  explainConfig,
  withLogging,
} from "@rockpool/core";
import { describe, expect, it } from "vitest";
import { rejection, useServer } from "./server.ts";

const test = useServer();

/** As a program without types calls it. */
function call(target: object, verb: string, ...given: unknown[]): Promise<unknown> {
  return Promise.resolve().then(() => Reflect.apply(Reflect.get(target, verb), target, given));
}

const typo = { timeoutMilis: 5 };
const verbs: [string, unknown[], string][] = [
  ["query", ["select 1", []], "prepare, rowMode, signal, timeoutMillis, types"],
  ["script", ["select 1"], "signal, timeoutMillis"],
  ["cursor", ["select 1", []], "batchSize, prepare, rowMode, signal, timeoutMillis, types"],
  ["copyFrom", ["copy t from stdin", ""], "signal, timeoutMillis"],
  ["copyTo", ["copy t to stdout"], "signal, timeoutMillis"],
  ["transaction", [() => {}], "deferrable, isolation, readOnly, retry, signal, timeoutMillis"],
];

describe("an option that a verb does not have", () => {
  it.each([
    ...verbs,
    ["acquire", [], "signal, timeoutMillis"],
    ["use", [() => {}], "signal, timeoutMillis"],
    ["open", [], "timeoutMillis, wait"],
    ["resize", [], "max, min, minIdle"],
    ["listen", ["news"], "onGap, onNotify, signal"],
    ["close", [], "timeoutMillis"],
  ])("is refused by %s() of a pool before a connection is taken", async (verb, given, known) => {
    const pool = test.pool();
    expect(await rejection(call(pool, verb, ...given, typo))).toEqual(
      new ConfigError(`timeoutMilis is not an option of ${verb}(); the options are ${known}`),
    );
    expect(pool.stats()).toMatchObject({ state: "open", total: 0, acquires: 0 });
  });

  it.each([
    ...verbs,
    ["describe", ["select 1"], "signal, timeoutMillis"],
    ["begin", [], "deferrable, isolation, readOnly, signal, timeoutMillis"],
    ["advisoryLock", [7], "shared, signal, timeoutMillis, wait"],
  ])("is refused by %s() of a connection, which stays clean", async (verb, given, known) => {
    await test.pool().use(async (connection) => {
      expect(await rejection(call(connection, verb, ...given, typo))).toEqual(
        new ConfigError(`timeoutMilis is not an option of ${verb}(); the options are ${known}`),
      );
      expect(connection.transactionStatus).toBe("idle");
    });
  });

  it("is refused within a transaction and a pipeline too, and fails neither", async () => {
    await test.pool().transaction(async (transaction) => {
      for (const [verb, given] of verbs) {
        expect(await rejection(call(transaction, verb, ...given, typo))).toBeInstanceOf(ConfigError);
      }
      expect(await rejection(call(transaction, "commit", typo))).toBeInstanceOf(ConfigError);
      await using pipeline = transaction.pipeline();
      expect(await rejection(call(pipeline, "query", "select 1", [], typo))).toBeInstanceOf(ConfigError);
      await pipeline.settled();
      expect((await transaction.query("select 1 as one")).rows).toEqual([{ one: 1 }]);
    });
  });

  it("is refused where it is one of retry, connect(), withLogging(), createListenHub(), notify() or explainConfig()", async () => {
    const retry = { attempts: 2, delay: 5 };
    expect(await rejection(call(test.pool(), "transaction", () => {}, { retry }))).toEqual(
      new ConfigError(
        "delay is not an option of retry; the options are attempts, codes, maxDelayMillis, minDelayMillis",
      ),
    );
    const factory = createConnectionFactory(test.server.url);
    expect(await rejection(call(factory, "connect", { timeoutMillis: 5 }))).toBeInstanceOf(ConfigError);
    expect(() => Reflect.apply(withLogging, null, [factory, { minDurationMilis: 5 }])).toThrow(ConfigError);
    expect(() => Reflect.apply(createListenHub, null, [factory, { heartbeat: 5 }])).toThrow(ConfigError);
    await using hub = createListenHub(factory);
    expect(await rejection(call(hub, "notify", "news", "", typo))).toBeInstanceOf(ConfigError);
    expect(() => Reflect.apply(explainConfig, null, ["", { env: {} }])).toThrow(ConfigError);
  });
});

describe("the options of a call", () => {
  it.each([null, 5, "fast"])("must be an object, not %s", async (options) => {
    const pool = test.pool();
    const error = await rejection(call(pool, "query", "select 1", [], options));
    expect(error).toBeInstanceOf(ConfigError);
    expect(String(error)).toMatch(/the options of query\(\) must be an object, not /);
    expect(pool.stats().total).toBe(0);
  });

  it("must have an AbortSignal for a signal, where they have one", async () => {
    const pool = test.pool();
    const error = new ConfigError("the signal of acquire() must be an AbortSignal");
    expect(await rejection(call(pool, "acquire", { signal: 5 }))).toEqual(error);
    expect(await rejection(call(pool, "acquire", { signal: null }))).toEqual(error);
    await pool.query("select 1", [], JSON.parse("{}"));
  });

  it("may be there and undefined, which is as good as absent", async () => {
    const limits = { signal: undefined, timeoutMillis: undefined };
    const begin = { ...limits, deferrable: undefined, isolation: undefined, readOnly: undefined };
    const query = { ...limits, prepare: undefined, rowMode: undefined, types: undefined };
    const attempts = { attempts: 1, codes: undefined, maxDelayMillis: undefined, minDelayMillis: undefined };
    const pool = test.pool();
    await pool.open({ wait: undefined, timeoutMillis: undefined });
    await pool.query("select 1", undefined, query);
    await pool.cursor("select 1", undefined, { ...query, batchSize: undefined }).fetchAll();
    await pool.transaction(
      (transaction) => transaction.transaction(() => {}, { ...begin, retry: undefined }),
      { ...begin, retry: attempts },
    );
    await pool.use(async (connection) => {
      await using lock = await connection.advisoryLock(7, { ...limits, shared: undefined, wait: undefined });
      expect(lock.scope).toBe("session");
    }, limits);
    const channel = await pool.listen("news", { onNotify: () => {}, onGap: undefined, signal: undefined });
    await channel.close();
    const sizes = pool.stats();
    pool.resize({ max: undefined, min: undefined, minIdle: undefined });
    expect(pool.stats()).toMatchObject({ max: sizes.max, min: sizes.min, minIdle: sizes.minIdle });
    await pool.close({ timeoutMillis: undefined });
  });

  it("can follow values that are null, as with the driver", async () => {
    expect(await call(test.pool(), "query", "select 1 as one", null)).toMatchObject({ rows: [{ one: 1 }] });
  });
});
