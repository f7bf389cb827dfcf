import { fileURLToPath } from "node:url";
import type { BenchCase, Contestant } from "../bench-case.ts";
import { startRemote } from "../remote.ts";
import type { TelemetryMode } from "../workers/telemetry.ts";

const worker = fileURLToPath(new URL("../workers/telemetry.js", import.meta.url));

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
  slices: 15,
  setUp: async ({ databaseUrl, scale }) => {
    const contestants: Contestant[] = [];
    for (const [mode, name] of modes) {
      contestants.push(await startRemote({ name, module: worker, args: [mode, databaseUrl, String(scale)] }));
    }
    return contestants;
  },
};
