import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { type PostgresServer, startPostgres } from "@rockpool/postgres";
import { build, type Format } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const run = promisify(execFile);
const here = import.meta.dirname;
const readme = await readFile(join(here, "../../README.md"), "utf8");
const banner = /--banner:js="([^"]+)"/.exec(readme)?.[1] ?? "";

let server: PostgresServer;
let folder: string;
beforeAll(async () => {
  server = await startPostgres();
  folder = await mkdtemp(join(tmpdir(), "rockpool-bundle-"));
});
afterAll(async () => {
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

const program = `
import { createPool } from "@rockpool/core";
const pool = createPool(process.env.DATABASE_URL);
pool
  .transaction(async (transaction) => (await transaction.query("select $1::int as n", [42])).rows[0].n)
  .then((n) => console.log("n=" + n))
  .then(() => pool.query("select 1", [], { timeoutMillis: -1 }))
  .catch((error) => console.log(error.name))
  .finally(() => pool.close());
`;

describe("a program in one file, with all that it needs", () => {
  it.each<{ format: Format; file: string; js: string }>([
    { format: "cjs", file: "program.cjs", js: "" },
    { format: "esm", file: "program.mjs", js: banner },
  ])("runs as $format", async ({ format, file, js }) => {
    const outfile = join(folder, file);
    await build({
      stdin: { contents: program, resolveDir: here },
      bundle: true,
      minify: true,
      platform: "node",
      format,
      conditions: ["rockpool-source"],
      banner: { js },
      outfile,
      logLevel: "error",
    });
    const { stdout } = await run(process.execPath, [outfile], {
      cwd: folder,
      env: { DATABASE_URL: server.url },
    });
    expect(stdout).toBe("n=42\nConfigError\n");
  });
});
