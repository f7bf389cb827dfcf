import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { bundleLauncher, openFolder, runScript } from "./support/launcher.ts";

let bundle: string;

beforeAll(async () => {
  bundle = await bundleLauncher();
});
afterAll(() => rmSync(bundle, { force: true }));

interface Started {
  readonly url: string;
  readonly dataDirectory: string;
}

const START = `
  const server = await launcher.startPostgres();
  console.log(JSON.stringify({ url: server.url, dataDirectory: server.dataDirectory }));
`;

function parse(line: string): Started {
  return JSON.parse(line);
}

async function isAnswering(url: string): Promise<boolean> {
  const client = new pg.Client(url);
  client.on("error", () => {});
  return client.connect().then(
    () => client.end().then(() => true),
    () => false,
  );
}

async function expectNothingLeft({ url, dataDirectory }: Started): Promise<void> {
  await expect.poll(() => isAnswering(url), { timeout: 60_000 }).toBe(false);
  await expect.poll(() => existsSync(dirname(dataDirectory)), { timeout: 60_000 }).toBe(false);
}

for (const signal of ["SIGKILL", "SIGINT", "SIGTERM"] as const) {
  test(`nothing is left of a server whose parent died of ${signal}`, async () => {
    const script = runScript(bundle, `${START} setInterval(() => {}, 1000);`);
    const started = parse(await script.line());
    expect(await isAnswering(started.url)).toBe(true);

    script.child.kill(signal);
    await script.ended;
    await expectNothingLeft(started);
  });
}

test("nothing is left of a Ctrl-C, which reaches every process of the terminal's group", async () => {
  const script = runScript(bundle, `${START} setInterval(() => {}, 1000);`);
  const started = parse(await script.line());
  process.kill(-(script.child.pid ?? 0), "SIGINT");
  await script.ended;
  await expectNothingLeft(started);
});

test("a Ctrl-C that its parent handles leaves the server running until the parent stops it", async () => {
  const script = runScript(
    bundle,
    `const server = await launcher.startPostgres();
     process.once("SIGINT", async () => {
       await server.restart();
       await server[Symbol.asyncDispose]();
       console.log("disposed");
     });
     console.log(JSON.stringify({ url: server.url, dataDirectory: server.dataDirectory }));
     const keep = setInterval(() => {}, 1000); process.once("SIGINT", () => clearInterval(keep));`,
  );
  const started = parse(await script.line());
  process.kill(-(script.child.pid ?? 0), "SIGINT");
  expect(await script.line()).toBe("disposed");
  expect(await script.ended).toEqual({ code: 0, errors: "" });
  expect(existsSync(dirname(started.dataDirectory))).toBe(false);
});

test("a running server does not keep its parent alive, and ends with it", async () => {
  const script = runScript(bundle, START);
  const started = parse(await script.line());
  expect((await script.ended).code).toBe(0);
  await expectNothingLeft(started);
});

test("nothing is left of a parent killed while the data directory is being made", async () => {
  const place = openFolder();
  const script = runScript(
    bundle,
    `launcher.startPostgres({ onProgress: console.log }); setInterval(() => {}, 1000);`,
    { env: { TMPDIR: place } },
  );
  while (!(await script.line()).startsWith("making"));
  await expect
    .poll(() => readdirSync(place).some((name) => existsSync(join(place, name, "data", "base"))))
    .toBe(true);

  script.child.kill("SIGKILL");
  await script.ended;
  await expect.poll(() => readdirSync(place), { timeout: 60_000 }).toEqual([]);
  rmSync(place, { recursive: true });
});

test("a restarted server is guarded as well", async () => {
  const script = runScript(
    bundle,
    `const server = await launcher.startPostgres(); await server.restart();
     console.log(JSON.stringify({ url: server.url, dataDirectory: server.dataDirectory }));
     setInterval(() => {}, 1000);`,
  );
  const started = parse(await script.line());
  const pid = Number(readFileSync(join(started.dataDirectory, "postmaster.pid"), "utf8").split("\n")[0]);
  expect(pid).toBeGreaterThan(1);

  script.child.kill("SIGKILL");
  await expectNothingLeft(started);
});
