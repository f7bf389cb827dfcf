import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { findChromium, type HostTestResult, runInHost } from "../src/index.ts";

const EXTENSION = `
const vscode = require("vscode");
exports.activate = (context) => {
  context.subscriptions.push(vscode.commands.registerCommand("example.answer", () => 42));
  return "active";
};
`;

const canRun = findChromium() !== null || process.env.CI !== undefined;
let extension = "";
let results: readonly HostTestResult[] = [];

beforeAll(async () => {
  if (!canRun) return;
  extension = mkdtempSync(join(tmpdir(), "rockpool-extension-"));
  const manifest = {
    name: "example",
    publisher: "rockpool",
    version: "1.0.0",
    engines: { vscode: "^1.105.0" },
    main: "./extension.js",
    activationEvents: [],
    contributes: { commands: [{ command: "example.answer", title: "Answer" }] },
  };
  writeFileSync(join(extension, "package.json"), JSON.stringify(manifest));
  writeFileSync(join(extension, "extension.js"), EXTENSION);
  const tests = join(import.meta.dirname, "host", "example.ts");
  results = await runInHost({ extension, tests, hostEnv: { EXAMPLE: "given" } });
}, 400_000);

afterAll(() => {
  if (extension !== "") rmSync(extension, { recursive: true, force: true });
});

test.runIf(canRun)("tests run inside an extension host, in order, each with its result", () => {
  expect(results.map(({ name, status }) => [name, status])).toEqual([
    ["the extension under test is there", "passed"],
    ["a test sees the environment that was given", "passed"],
    ["a test that fails says where", "failed"],
  ]);
});

test.runIf(canRun)("a failure comes with its message and its place", () => {
  const failed = results.find(({ status }) => status === "failed");
  expect(failed?.error).toContain("two");
  expect(failed?.error).toContain("tests.cjs");
});
