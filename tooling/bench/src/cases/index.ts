import type { BenchCase } from "../bench-case.ts";
import { acquireReleaseCases } from "./acquire-release.ts";
import { coldStartCase } from "./cold-start.ts";
import { mixCase } from "./mix.ts";
import { rowCases } from "./rows.ts";
import { spikeCase } from "./spike.ts";
import { statementCases } from "./statements.ts";
import { streamCase } from "./streams.ts";
import { telemetryCase } from "./telemetry.ts";
import { waiterCases } from "./waiters.ts";

/** Every case, in the order of the report. */
export const cases: readonly BenchCase[] = [
  ...acquireReleaseCases,
  ...waiterCases,
  spikeCase,
  ...statementCases,
  mixCase,
  ...rowCases,
  streamCase,
  telemetryCase,
  coldStartCase,
];
