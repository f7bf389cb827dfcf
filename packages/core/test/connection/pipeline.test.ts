import { type PostgresServer, startPostgres } from "@rockpool/postgres";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { OpenConnection } from "../../src/connection/open-connection.ts";
import type { Session } from "../../src/connection/session.ts";
import { openSession } from "./world.ts";

let server: PostgresServer;
let session: Session;
let connection: OpenConnection;

beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.stop());
beforeEach(async () => {
  session = await openSession(server);
  connection = new OpenConnection(session);
});
afterEach(() => connection.close());

describe("a pipeline", () => {
  it("sends its statements without waiting for the answers, which come in order", async () => {
    await using pipeline = connection.pipeline();
    const order: number[] = [];
    const queries = [3, 1, 2].map(async (n) => {
      const { rows } = await pipeline.query<{ n: number }>("select $1::int as n", [n]);
      order.push(rows[0]?.n ?? 0);
    });
    expect(session.inFlight).toBe(3);
    await Promise.all(queries);
    expect(order).toEqual([3, 1, 2]);
  });

  it("lets each statement settle alone", async () => {
    const pipeline = connection.pipeline();
    const results = await Promise.allSettled([
      pipeline.query("select 1 as x"),
      pipeline.query("select 1/0"),
      pipeline.query("selec"),
      pipeline.query("select 1/0"),
      pipeline.query("selec"),
      pipeline.query("select $1::text as x", ["two"]),
    ]);
    expect(
      results.map((result) => (result.status === "fulfilled" ? result.value.rows : result.reason.code)),
    ).toEqual([[{ x: 1 }], "22012", "42601", "22012", "42601", [{ x: "two" }]]);
  });

  it("that has ended sends nothing more", async () => {
    const pipeline = connection.pipeline();
    await pipeline[Symbol.asyncDispose]();
    await expect(pipeline.query("select 1")).rejects.toThrow("the pipeline has ended");
    expect(session.inFlight).toBe(0);
  });

  it("prepares a text once, even where many runs are sent before the first answer", async () => {
    const pipeline = connection.pipeline();
    const runs = await Promise.all([1, 2, 3].map((n) => pipeline.query("select $1::int as n", [n])));
    expect(runs.map(({ rows }) => rows)).toEqual([[{ n: 1 }], [{ n: 2 }], [{ n: 3 }]]);
    const { rows } = await connection.query("select count(*)::int as n from pg_prepared_statements");
    expect(rows).toEqual([{ n: 2 }]);
  });

  it("repeats every run whose statement has become stale", async () => {
    await connection.script("create temp table shape (a int); insert into shape values (1)");
    await connection.query("select * from shape");
    await connection.query("alter table shape add b int");
    const pipeline = connection.pipeline();
    const results = await Promise.all([1, 2, 3].map(() => pipeline.query("select * from shape")));
    expect(results.map(({ rows }) => rows)).toEqual(Array(3).fill([{ a: 1, b: null }]));
  });

  it("rejects an aborted statement at once and leaves its neighbours alone", async () => {
    const pipeline = connection.pipeline();
    const controller = new AbortController();
    const before = pipeline.query("select pg_sleep(0.05)::text as x");
    const aborted = pipeline.query("select pg_sleep(0.05)", [], { signal: controller.signal });
    const after = pipeline.query("select 1 as x");
    controller.abort(new Error("enough"));
    await expect(aborted).rejects.toThrow("enough");
    expect(session.inFlight).toBe(3);
    expect((await before).rows).toEqual([{ x: "" }]);
    expect((await after).rows).toEqual([{ x: 1 }]);
    expect(session.isBusy).toBe(false);
  });

  it("does not repeat a run whose caller has given it up", async () => {
    await connection.script("create temp table shape (a int); create temp table log (a int)");
    const text = "with l as (insert into log values (1)) select * from shape";
    await connection.query(text);
    await connection.query("alter table shape add b int");
    const controller = new AbortController();
    const aborted = connection.pipeline().query(text, [], { signal: controller.signal });
    controller.abort(new Error("enough"));
    await expect(aborted).rejects.toThrow("enough");
    expect((await connection.query("select count(*)::int as n from log")).rows).toEqual([{ n: 1 }]);
  });

  it("waits for the operations before it, and those behind it wait for all of it", async () => {
    const order: string[] = [];
    const note = (name: string) => () => order.push(name);
    const pipeline = connection.pipeline();
    await Promise.all([
      connection.query("select pg_sleep(0.02)").then(note("query")),
      pipeline.query("select pg_sleep(0.01)").then(note("first")),
      pipeline.query("select 1").then(note("second")),
      connection.query("select 1").then(note("last")),
    ]);
    expect(order).toEqual(["query", "first", "second", "last"]);
  });

  it("refuses a COPY, which would need the connection to itself", async () => {
    await expect(connection.pipeline().query("copy (select 1) to stdout")).rejects.toThrow(/copyTo\(\)/);
  });

  it("waits at the end of its block for what it has sent, and takes no more", async () => {
    const pipeline = connection.pipeline();
    const failing = pipeline.query("select 1/0");
    const expectation = expect(failing).rejects.toMatchObject({ code: "22012" });
    await pipeline[Symbol.asyncDispose]();
    expect(session.inFlight).toBe(0);
    await expectation;
    await expect(pipeline.query("select 1")).rejects.toThrow(/has ended/);
  });
});
