import { startPostgres, startReplica } from "@rockpool/postgres";
import { expect, it } from "vitest";
import { createPool } from "../../src/create-pool.ts";
import { isPoolError } from "../../src/errors.ts";

const callers = 20;

/** What became of one unit of work: the port that it ran on, or the code of its error. */
type Outcome = number | string;

it("under load, a killed primary and a promoted replica lose no caller, and writes go on at the new primary", {
  timeout: 90_000,
}, async () => {
  const primary = await startPostgres();
  await using replica = await startReplica(primary);
  await using pool = createPool(
    `postgresql://postgres@127.0.0.1:${primary.port},127.0.0.1:${replica.port}/postgres?target_session_attrs=read-write`,
    { name: "failover", max: 5, acquireTimeoutMillis: 5_000, environment: {}, homeDirectory: "/nowhere" },
  );
  await pool.query("create table work (id serial)");
  // What a replica has not received when its primary dies is lost: that is no business of the pool's.
  await using arrived = createPool(replica.url, { name: "replica", max: 1 });
  await expect
    .poll(async () => (await arrived.query("select to_regclass('work')::text as name")).rows[0]?.name)
    .toBe("work");

  const outcomes: Outcome[] = [];
  let isLoaded = true;
  const load = Array.from({ length: callers }, async () => {
    while (isLoaded) outcomes.push(await work());
  });
  async function work(): Promise<Outcome> {
    try {
      const { rows } = await pool.query(
        "insert into work default values returning inet_server_port() as port",
      );
      return Number(rows[0]?.port);
    } catch (error) {
      return isPoolError(error) || (error instanceof Error && "code" in error)
        ? String(error.code)
        : "unknown";
    }
  }

  let promotedAt = 0;
  try {
    await expect.poll(() => outcomes.length).toBeGreaterThan(100);
    await primary.stop("immediate");
    await replica.promote();
    // A call that is made after the promotion finds the new primary within its deadline of five seconds.
    expect(await work()).toBe(replica.port);
    promotedAt = outcomes.length;
    await expect.poll(() => outcomes.length, { timeout: 20_000 }).toBeGreaterThan(promotedAt + 200);
  } finally {
    // Callers of a closed pool are refused within the turn: left alone they would never let the process go on.
    isLoaded = false;
  }
  await Promise.all(load);

  expect(outcomes).not.toContain("unknown");
  const after = outcomes.slice(promotedAt + callers);
  expect(new Set(after)).toEqual(new Set([replica.port]));
  const stats = pool.stats();
  expect(stats).toMatchObject({ acquired: 0, waiting: 0 });
  await primary[Symbol.asyncDispose]();
});

it("reads go to the replica and writes to the primary, each from a pool of its own", {
  timeout: 90_000,
}, async () => {
  await using primary = await startPostgres();
  await using replica = await startReplica(primary);
  const hosts = `127.0.0.1:${primary.port},127.0.0.1:${replica.port}`;
  const poolOf = (target: string) =>
    createPool(`postgresql://postgres@${hosts}/postgres?target_session_attrs=${target}`, {
      max: 2,
      environment: {},
      homeDirectory: "/nowhere",
    });
  await using writes = poolOf("read-write");
  await using reads = poolOf("prefer-standby");
  await writes.query("create table orders (id int)");
  await writes.query("insert into orders values (1)");
  await expect
    .poll(async () => (await reads.query("select to_regclass('orders')::text as name")).rows[0]?.name)
    .toBe("orders");
  await expect.poll(async () => (await reads.query("select id from orders")).rows).toEqual([{ id: 1 }]);
  await expect(reads.query("insert into orders values (2)")).rejects.toMatchObject({ code: "25006" });
});
