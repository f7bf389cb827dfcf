import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type HostTestResult, runInHost } from "@rockpool/editor";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { canRunEditor, VSIX } from "./world.ts";

/** What the extension host needs to run tests; the extension of interest is the packaged one. */
const BYSTANDER = {
  name: "bystander",
  publisher: "rockpool",
  version: "1.0.0",
  engines: { vscode: "^1.105.0" },
};
const RECORDING = join(
  import.meta.dirname,
  ...["..", "..", "..", "..", "packages", "otel", "test", "recordings", "instrumentation-pg.json"],
);

let home = "";

beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), "rockpool-receiver-"));
  mkdirSync(join(home, "bystander"));
  writeFileSync(join(home, "bystander", "package.json"), JSON.stringify(BYSTANDER));
  // What somebody could put into a repository for those who clone it.
  mkdirSync(join(home, "workspace", ".vscode"), { recursive: true });
  const settings = { "rockpool.receiver.enabled": true, "rockpool.receiver.environment": "override" };
  writeFileSync(join(home, "workspace", ".vscode", "settings.json"), JSON.stringify(settings));
});

afterAll(() => rmSync(home, { recursive: true, force: true }));

async function runTests(
  module: string,
  options: { isTrusted: boolean; settings: Record<string, unknown> },
): Promise<readonly HostTestResult[]> {
  return runInHost({
    ...options,
    extension: join(home, "bystander"),
    vsix: [VSIX],
    folder: join(home, "workspace"),
    tests: join(import.meta.dirname, "host", module),
    hostEnv: { FOREIGN_RECORDING: RECORDING },
  });
}

function expectPassed(results: readonly HostTestResult[], count: number): void {
  expect(results.filter(({ status }) => status !== "passed")).toEqual([]);
  expect(results).toHaveLength(count);
}

describe.runIf(canRunEditor)("the receiver in the extension host", { timeout: 300_000 }, () => {
  test("is its user's to switch on, hears any program, and tells launches", async () => {
    expectPassed(await runTests("receiver.ts", { isTrusted: true, settings: {} }), 9);
  });

  test("is nobody's to switch on in a workspace that is not trusted", async () => {
    const settings = { "rockpool.receiver.enabled": true };
    expectPassed(await runTests("receiver-restricted.ts", { isTrusted: false, settings }), 2);
  });
});
