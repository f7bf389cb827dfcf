import pg from "pg";
import { expect, test } from "vitest";
import { startPostgres } from "../src/index.ts";

test("a server starts on a free port, answers, and is gone after disposal", async () => {
  const server = await startPostgres({ settings: { work_mem: "7MB" } });
  const client = new pg.Client(server.url);
  await client.connect();
  const { rows } = await client.query("select current_setting('work_mem') as memory, version() as version");
  await client.end();
  await server[Symbol.asyncDispose]();

  expect(rows[0].memory).toBe("7MB");
  expect(rows[0].version).toMatch(/^PostgreSQL 18/);
  await expect(new pg.Client(server.url).connect()).rejects.toThrow();
});
