import { deepEqual, equal, match, ok, rejects } from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { hostTest, runHostTests } from "@rockpool/editor/host";
import {
  ConfigurationTarget,
  commands,
  EndOfLine,
  languages,
  Position,
  type TextDocument,
  Uri,
  window,
  workspace,
} from "vscode";
import { FileTarget } from "../../../src/features/results/file-target.ts";
import { ExtensionProbe } from "./extension-probe.ts";
import { loadedFiles, rockpool, until } from "./extension-under-test.ts";
import { MemoryFiles } from "./memory-files.ts";
import { SilentProxy } from "./silent-proxy.ts";

export const run = runHostTests;

const LIMIT_MILLIS = 50;
/** The editor gives an extension that long to end. */
const END_LIMIT_MILLIS = 5_000;
const probe = new ExtensionProbe();
let proxy: SilentProxy | null = null;

hostTest("a workbench without SQL does not activate the extension", () => {
  equal(rockpool().isActive, false);
  deepEqual(loadedFiles(), []);
});

hostTest("a SQL file activates it, and loads one file without the driver", async () => {
  // Without a content: the workbench shows a document that is not saved by itself, and bounds are drawn where SQL shows.
  await workspace.openTextDocument({ language: "sql" });
  await until(() => rockpool().isActive);
  deepEqual(loadedFiles(), ["extension.js"]);
});

hostTest("activation reads no file, opens no socket and starts no timer", () => {
  deepEqual(probe.uses, []);
});

hostTest("loading and activating it takes less than 50 ms", () => {
  const { loading, activating } = probe.millis;
  ok(loading + activating < LIMIT_MILLIS, `loading ${loading} ms, activating ${activating} ms`);
});

hostTest("every command that it contributes is there", async () => {
  const contributed: { command: string }[] = rockpool().packageJSON.contributes.commands;
  const known = new Set(await commands.getCommands(true));
  const missing = contributed.map(({ command }) => command).filter((command) => !known.has(command));
  deepEqual(missing, []);
});

hostTest("a connection loads the driver, and runs what the editor holds", async () => {
  proxy = await SilentProxy.start(new URL(process.env.SHOP_URL ?? ""));
  const connection = proxy.url;
  const settings = workspace.getConfiguration("rockpool");
  await settings.update("connections", [{ name: "shop", connection }], ConfigurationTarget.Global);
  const document = await workspace.openTextDocument({
    language: "sql",
    content: "begin; select 7 as seven;",
  });
  await window.showTextDocument(document);
  await commands.executeCommand("rockpool.connectTo", "shop");
  ok(loadedFiles().includes("database.js"));
  await commands.executeCommand("rockpool.run.file");
  await until(() => rockpool().exports.run()?.isRunning === false);
  ok(probe.liveSockets > 0);
});

hostTest("a file that lies on no disk runs as any other, with its errors at their place", async () => {
  const uri = Uri.parse("nowhere:/broken.sql");
  const files = new MemoryFiles();
  files.writeFile(uri, Buffer.from("select 1 as one;\nselect nothing_there;"));
  workspace.registerFileSystemProvider(uri.scheme, files);
  await window.showTextDocument(await workspace.openTextDocument(uri));
  await commands.executeCommand("rockpool.connectTo", "shop");
  await commands.executeCommand("rockpool.run.file");
  await until(() => rockpool().exports.run()?.isRunning === false);
  const run = rockpool().exports.run();
  deepEqual([run?.title, run?.statements.length], ["broken.sql", 2]);
  const [problem] = languages.getDiagnostics(uri);
  match(problem?.message ?? "", /"nothing_there" does not exist/);
  deepEqual(problem?.range.start, new Position(1, 7));
});

/** Runs all of a document, and gives its statements when the last one has ended. */
async function runWhole(document: TextDocument) {
  const before = rockpool().exports.run()?.id;
  await window.showTextDocument(document);
  await commands.executeCommand("rockpool.run.file");
  await until(() => {
    const run = rockpool().exports.run();
    return run !== null && run.id !== before && !run.isRunning;
  });
  return rockpool().exports.run()?.statements ?? [];
}

hostTest("an error in a document with Windows line ends is marked at its word", async () => {
  const content = "select 1;\r\n\r\nselect '\u{1f600}',\r\n  nowhere;\r\n";
  const document = await workspace.openTextDocument({ language: "sql", content });
  equal(document.eol, EndOfLine.CRLF);
  const statements = await runWhole(document);
  deepEqual(
    statements.map(({ state }) => state),
    ["done", "failed"],
  );
  const [mark] = languages.getDiagnostics(document.uri);
  ok(mark);
  deepEqual(document.getText(mark.range), "nowhere");
});

hostTest("runs that follow one another at once leave the last one's result", async () => {
  const document = await workspace.openTextDocument({ language: "sql", content: "select 3 as three;" });
  await window.showTextDocument(document);
  for (let time = 0; time < 4; time++) void commands.executeCommand("rockpool.run.file");
  const statements = await runWhole(document);
  deepEqual(
    statements.map(({ summary, state }) => `${summary} ${state}`),
    ["select 3 as three done"],
  );
});

hostTest("a .pgsql file is SQL", async () => {
  const folder = mkdtempSync(join(tmpdir(), "rockpool-pgsql-"));
  writeFileSync(join(folder, "a.pgsql"), "select 1;\n");
  const document = await workspace.openTextDocument(Uri.file(join(folder, "a.pgsql")));
  equal(document.languageId, "sql");
  rmSync(folder, { recursive: true });
});

hostTest("it ends in time while a server is silent in an open transaction, and leaves nothing", async () => {
  proxy?.fallSilent();
  const before = performance.now();
  await probe.end();
  const millis = performance.now() - before;
  ok(millis < END_LIMIT_MILLIS, `${millis} ms`);
  await until(() => probe.liveSockets === 0 && probe.liveTimers.length === 0);
});

hostTest(
  "an export to a virtual workspace is there whole or not at all, and leaves nothing on the disk",
  async () => {
    const files = new MemoryFiles();
    const registration = workspace.registerFileSystemProvider("memory", files);
    const storage = mkdtempSync(join(tmpdir(), "rockpool-storage-"));
    const begin = async (name: string) => {
      const target = await FileTarget.create(Uri.parse(`memory:/${name}`), Uri.file(storage));
      await target.write("id\n");
      await target.write("1\n");
      equal(files.text(name), null);
      return target;
    };
    const whole = await begin("whole.csv");
    await whole.commit();
    await whole.discard();
    equal(files.text("whole.csv"), "id\n1\n");
    await (await begin("given-up.csv")).discard();
    equal(files.text("given-up.csv"), null);
    files.isFull = true;
    const refused = await begin("refused.csv");
    await rejects(refused.commit());
    await refused.discard();
    deepEqual(readdirSync(storage), []);
    rmSync(storage, { recursive: true });
    registration.dispose();
  },
);
