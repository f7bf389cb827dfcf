import {
  isPgBouncerInstalled,
  type PgBouncer,
  type PostgresServer,
  startPgBouncer,
  startPostgres,
} from "@rockpool/postgres";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { OpenConnection } from "../../src/connection/open-connection.ts";
import type { SessionOptions } from "../../src/connection/session-options.ts";
import { eventually, openConnection } from "./world.ts";

let server: PostgresServer;
let bouncer: PgBouncer;

const outcome = (work: Promise<unknown>): Promise<unknown> => work.catch((error: unknown) => error);

function connect(options: Partial<SessionOptions> = {}): Promise<OpenConnection> {
  const { host, port } = bouncer;
  return openConnection({ host, port, user: "postgres", database: "postgres" }, options);
}

describe.skipIf(!isPgBouncerInstalled())("behind PgBouncer in transaction mode", () => {
  beforeAll(async () => {
    server = await startPostgres();
    bouncer = await startPgBouncer(server, { poolSize: 2 });
  });
  afterAll(async () => {
    await bouncer.stop();
    await server.stop();
  });

  it("two clients that run the same and other texts in turn each get their own answers", async () => {
    await using left = await connect({ pooler: "transaction" });
    await using right = await connect({ pooler: "transaction" });
    for (let round = 0; round < 30; round++) {
      const texts = ["select $1::int as x", "select $1::int + 1000 as x"];
      const [a, b] = await Promise.all([
        left.query(texts[round % 2] ?? "", [round]),
        right.query(texts[(round + 1) % 2] ?? "", [round]),
      ]);
      expect([a.rows, b.rows]).toEqual([
        [{ x: round % 2 === 0 ? round : round + 1000 }],
        [{ x: round % 2 === 0 ? round + 1000 : round }],
      ]);
    }
  });

  it("statements that stay prepared all the same never run the text of another client", async () => {
    await using left = await connect();
    await using right = await connect();
    for (let round = 0; round < 30; round++) {
      const [a, b] = await Promise.all([
        left.query("select 'left' as x, $1::int as n", [round]),
        right.query("select 'right' as x, $1::int as n", [round]),
      ]);
      expect([a.rows[0]?.x, b.rows[0]?.x]).toEqual(["left", "right"]);
    }
  });

  it("a statement that is lost within a transaction says what to set", async () => {
    await using left = await connect();
    await using right = await connect();
    // Each client leaves its statement on one server, and goes on on the other.
    await left.query("select 1 as x");
    const errors: unknown[] = [];
    await eventually(async () => {
      await right.query("begin");
      await left.query("begin");
      const error = await outcome(left.query("select 1 as x"));
      if (error instanceof Error) errors.push(error);
      await left.query("rollback");
      await right.query("rollback");
      await Promise.all([
        right.query("select pg_sleep(0.01)"),
        left.query("select pg_sleep(0.005)", [], { prepare: false }),
      ]);
      return errors.length > 0;
    });
    expect(errors[0]).toMatchObject({
      code: "POOL_CONFIG",
      message: expect.stringContaining("pooler: 'transaction'"),
    });
  });

  it("cursors, COPY, scripts and pipelines work, within a transaction and outside", async () => {
    await using connection = await connect({ pooler: "transaction" });
    await connection.query("create table copied (id int)");
    const numbers = "select n from generate_series(1, 250) n";
    for (const end of ["", "commit"]) {
      if (end !== "") await connection.query("begin");
      expect(await connection.cursor(numbers, [], { batchSize: 100 }).fetchAll()).toHaveLength(250);
      expect(await connection.copyFrom("copy copied from stdin", ["1\n2\n"])).toEqual({ rowCount: 2 });
      let bytes = "";
      for await (const chunk of connection.copyTo("copy copied to stdout"))
        bytes += Buffer.from(chunk).toString();
      expect(bytes).toMatch(/^(1\n2\n)+$/);
      expect(await connection.script("select 1; select 2")).toHaveLength(2);
      const pipeline = connection.pipeline();
      expect(await Promise.all([1, 2, 3].map((n) => pipeline.query("select $1::int", [n])))).toHaveLength(3);
      if (end !== "") await connection.query(end);
    }
  });

  it("an abort ends the statement on the server, and the connection goes on", async () => {
    await using connection = await connect({ pooler: "transaction" });
    await using watcher = await openConnection(server);
    const atWork = "select 1 from pg_stat_activity where query like 'select pg_sleep%' and state = 'active'";
    for (let i = 0; i < 5; i++) {
      const controller = new AbortController();
      const reason = new Error("enough");
      const aborted = outcome(connection.query("select pg_sleep(600)", [], { signal: controller.signal }));
      await eventually(async () => (await watcher.query(atWork)).rowCount === 1);
      controller.abort(reason);
      expect(await aborted).toBe(reason);
      expect((await watcher.query(atWork)).rowCount).toBe(0);
      expect((await connection.query("select 1 as x")).rows).toEqual([{ x: 1 }]);
    }
  });
});
