import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type HostTestResult, runInHost } from "@rockpool/editor";
import { startPostgres } from "@rockpool/postgres";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { canRunEditor, VSIX } from "./world.ts";

/** What the extension host needs to run tests; the extension of interest is the packaged one. */
const BYSTANDER = {
  name: "bystander",
  publisher: "rockpool",
  version: "1.0.0",
  engines: { vscode: "^1.105.0" },
};

const NAMES = [
  "a workbench without SQL does not activate the extension",
  "a SQL file activates it, and loads one file without the driver",
  "activation reads no file, opens no socket and starts no timer",
  "loading and activating it takes less than 50 ms",
  "every command that it contributes is there",
  "a connection loads the driver, and runs what the editor holds",
  "a file that lies on no disk runs as any other, with its errors at their place",
  "an error in a document with Windows line ends is marked at its word",
  "runs that follow one another at once leave the last one's result",
  "a .pgsql file is SQL",
  "it ends in time while a server is silent in an open transaction, and leaves nothing",
  "an export to a virtual workspace is there whole or not at all, and leaves nothing on the disk",
];

let bystander = "";
let results: readonly HostTestResult[] = [];

describe.runIf(canRunEditor)("in the extension host", () => {
  beforeAll(async () => {
    bystander = mkdtempSync(join(tmpdir(), "rockpool-bystander-"));
    writeFileSync(join(bystander, "package.json"), JSON.stringify(BYSTANDER));
    const tests = join(import.meta.dirname, "host", "activation.ts");
    await using postgres = await startPostgres();
    const hostEnv = { SHOP_URL: postgres.url };
    results = await runInHost({ extension: bystander, vsix: [VSIX], tests, hostEnv });
  }, 300_000);

  afterAll(() => rmSync(bystander, { recursive: true, force: true }));

  test.each(NAMES)("%s", (name) => {
    expect(results.find((result) => result.name === name)).toMatchObject({ status: "passed", error: null });
  });

  test("no test was forgotten here", () => {
    expect(results.map(({ name }) => name)).toEqual(NAMES);
  });
});
