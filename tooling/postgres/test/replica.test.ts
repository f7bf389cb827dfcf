import pg from "pg";
import { expect, test } from "vitest";
import { startPostgres, startReplica } from "../src/index.ts";

async function query(url: string, text: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client(url);
  client.on("error", () => {});
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text)).rows;
  } finally {
    await client.end();
  }
}

test("a replica follows its primary, refuses writes, and takes them once promoted", async () => {
  const primary = await startPostgres();
  await query(primary.url, "create table t as select 1 as id");
  const replica = await startReplica(primary, { name: "reader" });
  try {
    expect(await query(primary.url, "select application_name from pg_stat_replication")).toEqual([
      { application_name: "reader" },
    ]);
    await query(primary.url, "insert into t values (2)");
    await expect
      .poll(() => query(replica.url, "select id from t order by id"))
      .toEqual([{ id: 1 }, { id: 2 }]);
    await expect(query(replica.url, "insert into t values (3)")).rejects.toMatchObject({ code: "25006" });

    await primary.stop("immediate");
    await replica.promote();
    await query(replica.url, "insert into t values (3)");
    await expect(query(primary.url, "select 1")).rejects.toMatchObject({ code: "ECONNREFUSED" });
  } finally {
    await replica[Symbol.asyncDispose]();
    await primary[Symbol.asyncDispose]();
  }
});
