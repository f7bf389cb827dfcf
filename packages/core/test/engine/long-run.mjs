// Runs a random test for longer: node long-run.mjs model|schedules [--seconds 600] [--count 100000] [--seed 1]
import { spawn } from "node:child_process";
import { parseArgs } from "node:util";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { seconds: { type: "string" }, count: { type: "string" }, seed: { type: "string" } },
});
const what = positionals[0] ?? "model";
const environment = { ...process.env };
if (what === "model") environment.ROCKPOOL_MODEL_SECONDS = values.seconds ?? "600";
else environment.ROCKPOOL_SCHEDULES = values.count ?? "100000";
if (values.seed !== undefined) environment.ROCKPOOL_MODEL_SEED = values.seed;

const run = spawn("npx", ["vitest", "run", `test/engine/${what}.test.ts`], {
  env: environment,
  stdio: "inherit",
});
run.on("exit", (code) => {
  process.exitCode = code ?? 1;
});
