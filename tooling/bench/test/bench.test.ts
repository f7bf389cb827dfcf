import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { type PostgresServer, startPostgres } from "@rockpool/postgres";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { cases } from "../src/cases/index.ts";
import { tablesIn } from "../src/report.ts";

const run = promisify(execFile);
const main = fileURLToPath(new URL("../dist/main.js", import.meta.url));

let server: PostgresServer;

beforeAll(async () => {
  server = await startPostgres({ settings: { max_connections: 200 } });
});

afterAll(async () => {
  await server.stop();
});

describe("the bench", () => {
  it("measures every contestant of every case", async () => {
    const { stdout } = await run(process.execPath, [main, "--quick"], {
      env: { ...process.env, DATABASE_URL: server.url },
    });
    const tables = tablesIn(stdout);
    expect([...tables.keys()]).toEqual(cases.map(({ name }) => name));
    for (const table of tables.values()) {
      const rows = table
        .split("\n")
        .slice(6)
        .filter((line) => line.startsWith("| "));
      expect(rows.length).toBeGreaterThan(1);
      for (const row of rows) expect(row).toMatch(/^\| [^|]+ \| +[\d.,]+ \|/);
    }
  }, 240_000);

  it("ends with an error where it could not measure", async () => {
    const gone = { ...process.env, DATABASE_URL: "postgresql://postgres@127.0.0.1:1/postgres" };
    const failure = run(process.execPath, [main, "--quick", "--only", "insert"], { env: gone });
    await expect(failure).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining("could not measure"),
    });
  });
});
