import { deepEqual, equal, match, ok } from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { hostTest, runHostTests } from "@rockpool/editor/host";
import { ConfigurationTarget, commands, debug, workspace } from "vscode";
import type { RockpoolApi } from "../../../src/extension.ts";
import { loadedFiles, rockpool, until } from "./extension-under-test.ts";

export const run = runHostTests;

interface Recording {
  readonly requests: readonly {
    readonly path: string;
    readonly contentType: string;
    readonly body: string;
  }[];
}

let api: RockpoolApi;

function address(): string {
  const state = api.receiver();
  return state.kind === "listening" ? state.url : "";
}

hostTest("a workspace that says so in its settings switches nothing on", async () => {
  api = await rockpool().activate();
  deepEqual(api.receiver(), { kind: "off" });
  deepEqual(loadedFiles(), ["extension.js"]);
});

hostTest(
  "its user's command opens a port of this machine, and loads the receiver without the driver",
  async () => {
    void commands.executeCommand("rockpool.receiver.start");
    await until(() => api.receiver().kind === "listening");
    match(address(), /^http:\/\/127\.0\.0\.1:\d+$/);
    deepEqual(loadedFiles().sort(), ["extension.js", "receiver.js"]);
  },
);

hostTest("a pool of which no code of ours tells appears, with its numbers", async () => {
  const recording: Recording = JSON.parse(readFileSync(process.env.FOREIGN_RECORDING ?? "", "utf8"));
  for (const { path, contentType, body } of recording.requests) {
    const headers = { "content-type": contentType };
    const answer = await fetch(`${address()}${path}`, {
      method: "POST",
      headers,
      body: Buffer.from(body, "base64"),
    });
    equal(answer.status, 200);
  }
  const [pool, ...more] = api.pools();
  deepEqual(more, []);
  match(pool?.name ?? "", /^127\.0\.0\.1:\d+\/postgres$/);
  equal(pool?.origin.kind === "program" ? pool.origin.serviceName : null, "shop-with-instrumentation-pg");
  deepEqual([pool?.used, pool?.idle, pool?.waiting], [1, 1, 0]);
});

/** What a program that is launched for debugging finds in its environment. */
async function launch(env: Record<string, string>): Promise<NodeJS.ProcessEnv> {
  const folder = mkdtempSync(join(tmpdir(), "rockpool-launch-"));
  const [program, out] = [join(folder, "program.js"), join(folder, "environment.json")];
  writeFileSync(
    program,
    `require("node:fs").writeFileSync(process.env.OUT + ".part", JSON.stringify(process.env));
     require("node:fs").renameSync(process.env.OUT + ".part", process.env.OUT);`,
  );
  const configuration = {
    type: "node",
    request: "launch",
    name: "program",
    program,
    runtimeExecutable: process.execPath,
    console: "internalConsole",
    env: { ...env, OUT: out },
  };
  ok(await debug.startDebugging(undefined, configuration));
  await until(() => existsSync(out));
  return JSON.parse(readFileSync(out, "utf8"));
}

hostTest("a program that is launched for debugging is told where to report", async () => {
  const environment = await launch({});
  equal(environment.OTEL_EXPORTER_OTLP_ENDPOINT, address());
  equal(environment.OTEL_METRIC_EXPORT_INTERVAL, "1000");
});

hostTest("a launch that sends its telemetry elsewhere is left alone", async () => {
  const environment = await launch({ OTEL_EXPORTER_OTLP_ENDPOINT: "http://collector:4318" });
  equal(environment.OTEL_EXPORTER_OTLP_ENDPOINT, "http://collector:4318");
  equal(environment.OTEL_METRIC_EXPORT_INTERVAL, undefined);
});

hostTest("a port that another program has is named, and taken as soon as it is free", async () => {
  const settings = workspace.getConfiguration("rockpool");
  await commands.executeCommand("rockpool.receiver.stop");
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
  const taken = other.address();
  const port = typeof taken === "object" ? taken?.port : undefined;
  await settings.update("receiver.port", port, ConfigurationTarget.Global);
  void commands.executeCommand("rockpool.receiver.start");
  await until(() => api.receiver().kind === "failed");
  const state = api.receiver();
  match(state.kind === "failed" ? state.message : "", /127\.0\.0\.1:\d+ is in use: .*another port/);
  other.close();
  await until(() => api.receiver().kind === "listening");
  equal(address(), `http://127.0.0.1:${port}`);
});

hostTest("another port is taken as soon as the settings name it", async () => {
  const before = address();
  const settings = workspace.getConfiguration("rockpool");
  await settings.update("receiver.port", undefined, ConfigurationTarget.Global);
  await until(() => api.receiver().kind === "listening" && address() !== before);
});

hostTest("the setting switches it on and off", async () => {
  const settings = workspace.getConfiguration("rockpool");
  await commands.executeCommand("rockpool.receiver.stop");
  await settings.update("receiver.enabled", true, ConfigurationTarget.Global);
  await until(() => api.receiver().kind === "listening");
  await settings.update("receiver.enabled", undefined, ConfigurationTarget.Global);
  await until(() => api.receiver().kind === "off");
  void commands.executeCommand("rockpool.receiver.start");
  await until(() => api.receiver().kind === "listening");
});

hostTest("once its user stops watching, the port is closed and the pools are gone", async () => {
  const url = address();
  await commands.executeCommand("rockpool.receiver.stop");
  deepEqual(api.receiver(), { kind: "off" });
  deepEqual(api.pools(), []);
  const isRefused = await fetch(`${url}/v1/traces`, { method: "POST" }).then(
    () => false,
    () => true,
  );
  ok(isRefused);
  equal((await launch({})).OTEL_EXPORTER_OTLP_ENDPOINT, undefined);
});
