import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { startPostgres } from "../src/index.ts";
import { bundleLauncher, openFolder, runScript } from "./support/launcher.ts";

const isRoot = process.getuid?.() === 0;
const START = `
  const server = await launcher.startPostgres();
  console.log(server.version, process.getuid?.());
  await server[Symbol.asyncDispose]();
`;

let bundle: string;
let folder: string;

beforeAll(async () => {
  bundle = await bundleLauncher();
});
afterAll(() => rmSync(bundle, { force: true }));
beforeEach(() => {
  folder = openFolder();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function nobody(): { uid: number; gid: number } {
  const number = (flag: string) => Number(execFileSync("id", [flag, "nobody"], { encoding: "utf8" }));
  return { uid: number("-u"), gid: number("-g") };
}

test.skipIf(!isRoot)("a normal user starts a server as itself", async () => {
  const script = runScript(bundle, START, {
    ...nobody(),
    env: { HOME: folder, XDG_CACHE_HOME: "", TMPDIR: folder },
  });
  expect(await script.line()).toBe(`18 ${nobody().uid}`);
  expect((await script.ended).errors).toBe("");
});

test("several processes that prepare the programs at once leave one copy of them", async () => {
  const cache = join(folder, "cache");
  const scripts = [1, 2, 3].map(() => runScript(bundle, START, { env: { ROCKPOOL_CACHE: cache } }));
  const ends = await Promise.all(scripts.map(({ ended }) => ended));
  expect(ends).toEqual([1, 2, 3].map(() => ({ code: 0, errors: "" })));
  const kinds = readdirSync(cache).map((name) => name.replace(/-.*/, ""));
  // The package's own programs serve where their links were made at installation.
  expect(kinds.filter((kind) => kind !== "postgres")).toEqual(["data"]);
  expect(kinds.filter((kind) => kind === "postgres").length).toBeLessThanOrEqual(1);
});

test.skipIf(!isRoot)("a cache that others can write to is not used", async () => {
  const cache = join(folder, "cache");
  mkdirSync(cache);
  chmodSync(cache, 0o777);
  const script = runScript(bundle, START, { env: { ROCKPOOL_CACHE: cache } });
  expect((await script.ended).code).toBe(0);
  expect(readdirSync(cache)).toEqual([]);
});

test.skipIf(!isRoot)("the working directory need not be one that the server's user can enter", async () => {
  const closed = mkdtempSync(join(folder, "closed-"));
  chmodSync(closed, 0o700);
  const before = process.cwd();
  process.chdir(closed);
  try {
    const server = await startPostgres();
    await server[Symbol.asyncDispose]();
  } finally {
    process.chdir(before);
  }
});

test("several servers run at once, each with its own settings and port", async () => {
  const servers = await Promise.all(
    [8, 9].map((size) => startPostgres({ settings: { work_mem: `${size}MB` } })),
  );
  const sizes = await Promise.all(
    servers.map(async ({ url }) => {
      const client = new pg.Client(url);
      await client.connect();
      const { rows } = await client.query("show work_mem");
      await client.end();
      return rows[0].work_mem;
    }),
  );
  await Promise.all(servers.map((server) => server[Symbol.asyncDispose]()));
  expect(sizes).toEqual(["8MB", "9MB"]);
});

test.skipIf(process.platform === "win32")("a server listens on a Unix socket as well", async () => {
  const server = await startPostgres();
  const client = new pg.Client({
    host: server.socketDirectory,
    port: server.port,
    user: "postgres",
    database: "postgres",
  });
  await client.connect();
  await client.end();
  await server[Symbol.asyncDispose]();
});

test("PGBIN chooses the server", async () => {
  const installed = "/usr/lib/postgresql/15/bin";
  const script = runScript(bundle, START, { env: { PGBIN: installed } });
  const end = await script.ended;
  if (end.code === 0) expect(await script.line()).toMatch(/^15 /);
  else expect(end.errors).toMatch(/POSTGRES_NO_BINARY/);
});
