import { type PostgresServer, startPostgres } from "@rockpool/postgres";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { ConnectionObserver, OperationEnd, OperationStart } from "../../src/connection/observer.ts";
import { OpenConnection } from "../../src/connection/open-connection.ts";
import type { Session } from "../../src/connection/session.ts";
import { eventually, openSession } from "./world.ts";

interface Sighting {
  readonly start: OperationStart;
  readonly ends: OperationEnd[];
}

let server: PostgresServer;
let session: Session;
let connection: OpenConnection;
let sightings: Sighting[];

const comment = "/*traceparent='1'*/";

const observer: ConnectionObserver = {
  started: (_identity, start) => {
    const sighting: Sighting = { start, ends: [] };
    sightings.push(sighting);
    return { comment, end: (end) => sighting.ends.push(end) };
  },
};

beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.stop());
beforeEach(async () => {
  sightings = [];
  session = await openSession(server, { observer });
  connection = new OpenConnection(session);
});
afterEach(() => connection.close());

const reason = new Error("enough");
const outcome = (work: Promise<unknown>): Promise<unknown> => work.catch((error: unknown) => error);

/** The one operation that was seen, with its one end. */
function only(): OperationStart & { end: OperationEnd } {
  expect(sightings).toHaveLength(1);
  const [sighting] = sightings;
  expect(sighting?.ends).toHaveLength(1);
  const [end] = sighting?.ends ?? [];
  if (sighting === undefined || end === undefined) throw new Error("nothing was seen");
  return { ...sighting.start, end };
}

async function drain(output: AsyncIterable<unknown>, limit = Number.POSITIVE_INFINITY): Promise<void> {
  let seen = 0;
  for await (const _ of output) {
    seen += 1;
    if (seen >= limit) break;
  }
}

describe("an operation is seen once, with its end", () => {
  it("when it succeeds", async () => {
    session.scope = { name: "lease" };
    await connection.query("select $1::int as x", [1]);
    expect(only()).toEqual({
      kind: "query",
      text: "select $1::int as x",
      isParameterised: true,
      isPrepared: true,
      batchSize: 1,
      scope: { name: "lease" },
      end: { error: null, wasAborted: false, rowCount: 1, command: "SELECT" },
    });
  });

  it("when the server refuses it", async () => {
    const error = await outcome(connection.query("select 1/0"));
    expect(only().end).toEqual({ error, wasAborted: false, rowCount: null, command: null });
  });

  it("when it is repeated unseen", async () => {
    await connection.query("select 1 as x");
    await connection.query("do $$ begin execute 'deallocate all'; end $$");
    sightings = [];
    await connection.query("select 1 as x");
    expect(only().end.error).toBeNull();
  });

  it("when it is aborted while it waits, or while it runs", async () => {
    const before = connection.query("select pg_sleep(0.02)");
    sightings = [];
    expect(
      await outcome(connection.query("select 1", [], { signal: AbortSignal.timeout(1) })),
    ).toBeInstanceOf(Error);
    expect(only().end).toMatchObject({ error: { name: "TimeoutError" }, wasAborted: true });
    await before;
    sightings = [];
    const error = await outcome(connection.query("select pg_sleep(60)", [], { timeoutMillis: 20 }));
    expect(only().end.error).toBe(error);
  });

  it("when its connection is destroyed", async () => {
    const running = outcome(connection.query("select pg_sleep(60)"));
    session.destroy();
    expect(only().end.error).toBe(await running);
  });

  it("when it is a script, with the number of its statements", async () => {
    await connection.script("select 1; select 2; select 3");
    expect(only()).toMatchObject({
      kind: "script",
      batchSize: 3,
      isParameterised: false,
      end: { error: null },
    });
  });

  it("when it is a cursor that is read to its end, with all its rows", async () => {
    await connection.cursor("select generate_series(1, 25)", [], { batchSize: 10 }).fetchAll();
    expect(only()).toMatchObject({ kind: "cursor", end: { error: null, rowCount: 25, command: "SELECT" } });
  });

  it.each(["", "begin"])(
    "when it is a cursor that writes, with the command that the server tells %s",
    async (before) => {
      if (before !== "") await connection.query(before);
      sightings = [];
      await connection.query("create temp table written (n int)");
      await connection.query("insert into written select generate_series(1, 3)");
      sightings = [];
      const gone = "with gone as (select n from written) delete from written using gone returning gone.n";
      await connection.cursor(gone, [], { batchSize: 2 }).fetchAll();
      expect(only()).toMatchObject({ kind: "cursor", end: { error: null, command: "DELETE" } });
    },
  );

  it.each(["", "begin"])("when it is a cursor that is left early %s", async (before) => {
    if (before !== "") await connection.query(before);
    sightings = [];
    await drain(connection.cursor("select generate_series(1, 25)", [], { batchSize: 10 }), 5);
    expect(only()).toMatchObject({ kind: "cursor", end: { error: null, rowCount: 10, command: null } });
  });

  it("when it is a cursor that fails, is aborted between reads, or is lost", async () => {
    const error = await outcome(connection.cursor("select no").read(1));
    expect(only().end.error).toBe(error);
    sightings = [];
    const controller = new AbortController();
    await connection.cursor("select generate_series(1, 25)", [], { signal: controller.signal }).read(1);
    controller.abort(reason);
    await eventually(() => !session.isBusy);
    expect(only().end).toMatchObject({ error: reason, wasAborted: true });
    sightings = [];
    await connection.cursor("select generate_series(1, 25)").read(1);
    session.destroy();
    expect(only().end.error).toMatchObject({ code: "POOL_CONNECTION_LOST" });
  });

  it("when it is a cursor that ends with its transaction", async () => {
    await connection.query("begin");
    sightings = [];
    await connection.cursor("select generate_series(1, 25)").read(1);
    const [cursor] = sightings;
    await connection.query("commit");
    expect(cursor?.ends).toEqual([{ error: null, wasAborted: false, rowCount: 1, command: null }]);
  });

  it("when it is a COPY, whole or left early", async () => {
    await connection.query("create temp table t (id int)");
    sightings = [];
    await connection.copyFrom("copy t from stdin", ["1\n2\n"]);
    expect(only()).toMatchObject({ kind: "copy", end: { error: null, rowCount: 2, command: "COPY" } });
    sightings = [];
    await drain(connection.copyTo("copy t to stdout"));
    expect(only()).toMatchObject({ kind: "copy", end: { error: null, rowCount: 2, command: "COPY" } });
    sightings = [];
    await drain(
      connection.copyTo("copy (select repeat('x', 9999) from generate_series(1, 9999)) to stdout"),
      1,
    );
    expect(only().end.error).toBeNull();
  });

  it("when it is pipelined and aborted after it was sent", async () => {
    const controller = new AbortController();
    const aborted = outcome(connection.pipeline().query("select 1", [], { signal: controller.signal }));
    controller.abort(reason);
    expect(await aborted).toBe(reason);
    await eventually(() => !session.isBusy);
    expect(only().end).toMatchObject({ error: reason, wasAborted: true });
  });
});

describe("an operation that is aborted before its call", () => {
  it("is not seen, since nothing is sent", async () => {
    const signal = AbortSignal.abort(reason);
    await outcome(connection.query("select 1", [], { signal }));
    await outcome(connection.cursor("select 1", [], { signal }).read(1));
    await outcome(drain(connection.copyTo("copy t to stdout", { signal })));
    expect(sightings).toEqual([]);
  });
});

describe("the observer's comment", () => {
  const own = "select query from pg_stat_activity where pid = pg_backend_pid()";

  it("is appended to a text that is not prepared", async () => {
    const { rows } = await connection.query(own, [], { prepare: false });
    expect(rows).toEqual([{ query: own + comment }]);
    const [script] = await connection.script(own);
    expect(script?.rows).toEqual([{ query: own + comment }]);
    expect(await connection.cursor(own).fetchAll()).toEqual([{ query: own + comment }]);
  });

  it("is left out where the text is prepared, since it would be another text each time", async () => {
    expect((await connection.query(own)).rows).toEqual([{ query: own }]);
  });
});

describe("an observer that does not listen", () => {
  it("is not asked about an operation, and is asked again as soon as it listens", async () => {
    let isListening = false;
    session.observer = {
      get isListening() {
        return isListening;
      },
      started: observer.started,
    };
    await connection.query("select 1 as quiet");
    await connection.script("select 2 as quiet");
    expect(sightings).toHaveLength(0);
    isListening = true;
    await connection.query("select 3 as heard");
    expect(only().text).toBe("select 3 as heard");
  });

  it("does not silence the one beside it", async () => {
    session.observer = { isListening: false, started: () => null };
    session.companion = observer;
    await connection.query("select 1 as heard");
    expect(only().text).toBe("select 1 as heard");
  });
});

describe("an observer that throws", () => {
  const broken = (): never => {
    throw new Error("an observer's own mistake");
  };
  const operations: [string, () => Promise<unknown>][] = [
    ["a query", () => connection.query("select 1")],
    ["a script", () => connection.script("select 1; select 2")],
    ["a cursor", () => connection.cursor("select 1").fetchAll()],
    ["a transaction", () => connection.transaction((transaction) => transaction.query("select 1"))],
  ];

  it.each(operations)("neither fails nor holds up %s", async (_name, run) => {
    for (const started of [broken, () => ({ comment: null, end: broken })]) {
      session.observer = { started };
      await run();
    }
    session.observer = null;
    expect((await connection.query("select 1 as x")).rows).toEqual([{ x: 1 }]);
  });
});
