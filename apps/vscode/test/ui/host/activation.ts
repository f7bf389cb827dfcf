import { deepEqual, equal } from "node:assert/strict";
import { hostTest, runHostTests } from "@rockpool/editor/host";
import { commands, workspace } from "vscode";
import { loadedFiles, rockpool, until } from "./extension-under-test.ts";

export const run = runHostTests;

hostTest("a workbench without SQL does not activate the extension", () => {
  equal(rockpool().isActive, false);
  deepEqual(loadedFiles(), []);
});

hostTest("a SQL file activates it, and loads one file without the driver", async () => {
  await workspace.openTextDocument({ language: "sql", content: "select 1" });
  await until(() => rockpool().isActive);
  deepEqual(loadedFiles(), ["extension.js"]);
});

hostTest("every command that it contributes is there", async () => {
  const contributed: { command: string }[] = rockpool().packageJSON.contributes.commands;
  const known = new Set(await commands.getCommands(true));
  const missing = contributed.map(({ command }) => command).filter((command) => !known.has(command));
  deepEqual(missing, []);
});
