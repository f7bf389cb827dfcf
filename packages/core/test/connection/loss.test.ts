import { type FaultProxy, type PostgresServer, startFaultProxy, startPostgres } from "@rockpool/postgres";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { OpenConnection } from "../../src/connection/open-connection.ts";
import type { Session } from "../../src/connection/session.ts";
import { eventually, openConnection, openSession } from "./world.ts";

let server: PostgresServer;
let proxy: FaultProxy;
let watcher: OpenConnection;
let session: Session;
let losses: Error[];

beforeAll(async () => {
  server = await startPostgres();
  proxy = await startFaultProxy(server);
  watcher = await openConnection(server);
});
afterAll(async () => {
  await watcher.close();
  await proxy.stop();
  await server.stop();
});
beforeEach(async () => {
  proxy.restore();
  session = await openSession({ ...pick(server), host: "127.0.0.1", port: proxy.port });
  losses = [];
  session.onLost = (error) => losses.push(error);
});
afterEach(() => session.destroy());

function pick({ user, database }: PostgresServer): { user: string; database: string } {
  return { user, database };
}

async function terminate(): Promise<void> {
  await watcher.query("select pg_terminate_backend($1)", [session.identity.backendPid]);
}

async function serverIsAtWork(): Promise<void> {
  const text = "select 1 from pg_stat_activity where pid = $1 and state = 'active'";
  await eventually(async () => (await watcher.query(text, [session.identity.backendPid])).rowCount === 1);
}

const outcome = (work: Promise<unknown>): Promise<unknown> => work.catch((error: unknown) => error);

describe("a connection that the server ends", () => {
  it("while it is idle is lost once, with the server's word", async () => {
    await terminate();
    await eventually(() => session.isLost);
    expect(losses).toEqual([expect.objectContaining({ code: "57P01", severity: "FATAL" })]);
    expect(session.lostCause).toBe(losses[0]);
    expect(session.isBusy).toBe(false);
  });

  it("while an operation is under way gives it the server's error, and those behind it their own", async () => {
    const running = outcome(session.query("select pg_sleep(600)"));
    const waiting = outcome(session.query("select 1"));
    await serverIsAtWork();
    await terminate();
    expect(await running).toMatchObject({ code: "57P01", severity: "FATAL" });
    expect(await waiting).toMatchObject({
      code: "POOL_CONNECTION_LOST",
      isSafeToRetry: true,
      cause: { code: "57P01" },
    });
    expect(losses).toHaveLength(1);
  });

  it("refuses every later operation as safe to retry", async () => {
    await terminate();
    await eventually(() => session.isLost);
    const never = new AbortController().signal;
    const operations = [
      session.query("select 1"),
      session.pipelined("select 1"),
      session.script("select 1"),
      session.cursor("select 1").read(1),
      session.copyFrom("copy t from stdin", ["x"]),
      session.copyTo("copy t to stdout")[Symbol.asyncIterator]().next(),
      session.ping(never),
    ];
    for (const operation of operations) {
      expect(await outcome(operation)).toMatchObject({ code: "POOL_CONNECTION_LOST", isSafeToRetry: true });
    }
    await session.cancelRunning();
    await session.close();
  });
});

describe("a connection whose network breaks", () => {
  it("is lost once, and what was sent may have been carried out", async () => {
    const sent = [outcome(session.pipelined("select pg_sleep(600)")), outcome(session.pipelined("select 1"))];
    await serverIsAtWork();
    proxy.cut();
    for (const error of await Promise.all(sent)) {
      expect(error).toMatchObject({
        code: "POOL_CONNECTION_LOST",
        isSafeToRetry: false,
        cause: expect.any(Error),
      });
    }
    expect(losses).toHaveLength(1);
  });

  it("tells apart what had been sent from what had not", async () => {
    const sent = outcome(session.query("select pg_sleep(600)"));
    const unsent = outcome(session.query("select 1"));
    await serverIsAtWork();
    const late = outcome(session.pipelined("select 1"));
    proxy.cut();
    expect(await sent).toMatchObject({ isSafeToRetry: false });
    expect(await unsent).toMatchObject({ isSafeToRetry: true });
    expect(await late).toMatchObject({ isSafeToRetry: true });
  });

  it.each(["", "begin"])("rejects the next read of a cursor %s", async (before) => {
    await session.query(before);
    const cursor = session.cursor("select n from generate_series(1, 10) n");
    await cursor.read(1);
    proxy.cut();
    await eventually(() => session.isLost);
    expect(await outcome(cursor.read(1))).toMatchObject({
      code: "POOL_CONNECTION_LOST",
      isSafeToRetry: false,
      cause: session.lostCause,
    });
    expect(cursor.isClosed).toBe(true);
    await cursor.close();
  });

  it("ends a COPY from a source that never stops", async () => {
    await watcher.query("create table if not exists endless (x text)");
    let hasStarted = false;
    let wasTold = false;
    const source = (async function* () {
      hasStarted = true;
      try {
        for (;;) yield "x\n";
      } finally {
        wasTold = true;
      }
    })();
    const copy = outcome(session.copyFrom("copy endless from stdin", source));
    // The server can be at work before its invitation has arrived, and a source that was never asked has nothing to end.
    await eventually(() => hasStarted);
    proxy.cut();
    expect(await copy).toMatchObject({ code: "POOL_CONNECTION_LOST", isSafeToRetry: false });
    await eventually(() => wasTold);
  });
});

describe("a connection whose text would be misread", () => {
  it.each(["set client_encoding = 'latin1'", "set names 'win1252'"])("is lost: %s", async (text) => {
    expect(await outcome(session.query(text))).toMatchObject({
      code: "POOL_CONNECTION_LOST",
      cause: {
        message: expect.stringMatching(/client_encoding was set to (LATIN1|WIN1252).*leave it at UTF8/),
      },
    });
    expect(losses).toHaveLength(1);
  });

  it("is kept where the encoding is the one it has, or none", async () => {
    await session.script("set client_encoding = 'utf8'; set names 'sql_ascii'; reset client_encoding");
    expect((await session.query("select 'é' as x")).rows).toEqual([{ x: "é" }]);
  });
});

describe("a connection that sends what is not the protocol", () => {
  it("is lost, with a cause that says so", async () => {
    // Reading on behind a length that can't be would show one message as another.
    const { Wire } = await import("../../src/connection/wire/wire.ts");
    const { PassThrough } = await import("node:stream");
    const stream = new PassThrough();
    const ended = new Promise<Error>((resolve) => {
      new Wire(stream, { notice: () => {}, notification: () => {}, ended: resolve });
    });
    stream.write(Buffer.from([0x44, 0, 0, 0, 1, 0, 0]));
    expect(await ended).toBeInstanceOf(RangeError);
  });
});

describe("an end of our own", () => {
  it("by close waits for the socket and is no loss", async () => {
    const text = "select count(*)::int as n from pg_stat_activity where pid = $1";
    await session.close();
    await eventually(async () => {
      const { rows } = await watcher.query<{ n: number }>(text, [session.identity.backendPid]);
      return rows[0]?.n === 0;
    });
    expect(losses).toEqual([]);
    expect(session.isLost).toBe(false);
    expect(await outcome(session.query("select 1"))).toMatchObject({
      code: "POOL_CONNECTION_LOST",
      isSafeToRetry: true,
    });
    await session.close();
  });

  it("by destroy rejects what is under way and is no loss", async () => {
    const running = outcome(session.query("select pg_sleep(600)"));
    await serverIsAtWork();
    session.destroy();
    expect(await running).toMatchObject({ code: "POOL_CONNECTION_LOST", isSafeToRetry: false });
    expect(losses).toEqual([]);
    await session.close();
  });
});

describe("an error", () => {
  it("has a stack that leads to the code which ran the query", async () => {
    async function codeOfTheProgram(): Promise<void> {
      await session.query("select no");
    }
    const error = await outcome(codeOfTheProgram());
    expect(error).toMatchObject({ code: "42703", stack: expect.stringContaining("codeOfTheProgram") });
  });
});
