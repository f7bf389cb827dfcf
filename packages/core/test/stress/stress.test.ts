import { createPool, isPoolError, type Lease, type Pool } from "@rockpool/core";
import { type PostgresServer, startPostgres } from "@rockpool/postgres";
import { describe, expect, it } from "vitest";
import { type LogEntry, violations } from "./log-checker.ts";

const seconds = Number(process.env.ROCKPOOL_STRESS_SECONDS ?? 4);
const max = 6;
const name = "stress";

/** Callers of a pool and what they see of it. */
class Stress {
  readonly log: LogEntry[] = [];
  readonly #pool: Pool;
  granted = 0;
  #callers = 0;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  /** Asks, works and gives back, until it is over; some are impatient, and some end badly. */
  async work(isOver: () => boolean): Promise<void> {
    while (!isOver()) {
      const caller = ++this.#callers;
      const lease = await this.#ask(caller);
      if (lease !== null) await this.#use(caller, lease);
    }
  }

  async #ask(caller: number): Promise<Lease | null> {
    const impatience = caller % 7;
    const options =
      impatience === 0
        ? { signal: AbortSignal.timeout(caller % 11) }
        : { timeoutMillis: impatience === 1 ? 5 : 20_000 };
    this.log.push({ event: "asked", caller });
    try {
      const lease = await this.#pool.acquire(options);
      this.granted += 1;
      this.log.push({ event: "granted", caller, backendPid: lease.backendPid ?? -caller });
      return lease;
    } catch (error) {
      this.log.push({ event: "refused", caller, because: isPoolError(error) ? error.code : String(error) });
      return null;
    }
  }

  async #use(caller: number, lease: Lease): Promise<void> {
    const backendPid = lease.backendPid ?? -caller;
    try {
      const { rows } = await lease.query<{ n: number }>("select $1::int as n, pg_sleep($2)", [
        caller,
        (caller % 5) / 1_000,
      ]);
      this.log.push({ event: "answered", caller, sent: caller, received: rows[0]?.n });
      if (caller % 13 === 0) await lease.query("select 1/0");
      if (caller % 17 === 0) await lease.query("begin; create temp table t (n int)");
    } catch {
      // The server was killed or did what it was told to; the checker looks at what comes of it.
    }
    this.log.push({ event: "released", caller, backendPid });
    if (caller % 19 === 0) lease.discard();
    else lease.release();
  }
}

/** Counts and kills the pool's backends through a connection of its own. */
async function disturb(server: PostgresServer, log: LogEntry[], isOver: () => boolean): Promise<void> {
  await using control = createPool(server.url, { name: "control", max: 1 });
  for (let round = 1; !isOver(); round += 1) {
    try {
      const { rows } = await control.query<{ pid: number }>(
        "select pid from pg_stat_activity where application_name = $1 and backend_type = 'client backend'",
        [name],
      );
      log.push({ event: "backends", count: rows.length });
      const victim = rows[round % Math.max(1, rows.length)];
      if (round % 10 === 0 && victim !== undefined)
        await control.query("select pg_terminate_backend($1)", [victim.pid]);
    } catch {
      // It was restarted; the next round sees it again.
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

describe("under stress on a real server", () => {
  it("no lease is shared, nobody is overtaken or forgotten, answers reach who asked, and max holds", {
    timeout: seconds * 1_000 + 120_000,
  }, async () => {
    await using server = await startPostgres();
    const pool = createPool(`${server.url}?application_name=${name}`, { name, max });
    const stress = new Stress(pool);
    const until = Date.now() + seconds * 1_000;
    // A busy machine takes longer until enough has happened.
    const isOver = () => Date.now() >= until && stress.granted > 100 && pool.stats().connectionsLost > 0;
    const restart = (async () => {
      for (let at = until - seconds * 1_000 + 2_000; at < until; at += 10_000) {
        await new Promise((resolve) => setTimeout(resolve, at - Date.now()));
        await server.restart();
      }
    })();
    await Promise.all([
      ...Array.from({ length: 40 }, () => stress.work(isOver)),
      disturb(server, stress.log, isOver),
      restart,
    ]);
    const before = pool.stats();
    await pool.close({ timeoutMillis: 5_000 });

    expect(violations(stress.log, max)).toEqual([]);
    const refused = stress.log.filter(({ event }) => event === "refused").length;
    expect(before.acquires).toBe(stress.granted + refused);
    expect(before.releases).toBe(stress.granted);
    expect(pool.stats()).toMatchObject({ total: 0, waiting: 0, state: "closed" });
  });
});
