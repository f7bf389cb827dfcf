import { describe, expect, it } from "vitest";
import { rejection, until, useServer } from "./server.ts";

const test = useServer();

describe("an error", () => {
  it("of SQL keeps its connection", async () => {
    const pool = test.pool({ max: 1 });
    const before = (await pool.query<{ pid: number }>("select pg_backend_pid() as pid")).rows[0]?.pid;
    expect(await rejection(pool.query("select 1/0"))).toMatchObject({ code: "22012", severity: "ERROR" });
    expect((await pool.query("select pg_backend_pid() as pid")).rows).toEqual([{ pid: before }]);
    expect(pool.stats()).toMatchObject({ creates: 1, total: 1 });
  });

  it("that ends the session costs that connection, and no other caller sees it", async () => {
    const pool = test.pool({ max: 2 });
    const lease = await pool.acquire();
    const other = await pool.acquire();
    await other.query("select pg_terminate_backend($1)", [lease.backendPid]);
    const error = await rejection(lease.query("select 1"));
    expect(error).toMatchObject({ code: expect.stringMatching(/^(57P01|POOL_CONNECTION_LOST)$/) });
    lease.release();
    other.release();
    expect((await pool.query("select 1 as one")).rows).toEqual([{ one: 1 }]);
    expect(pool.stats().connectionsLost).toBeGreaterThanOrEqual(1);
  });

  it("in the background is an event and a counter, never an uncaught error", async () => {
    const pool = test.pool();
    const events: string[] = [];
    pool.onEvent((event) => events.push(event.type));
    const lease = await pool.acquire();
    const pid = lease.backendPid;
    lease.release();
    const admin = test.pool();
    await admin.query("select pg_terminate_backend($1)", [pid]);
    await until(() => pool.stats().total === 0);
    expect(events).toContain("lost");
    expect(pool.stats()).toMatchObject({ connectionsLost: 1, closed: { broken: 1 } });
  });
});

describe("a released session", () => {
  it("is rolled back where it was in a transaction", async () => {
    const pool = test.pool({ max: 1 });
    const lease = await pool.acquire();
    await lease.query("begin");
    await lease.query("create table left_open (id int)");
    lease.release();
    const { rows } = await pool.query("select to_regclass('left_open') as found");
    expect(rows).toEqual([{ found: null }]);
    expect(pool.stats()).toMatchObject({ creates: 1, releasesDirty: 1, resets: 1 });
  });

  it("is rolled back where its transaction had failed", async () => {
    const pool = test.pool({ max: 1 });
    const lease = await pool.acquire();
    await lease.query("begin");
    await rejection(lease.query("select 1/0"));
    expect(lease.transactionStatus).toBe("failed");
    lease.release();
    expect((await pool.query("select 1 as one")).rows).toEqual([{ one: 1 }]);
    expect(pool.stats().creates).toBe(1);
  });

  it("costs no round trip where it is idle", async () => {
    const pool = test.pool({ max: 1 });
    (await pool.acquire()).release();
    expect(pool.stats()).toMatchObject({ idle: 1, resetting: 0, releasesDirty: 0 });
  });

  it("is cancelled where a statement was still running", async () => {
    const pool = test.pool({ max: 1 });
    const lease = await pool.acquire();
    const running = rejection(lease.query("select pg_sleep(60)"));
    lease.release();
    expect((await pool.query("select 1 as one")).rows).toEqual([{ one: 1 }]);
    await running;
  });

  it("loses its settings, temporary tables, channels and locks where the pool resets to clean", async () => {
    const pool = test.pool({ max: 1, reset: "clean" });
    await pool.use(async (connection) => {
      await connection.query("set statement_timeout = '1234ms'");
      await connection.query("create temp table scratch (id int)");
      await connection.query("listen somewhere");
      await connection.query("select pg_advisory_lock(42)");
    });
    const { rows } =
      await pool.query(`select current_setting('statement_timeout') as timeout, to_regclass('scratch') as scratch,
      (select count(*)::int from pg_listening_channels()) as channels,
      (select count(*)::int from pg_locks where locktype = 'advisory') as locks`);
    expect(rows).toEqual([{ timeout: "0", scratch: null, channels: 0, locks: 0 }]);
    expect(pool.stats()).toMatchObject({ creates: 1, resets: 1 });
  });

  it("is closed where the pool resets nothing and it was left in a transaction", async () => {
    const pool = test.pool({ max: 1, reset: "none" });
    await pool.use((connection) => connection.query("begin"));
    await until(() => pool.stats().total === 0);
    expect(pool.stats().closed.reset).toBe(1);
  });

  it("is cleaned by the caller's own function", async () => {
    const cleaned: string[] = [];
    const pool = test.pool({
      max: 1,
      reset: async (connection) => {
        cleaned.push(connection.id);
        await connection.query("rollback");
      },
    });
    await pool.use((connection) => connection.query("begin"));
    await pool.use((connection) => {
      expect(connection.transactionStatus).toBe("idle");
    });
    expect(cleaned[0]).toBe("main#1");
  });
});
