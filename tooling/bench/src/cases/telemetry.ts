import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { BenchCase, Figures } from "../bench-case.ts";
import type { TelemetryMode } from "../workers/telemetry.ts";

const run = promisify(execFile);
const worker = fileURLToPath(new URL("../workers/telemetry.js", import.meta.url));

/** A process of its own for each: an instrumentation that has patched the driver is there for everybody in the process. */
async function measure(mode: TelemetryMode, databaseUrl: string, scale: number): Promise<Figures> {
  const { stdout } = await run(process.execPath, [worker, mode, databaseUrl, String(scale)]);
  const figures: unknown = JSON.parse(stdout);
  if (typeof figures === "object" && figures !== null && "rate" in figures && "cpu" in figures) {
    return { rate: Number(figures.rate), cpu: Number(figures.cpu) };
  }
  throw new Error(`the worker for ${mode} printed ${stdout}`);
}

const modes: readonly (readonly [TelemetryMode, string])[] = [
  ["compiled-out", "rockpool, telemetry compiled out"],
  ["no-sdk", "rockpool, no SDK"],
  ["unsampled", "rockpool, unsampled"],
  ["recording", "rockpool, recording"],
  ["pg-plain", "pg.Pool, no SDK"],
  ["pg-recording", "pg.Pool + instrumentation-pg, recording"],
];

export const telemetryCase: BenchCase = {
  name: "telemetry",
  question: "What does being seen cost: acquire, one-row select and release, 64 at once, on max 10?",
  columns: [
    { name: "rate", unit: "cycles/s", isLowerBetter: false },
    { name: "cpu", unit: "µs CPU each", isLowerBetter: true },
  ],
  baseline: "pg.Pool + instrumentation-pg, recording",
  setUp: async ({ databaseUrl, scale }) =>
    modes.map(([mode, name]) => ({
      name,
      run: () => measure(mode, databaseUrl, scale),
      close: async () => {},
    })),
};
