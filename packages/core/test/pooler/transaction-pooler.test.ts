import { createConnectionFactory, createListenHub, createPool, type Pool } from "@rockpool/core";
import {
  isPgBouncerInstalled,
  type PgBouncer,
  type PostgresServer,
  startPgBouncer,
  startPostgres,
} from "@rockpool/postgres";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { rejection } from "../transaction/workbench.ts";

const isInstalled = isPgBouncerInstalled();
const reason = isInstalled ? "" : " (skipped: PgBouncer is not installed; apt-get install pgbouncer)";

const poolSize = 2;

describe.skipIf(!isInstalled)(`behind PgBouncer in transaction mode${reason}`, () => {
  let server: PostgresServer;
  let bouncer: PgBouncer;
  let pool: Pool;

  beforeAll(async () => {
    server = await startPostgres();
    bouncer = await startPgBouncer(server, { poolSize });
  });
  afterAll(async () => {
    await bouncer.stop();
    await server[Symbol.asyncDispose]();
  });
  beforeEach(async () => {
    pool = createPool(bouncer.url, { pooler: "transaction", max: 8 });
    await pool.script("drop table if exists items; create table items (id int primary key, label text)");
  });
  afterEach(() => pool.close());

  /** Many callers at once on few server connections, so that consecutive statements of one caller meet different servers. */
  async function interleaved(callers: number, work: (caller: number) => Promise<void>): Promise<void> {
    await Promise.all(Array.from({ length: callers }, (_, caller) => work(caller)));
  }

  test("queries of many callers get their own answers, however often a statement repeats", async () => {
    const backends = new Set<unknown>();
    await interleaved(8, async (caller) => {
      for (let turn = 0; turn < 20; turn++) {
        const { rows } = await pool.query(
          "select $1::int as caller, $2::text as turn, pg_backend_pid() as pid",
          [caller, `turn ${turn}`],
        );
        expect(rows[0]).toMatchObject({ caller, turn: `turn ${turn}` });
        backends.add(rows[0]?.pid);
      }
    });
    expect(backends.size).toBeLessThanOrEqual(poolSize);
  });

  test("an error keeps the connection, and the next query works", async () => {
    expect(await rejection(pool.query("select 1/0"))).toMatchObject({ code: "22012" });
    expect((await pool.query("select 1 as one")).rows).toEqual([{ one: 1 }]);
    expect(pool.stats().total).toBe(1);
  });

  test("scripts run as a whole", async () => {
    const results = await pool.script("insert into items values (1, 'a'); select * from items");
    expect(results.map(({ command }) => command)).toEqual(["INSERT", "SELECT"]);
  });

  test("transactions of many callers are kept apart, and each is all or nothing", async () => {
    await interleaved(8, async (caller) => {
      const outcome = pool.transaction(async (transaction) => {
        const before = await transaction.query("select pg_backend_pid() as pid");
        await transaction.query("insert into items values ($1, 'kept')", [caller]);
        const after = await transaction.query("select pg_backend_pid() as pid");
        expect(after.rows).toEqual(before.rows);
        if (caller % 2 === 1) throw new Error("undo");
      });
      if (caller % 2 === 1) await rejection(outcome);
      else await outcome;
    });
    const { rows } = await pool.query<{ id: number }>("select id from items order by id");
    expect(rows.map(({ id }) => id)).toEqual([0, 2, 4, 6]);
  });

  test("savepoints, isolation and retries work", async () => {
    let runs = 0;
    await pool.transaction(
      async (transaction) => {
        runs += 1;
        const { rows } = await transaction.query("select current_setting('transaction_isolation') as level");
        expect(rows).toEqual([{ level: "serializable" }]);
        await transaction.query("insert into items values (1, 'kept')");
        await rejection(
          transaction.transaction((savepoint) => savepoint.query("insert into items values (1, 'twice')")),
        );
        if (runs === 1)
          await transaction.query("do $$ begin raise exception 'again' using errcode = '40001'; end $$");
      },
      { isolation: "serializable", retry: { attempts: 3, minDelayMillis: 0, maxDelayMillis: 0 } },
    );
    expect(runs).toBe(2);
    expect((await pool.query("select label from items")).rows).toEqual([{ label: "kept" }]);
  });

  test("a cursor in a transaction reads batch by batch while others work", async () => {
    await interleaved(4, async (caller) => {
      await pool.transaction(async (transaction) => {
        let sum = 0;
        const cursor = transaction.cursor<{ n: number }>("select n from generate_series(1, 100) n", [], {
          batchSize: 7,
        });
        for await (const { n } of cursor) {
          sum += n;
          if (n % 20 === 0) await transaction.query("select $1::int", [caller]);
        }
        expect(sum).toBe(5050);
      });
    });
  });

  test("a cursor of the pool reads to its end, and may stop early", async () => {
    let count = 0;
    for await (const _row of pool.cursor("select generate_series(1, 1000)", [], { batchSize: 10 })) {
      count += 1;
      if (count === 25) break;
    }
    const all = await pool.cursor("select generate_series(1, 1000)").fetchAll();
    expect([count, all.length]).toEqual([25, 1000]);
  });

  test("COPY works in both directions", async () => {
    await pool.copyFrom("copy items from stdin", ["1\ta\n2\tb\n"]);
    const chunks: Uint8Array[] = [];
    for await (const chunk of pool.copyTo("copy (select * from items order by id) to stdout"))
      chunks.push(chunk);
    expect(Buffer.concat(chunks).toString()).toBe("1\ta\n2\tb\n");
  });

  test("an abort cancels the statement on the server, and the connection is fit for the next", async () => {
    const controller = new AbortController();
    const enough = new Error("enough");
    const outcome = rejection(pool.query("select pg_sleep(60)", [], { signal: controller.signal }));
    await using watcher = await createConnectionFactory(server.url).connect();
    const sleeps = "select 1 from pg_stat_activity where query like 'select pg_sleep%' and state = 'active'";
    while ((await watcher.query(sleeps)).rows.length === 0);
    controller.abort(enough);
    expect(await outcome).toBe(enough);
    expect((await pool.query("select 1 as one")).rows).toEqual([{ one: 1 }]);
    expect((await watcher.query(sleeps)).rows).toEqual([]);
  });

  test("a setting for one transaction is gone after it", async () => {
    await pool.transaction(async (transaction) => {
      await transaction.query("set local work_mem = '7MB'");
      expect((await transaction.query("show work_mem")).rows).toEqual([{ work_mem: "7MB" }]);
    });
    await interleaved(4, async () => {
      expect((await pool.query("show work_mem")).rows).toEqual([{ work_mem: "4MB" }]);
    });
  });

  test("an advisory lock of a transaction keeps others out until its end", async () => {
    await pool.transaction(async (transaction) => {
      await transaction.advisoryLock("import");
      await using other = await createConnectionFactory(bouncer.url, { pooler: "transaction" }).connect();
      const lock = await other.transaction((second) => second.advisoryLock("import", { wait: false }));
      expect(lock).toBeNull();
    });
    expect(await pool.transaction((second) => second.advisoryLock("import", { wait: false }))).not.toBeNull();
  });

  const refused: [string, string, RegExp][] = [
    ["a session setting", "set work_mem = '7MB'", /session setting; use SET LOCAL/],
    ["set_config for the session", "select set_config('work_mem', '7MB', false)", /session setting/],
    ["LISTEN", "listen orders", /LISTEN; .*the server itself/],
    ["PREPARE", "prepare answer as select 42", /PREPARE; pass values to query/],
    ["a cursor WITH HOLD", "declare c cursor with hold for select 1", /WITH HOLD/],
    ["a temporary table", "create temporary table t (id int)", /temporary table.*ON COMMIT DROP/],
    [
      "a session advisory lock",
      "select pg_advisory_lock(1)",
      /session advisory lock; use pg_advisory_xact_lock/,
    ],
    ["SET ROLE", "set role postgres", /session role; use SET LOCAL ROLE/],
  ];
  for (const [what, text, words] of refused) {
    test(`${what} is refused before it reaches the server, with what to do`, async () => {
      for (const outcome of [pool.query(text), pool.script(text)]) {
        expect(await rejection(outcome)).toMatchObject({
          code: "POOL_CONFIG",
          message: expect.stringMatching(words),
        });
      }
    });
  }

  test("the hub and the session's lock are refused as well", async () => {
    expect(await rejection(pool.listen("orders", { onNotify: () => {} }))).toMatchObject({
      code: "POOL_CONFIG",
    });
    const factory = createConnectionFactory(bouncer.url, { pooler: "transaction" });
    await using hub = createListenHub(factory);
    expect(await rejection(hub.listen("orders", { onNotify: () => {} }))).toMatchObject({
      code: "POOL_CONFIG",
    });
    expect(await rejection(pool.use((connection) => connection.advisoryLock(1)))).toMatchObject({
      code: "POOL_CONFIG",
    });
  });

  test("a start-up parameter that PgBouncer would refuse is refused here, with what to do", async () => {
    const url = `${bouncer.url}?options=-c%20search_path%3Dfoo`;
    const error = await rejection(
      (async () => {
        await using bad = createPool(url, { pooler: "transaction" });
        await bad.query("select 1");
      })(),
    );
    expect(error).toMatchObject({ message: expect.stringMatching(/options/) });
  });

  test("without the switch, a statement that was prepared on another server says what to set", async () => {
    const factory = createConnectionFactory(bouncer.url);
    await using careless = await factory.connect();
    await using other = await factory.connect();
    const text = "select pg_backend_pid() as pid, $1::int as x";
    const first = await careless.query(text, [1]);

    // The other client takes that server, so that the next transaction runs on a second one.
    await using holder = await other.begin();
    const { rows } = await holder.query("select pg_backend_pid() as pid");
    expect(rows[0]?.pid).toBe(first.rows[0]?.pid);
    expect(
      await rejection(careless.transaction((transaction) => transaction.query(text, [2]))),
    ).toMatchObject({
      code: "POOL_CONFIG",
      message: expect.stringMatching(/lost a prepared statement; .*set pooler: 'transaction'/),
    });

    await using careful = await createConnectionFactory(bouncer.url, { pooler: "transaction" }).connect();
    await careful.query(text, [1]);
    await careful.transaction((transaction) => transaction.query(text, [2]));
  });
});
