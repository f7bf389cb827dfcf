import { equal, match, ok } from "node:assert/strict";
import { hostTest, runHostTests } from "@rockpool/editor/host";
import * as vscode from "vscode";

export const run = runHostTests;

hostTest("the extension under test is there", async () => {
  const extension = vscode.extensions.getExtension("rockpool.example");
  ok(extension);
  equal(await extension.activate(), "active");
  equal(await vscode.commands.executeCommand("example.answer"), 42);
});

hostTest("a test sees the environment that was given", () => {
  equal(process.env.EXAMPLE, "given");
});

hostTest("a test that fails says where", () => {
  match("one", /two/);
});
