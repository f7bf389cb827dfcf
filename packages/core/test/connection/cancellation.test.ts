import { type PostgresServer, startFaultProxy, startPostgres } from "@rockpool/postgres";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { OpenConnection } from "../../src/connection/open-connection.ts";
import type { OperationOptions } from "../../src/connection/query.ts";
import type { Session } from "../../src/connection/session.ts";
import { QueryTimeoutError } from "../../src/errors.ts";
import { eventually, openConnection, openSession, openSocket } from "./world.ts";

let server: PostgresServer;
let session: Session;
let connection: OpenConnection;
let watcher: OpenConnection;

beforeAll(async () => {
  server = await startPostgres();
  watcher = await openConnection(server);
  await watcher.script("create table numbers as select n from generate_series(1, 100000) n");
});
afterAll(async () => {
  await watcher.close();
  await server.stop();
});
beforeEach(async () => {
  session = await openSession(server);
  connection = new OpenConnection(session);
});
afterEach(() => connection.close());

const reason = new Error("enough");

/** Resolves when the server runs something on the connection under test. */
async function serverIsAtWork(): Promise<void> {
  await eventually(async () => (await stateOnServer()) === "active");
}

async function stateOnServer(): Promise<string> {
  const text = "select state from pg_stat_activity where pid = $1";
  const { rows } = await watcher.query<{ state: string }>(text, [session.identity.backendPid]);
  return rows[0]?.state ?? "gone";
}

/** The connection is at rest, here and on the server, and works. */
async function expectClean(): Promise<void> {
  await eventually(() => !session.isBusy);
  expect(session.isLost).toBe(false);
  expect(await stateOnServer()).toBe("idle");
  expect((await connection.query("select 1 as x")).rows).toEqual([{ x: 1 }]);
  expect((await connection.query("select pg_sleep(0)::text as x")).rows).toEqual([{ x: "" }]);
}

const endless = "select pg_sleep(600)";

/** Every kind of operation, made to last until it is aborted. */
const operations: Record<string, (options: OperationOptions) => Promise<unknown>> = {
  query: (options) => connection.query(endless, [], options),
  "query that is not prepared": (options) => connection.query(endless, [], { ...options, prepare: false }),
  script: (options) => connection.script(`select 1; ${endless}; select 2`, options),
  "first read of a cursor": (options) => connection.cursor(endless, [], options).read(1),
  "read of a cursor": async (options) => {
    const cursor = connection.cursor(
      "select case when n = 2 then pg_sleep(600)::text end from numbers",
      [],
      options,
    );
    await cursor.read(1);
    await cursor.read(1);
  },
  "COPY out": async (options) => {
    for await (const _ of connection.copyTo("copy (select pg_sleep(600)) to stdout", options));
  },
  "COPY in that waits for its source": (options) => {
    const source = { [Symbol.asyncIterator]: () => ({ next: () => new Promise<never>(() => {}) }) };
    return connection.copyFrom("copy numbers from stdin", source, options);
  },
};

describe.each(Object.entries(operations))("a %s", (_name, run) => {
  it("that is aborted before it is sent rejects with the reason and sends nothing", async () => {
    await expect(run({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect(session.isBusy).toBe(false);
    await expectClean();
  });

  it("that is aborted while it waits for its turn rejects with the reason and sends nothing", async () => {
    const controller = new AbortController();
    const before = connection.query("select pg_sleep(0.05)");
    const aborted = run({ signal: controller.signal });
    controller.abort(reason);
    await expect(aborted).rejects.toBe(reason);
    await before;
    await expectClean();
  });

  it("that is aborted in flight rejects with the reason, ends on the server and leaves the connection clean", async () => {
    const controller = new AbortController();
    const aborted = run({ signal: controller.signal });
    const settled = expect(aborted).rejects.toBe(reason);
    await serverIsAtWork();
    controller.abort(reason);
    await settled;
    await expectClean();
  });

  it("that is aborted in the turn in which it is sent is cancelled all the same", async () => {
    const controller = new AbortController();
    const aborted = run({ signal: controller.signal });
    const settled = expect(aborted).rejects.toBe(reason);
    controller.abort(reason);
    await settled;
    await expectClean();
  });

  it.each([Number.NaN, -1, Number.POSITIVE_INFINITY])(
    "whose time limit is %s is refused and sends nothing",
    async (timeoutMillis) => {
      await expect(run({ timeoutMillis })).rejects.toMatchObject({ code: "POOL_CONFIG" });
      expect(session.isBusy).toBe(false);
      await expectClean();
    },
  );

  it("that takes too long rejects with QueryTimeoutError and leaves the connection clean", async () => {
    const error = await run({ timeoutMillis: 30 }).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(QueryTimeoutError);
    expect(error).toMatchObject({ code: "POOL_QUERY_TIMEOUT", timeoutMillis: 30 });
    await expectClean();
  });
});

describe("a cancel", () => {
  it("never hits the operation that follows, however late it comes", async () => {
    const proxy = await startFaultProxy(server);
    try {
      const late = await openSession(server, {
        cancel: { open: (signal) => openSocket({ ...server, ...proxyTarget(proxy.port) }, signal) },
      });
      proxy.delay(200);
      const controller = new AbortController();
      const aborted = late.query("select pg_sleep(0.1)", [], { signal: controller.signal });
      const settled = expect(aborted).rejects.toBe(reason);
      controller.abort(reason);
      const next = late.query("select pg_sleep(0.4)::text as x");
      await settled;
      expect(late.isBusy).toBe(true);
      expect((await next).rows).toEqual([{ x: "" }]);
      await late.close();
    } finally {
      await proxy.stop();
    }
  });

  it("that the server does not act on ends the connection, and the operation rejects with the reason", async () => {
    const stuck = await openSession(server, {
      cancelGraceMillis: 100,
      cancel: { open: () => Promise.reject(new Error("no way")) },
    });
    const lost = new Promise<Error>((resolve) => {
      stuck.onLost = resolve;
    });
    const controller = new AbortController();
    const aborted = stuck.query(endless, [], { signal: controller.signal });
    const next = stuck.query("select 1");
    controller.abort(reason);
    await expect(aborted).rejects.toBe(reason);
    await expect(next).rejects.toMatchObject({ code: "POOL_CONNECTION_LOST", isSafeToRetry: true });
    expect((await lost).message).toMatch(/did not act on a cancel within 100 ms/);
    expect(stuck.isLost).toBe(true);
  });

  it("of everything refuses what waits and frees the session", async () => {
    const running = session.query(endless);
    const waiting = session.query("select 1");
    const expectations = [expect(running).rejects.toBe(reason), expect(waiting).rejects.toBe(reason)];
    await serverIsAtWork();
    await session.cancelRunning(reason);
    await Promise.all(expectations);
    expect(session.isBusy).toBe(false);
    await expectClean();
  });

  it("of everything frees a session that a cursor or a COPY holds", async () => {
    const cursor = connection.cursor("select n from numbers");
    await cursor.read(1);
    await session.cancelRunning(reason);
    await expectClean();
    expect(await cursor.read(1).catch((error: unknown) => error)).toBe(reason);
    for await (const _ of connection.copyTo("copy numbers to stdout")) {
      await session.cancelRunning(reason);
      break;
    }
    await expectClean();
  });

  it("of pipelined statements ends them all, each with the reason", async () => {
    const running = [session.pipelined(endless), session.pipelined(endless)];
    const expectations = running.map((query) => expect(query).rejects.toBe(reason));
    await serverIsAtWork();
    await session.cancelRunning(reason);
    await Promise.all(expectations);
    await expectClean();
  });
});

function proxyTarget(port: number): { host: string; port: number } {
  return { host: "127.0.0.1", port };
}
