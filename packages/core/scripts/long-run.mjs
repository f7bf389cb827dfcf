// Runs random tests for longer than a commit can wait, or all of the pool's tests again and again:
//   node scripts/long-run.mjs model|stress [--seconds 600] [--seed 1]
//   node scripts/long-run.mjs schedules [--count 100000] [--seed 1]
//   node scripts/long-run.mjs repeat [--times 50] [folders of tests]
import { spawn } from "node:child_process";
import { parseArgs } from "node:util";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seconds: { type: "string", default: "600" },
    count: { type: "string", default: "100000" },
    times: { type: "string", default: "50" },
    seed: { type: "string" },
  },
});
const [what = "model", ...folders] = positionals;

/** What each kind of run sets, and the tests that it runs. */
const runs = {
  model: { files: ["test/engine/model.test.ts"], environment: { ROCKPOOL_MODEL_SECONDS: values.seconds } },
  schedules: { files: ["test/engine/schedules.test.ts"], environment: { ROCKPOOL_SCHEDULES: values.count } },
  stress: { files: ["test/stress"], environment: { ROCKPOOL_STRESS_SECONDS: values.seconds } },
  repeat: {
    files: folders.length > 0 ? folders : ["test/engine", "test/pool", "test/stress"],
    environment: {},
  },
};

/** Resolves with the exit code; what is printed is kept back where `isQuiet`, and shown after a failure. */
function vitest({ files, environment }, { isQuiet }) {
  const seed = values.seed === undefined ? {} : { ROCKPOOL_MODEL_SEED: values.seed };
  const run = spawn("npx", ["vitest", "run", ...files], {
    env: { ...process.env, ...environment, ...seed },
    stdio: ["ignore", isQuiet ? "pipe" : "inherit", isQuiet ? "pipe" : "inherit"],
  });
  let printed = "";
  for (const stream of [run.stdout, run.stderr]) {
    stream?.on("data", (chunk) => {
      printed += chunk;
    });
  }
  return new Promise((resolve) => {
    run.on("close", (code) => {
      if (code !== 0) process.stderr.write(printed);
      resolve({ code: code ?? 1, passed: /Tests.*?(\d+) passed/.exec(printed)?.[1] ?? "no" });
    });
  });
}

async function repeat(times) {
  for (let round = 1; round <= times; round += 1) {
    const start = performance.now();
    const { code, passed } = await vitest(runs.repeat, { isQuiet: true });
    const seconds = Math.round((performance.now() - start) / 1000);
    console.info(
      `round ${round} of ${times}: ${passed} tests passed${code === 0 ? "" : ", and some failed"}, ${seconds} s`,
    );
    if (code !== 0) return code;
  }
  return 0;
}

if (!Object.hasOwn(runs, what)) throw new Error(`no run is called ${what}: ${Object.keys(runs).join(", ")}`);
process.exitCode =
  what === "repeat"
    ? await repeat(Number(values.times))
    : (await vitest(runs[what], { isQuiet: false })).code;
