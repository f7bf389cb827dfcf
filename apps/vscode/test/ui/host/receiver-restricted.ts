import { deepEqual, equal } from "node:assert/strict";
import { hostTest, runHostTests } from "@rockpool/editor/host";
import { commands, workspace } from "vscode";
import type { RockpoolApi } from "../../../src/extension.ts";
import { loadedFiles, rockpool } from "./extension-under-test.ts";

export const run = runHostTests;

let api: RockpoolApi;

hostTest("in a workspace that is not trusted the receiver stays off, whatever any settings say", async () => {
  equal(workspace.isTrusted, false);
  equal(workspace.getConfiguration("rockpool").inspect("receiver.enabled")?.globalValue, true);
  api = await rockpool().activate();
  deepEqual(api.receiver(), { kind: "off" });
  deepEqual(loadedFiles(), ["extension.js"]);
});

hostTest("nor does a command open the port there", async () => {
  void commands.executeCommand("rockpool.receiver.start");
  // A command that comes after it, and so has been run after it.
  await commands.executeCommand("rockpool.receiver.copyAddress");
  deepEqual(api.receiver(), { kind: "off" });
  deepEqual(loadedFiles(), ["extension.js"]);
});
