import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { BenchCase } from "../bench-case.ts";

const run = promisify(execFile);

/** A fresh process that imports one module and says how long that took and how much memory it holds. */
async function importIn(module: string): Promise<{ millis: number; memory: number }> {
  const program = `const start = performance.now(); await import(${JSON.stringify(import.meta.resolve(module))});
    console.log(JSON.stringify([performance.now() - start, process.memoryUsage().rss / 1048576]));`;
  const { stdout } = await run(process.execPath, ["--input-type=module", "-e", program]);
  const [millis, memory]: unknown[] = JSON.parse(stdout);
  return { millis: Number(millis), memory: Number(memory) };
}

export const coldStartCase: BenchCase = {
  name: "cold-start",
  question: "What does importing the module cost?",
  columns: [
    { name: "millis", unit: "ms", isLowerBetter: true },
    { name: "memory", unit: "MiB resident", isLowerBetter: true },
  ],
  baseline: "pg",
  slices: 7,
  setUp: async () =>
    ["@rockpool/core", "pg", "postgres", "slonik"].map((module) => ({
      name: module,
      run: () => importIn(module),
      close: async () => {},
    })),
};
