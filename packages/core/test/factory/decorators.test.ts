import { connect } from "node:net";
import { type PostgresServer, startPostgres } from "@rockpool/postgres";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { createPool } from "../../src/create-pool.ts";
import type { ConnectionFactoryOptions } from "../../src/factory/connection-factory.ts";
import { createConnectionFactory } from "../../src/factory/create-connection-factory.ts";
import { type LogEntry, withLogging } from "../../src/factory/with-logging.ts";
import { withRows } from "../../src/factory/with-rows.ts";
import { withStream } from "../../src/factory/with-stream.ts";

let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server[Symbol.asyncDispose]());

const factoryOf = (options: ConnectionFactoryOptions = {}) =>
  createConnectionFactory(server.url, { environment: {}, homeDirectory: "/nowhere", ...options });

describe("withLogging", () => {
  it("logs what took at least as long as it says, without values", async () => {
    let now = 0;
    const entries: LogEntry[] = [];
    const factory = withLogging(factoryOf(), {
      minDurationMillis: 100,
      now: () => now,
      log: (entry) => entries.push(entry),
    });
    await using connection = await factory.connect();
    const takes = async (millis: number, text: string, values: string[]): Promise<void> => {
      const query = connection.query(text, values).catch(() => {});
      now += millis;
      await query;
    };
    await takes(99, "select $1::text as quick", ["secret"]);
    await takes(100, "select $1::text as slow", ["secret"]);
    await takes(250, "select 1 / length($1::text)", [""]);
    expect(entries).toEqual([
      {
        connection: expect.objectContaining({ id: connection.id }),
        text: "select $1::text as slow",
        durationMillis: 100,
        rowCount: 1,
        errorCode: null,
      },
      {
        connection: expect.objectContaining({ id: connection.id }),
        text: "select 1 / length($1::text)",
        durationMillis: 250,
        rowCount: null,
        errorCode: "22012",
      },
    ]);
    expect(JSON.stringify(entries)).not.toContain("secret");
  });

  it("logs configure, the queries of a pool, each once, and survives a log that throws", async () => {
    const texts: string[] = [];
    const configured = factoryOf({
      configure: async (connection) => void (await connection.query("set time zone 'UTC'")),
    });
    const factory = withLogging(configured, {
      log: ({ text }) => {
        texts.push(text);
        throw new Error("disk full");
      },
    });
    await using pool = createPool(factory, { max: 1 });
    await pool.query("select 1");
    await pool.query("select 2");
    expect(texts).toEqual(["set time zone 'UTC'", "select 1", "select 2"]);
  });

  it("writes a line for each to standard error, where it is given no log", async () => {
    const write = vi.spyOn(process.stderr, "write").mockReturnValue(true);
    try {
      await using connection = await withLogging(factoryOf()).connect();
      await connection.query("select 1");
      await connection.query("select no").catch(() => {});
      const lines = write.mock.calls.map(([line]) => line);
      expect(lines).toEqual([
        expect.stringMatching(/^postgres@127\.0\.0\.1#\d+ \d+\.\d ms, 1 row: select 1\n$/),
        expect.stringMatching(/^postgres@127\.0\.0\.1#\d+ \d+\.\d ms, 42703: select no\n$/),
      ]);
    } finally {
      write.mockRestore();
    }
  });

  it("may be put over another log", async () => {
    const inner: string[] = [];
    const outer: string[] = [];
    const factory = withLogging(withLogging(factoryOf(), { log: ({ text }) => inner.push(text) }), {
      log: ({ text }) => outer.push(text),
    });
    await using connection = await factory.connect();
    await connection.query("select 1");
    expect({ inner, outer }).toEqual({ inner: ["select 1"], outer: ["select 1"] });
  });
});

it("withStream takes nothing but a stream, and leaves nothing unhandled behind", async () => {
  for (const odd of [5, undefined, {}]) {
    const factory = Reflect.apply(withStream, null, [factoryOf(), async () => odd]);
    await expect(factory.connect()).rejects.toThrow(/^stream\(\) gave what is no byte stream/);
  }
});

it("withStream carries connections and their cancel requests over streams of the caller's", async () => {
  const asked: string[] = [];
  const factory = withStream(
    createConnectionFactory("postgresql://postgres@db.internal:7000/postgres?sslmode=disable", {
      environment: {},
    }),
    ({ host, port }) => {
      asked.push(`${host}:${port}`);
      return connect(server.port, "127.0.0.1");
    },
  );
  await using connection = await factory.connect();
  const controller = new AbortController();
  const query = connection.query("select pg_sleep(60)", [], { signal: controller.signal });
  const stopped = expect(query).rejects.toThrow("enough");
  await using watcher = await factoryOf().connect();
  await expect
    .poll(
      async () =>
        (await watcher.query("select 1 from pg_stat_activity where wait_event = 'PgSleep'")).rows.length,
    )
    .toBe(1);
  controller.abort(new Error("enough"));
  await stopped;
  expect((await connection.query("select 1 as one")).rows).toEqual([{ one: 1 }]);
  expect(asked).toEqual(["db.internal:7000", "db.internal:7000"]);
});

describe("a row factory", () => {
  const tuples = () => (values: readonly unknown[]) => values.join("|");

  it("makes the rows of queries, scripts and cursors", async () => {
    await using connection = await factoryOf({ rowFactory: tuples }).connect();
    const text = "select n, 'x' || n as x from generate_series(1, 30) n";
    const expected = Array.from({ length: 30 }, (_, index) => `${index + 1}|x${index + 1}`);
    expect((await connection.query(text)).rows).toEqual(expected);
    expect((await connection.query(text, [], { rowMode: "array" })).rows[0]).toEqual([1, "x1"]);
    expect((await connection.script(text))[0]?.rows).toEqual(expected);
    await connection.transaction(async (transaction) => {
      expect(await transaction.cursor(text).fetchAll()).toEqual(expected);
    });
  });

  it("knows the columns, and is made once for each shape", async () => {
    const shapes: string[] = [];
    const factory = withRows(factoryOf(), (fields) => {
      shapes.push(fields.map(({ name }) => name).join());
      return (values) => new Map(fields.map(({ name }, index) => [name, values[index]]));
    });
    await using pool = createPool(factory, { max: 1 });
    for (let run = 0; run < 3; run += 1) {
      expect((await pool.query("select 1 as a, 2 as b")).rows).toEqual([
        new Map([
          ["a", 1],
          ["b", 2],
        ]),
      ]);
    }
    expect(shapes).toEqual(["a,b"]);
  });

  it("does not come between a connection and its own locks", async () => {
    await using connection = await factoryOf({ rowFactory: () => () => null }).connect();
    await using lock = await connection.advisoryLock(42n, { wait: false });
    expect(lock).not.toBeNull();
  });
});
