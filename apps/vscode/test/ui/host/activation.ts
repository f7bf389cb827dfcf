import { deepEqual, equal, ok } from "node:assert/strict";
import Module from "node:module";
import { hostTest, runHostTests } from "@rockpool/editor/host";
import { commands, extensions, workspace } from "vscode";

export const run = runHostTests;

/** The extension's own files that this process has loaded, by name. */
function loadedFiles(): string[] {
  const cache: unknown = Reflect.get(Module, "_cache");
  const paths = typeof cache === "object" && cache !== null ? Object.keys(cache) : [];
  return paths.flatMap((path) => /rockpool\.rockpool-[^/]+\/dist\/(.+)$/.exec(path)?.[1] ?? []);
}

function rockpool(): NonNullable<ReturnType<typeof extensions.getExtension>> {
  const extension = extensions.getExtension("rockpool.rockpool");
  ok(extension, "the packaged extension is installed");
  return extension;
}

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

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 10));
}
