#!/usr/bin/env node
// Runs the tests of a package on the other SDK line: Node.js 24 with OpenTelemetry 3.1/0.301 and API 1.10.
//
//   npx -y pnpm@12.21.0 run test:sdk-3 [vitest arguments]     (in packages/core or packages/otel)
//
// What that line needs is installed once, beside this file; node.config.mjs takes it from there.
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const platform = process.platform === "win32" ? "win" : process.platform;
const runtime = `node-${platform}-${process.arch}`;
const dependencies = {
  "@bufbuild/protobuf": "2.17.0",
  "@opentelemetry/api": "1.10.0",
  "@opentelemetry/context-async-hooks": "3.1.0",
  "@opentelemetry/exporter-metrics-otlp-http": "0.301.0",
  "@opentelemetry/exporter-prometheus": "0.301.0",
  "@opentelemetry/exporter-trace-otlp-http": "0.301.0",
  "@opentelemetry/exporter-trace-otlp-proto": "0.301.0",
  "@opentelemetry/instrumentation-pg": "0.77.0",
  "@opentelemetry/resources": "3.1.0",
  "@opentelemetry/sdk-metrics": "3.1.0",
  "@opentelemetry/sdk-node": "0.301.0",
  "@opentelemetry/sdk-trace": "3.1.0",
  [runtime]: "24.21.0",
};

const home = join(import.meta.dirname, "node_modules", ".sdk-3");
const manifest = `${JSON.stringify({ private: true, dependencies }, null, 2)}\n`;
const manifestFile = join(home, "package.json");
const isWindows = process.platform === "win32";

if (!existsSync(manifestFile) || readFileSync(manifestFile, "utf8") !== manifest) {
  console.log("installing OpenTelemetry 3.1 and Node.js 24");
  mkdirSync(home, { recursive: true });
  const packages = Object.entries(dependencies).map(([name, version]) => `${name}@${version}`);
  const options = ["--prefix", home, "--no-audit", "--no-fund", "--package-lock=false"];
  execFileSync("npm", ["install", ...options, ...packages], { stdio: "inherit", shell: isWindows });
  // Last, so that an install which was cut short is made again.
  writeFileSync(manifestFile, manifest);
}

const node = join(home, "node_modules", runtime, "bin", isWindows ? "node.exe" : "node");
const vitest = join(process.cwd(), "node_modules/vitest/vitest.mjs");
const { status } = spawnSync(node, [vitest, "run", ...process.argv.slice(2)], {
  stdio: "inherit",
  env: { ...process.env, ROCKPOOL_SDK_HOME: home },
});
process.exitCode = status ?? 1;
