import fc from "fast-check";
import { expect, it } from "vitest";
import { command, engineOptions } from "./support/commands.ts";
import { Run } from "./support/model.ts";

const seconds = Number(process.env.ROCKPOOL_MODEL_SECONDS ?? 0);
const seed = Number(process.env.ROCKPOOL_MODEL_SEED ?? Math.floor(Math.random() * 2 ** 31));

it("keeps every rule of a pool in random schedules of callers, servers, operators and time", {
  timeout: seconds * 1_000 + 240_000,
}, async () => {
  console.info(`model seed ${seed}; replay with ROCKPOOL_MODEL_SEED=${seed}`);
  let runs = 0;
  await fc.assert(
    fc.asyncProperty(
      engineOptions,
      fc.array(command, { maxLength: 60, size: "max" }),
      async (options, commands) => {
        runs += 1;
        await new Run(options).perform(commands);
      },
    ),
    {
      seed,
      ...(seconds > 0
        ? {
            numRuns: Number.MAX_SAFE_INTEGER,
            interruptAfterTimeLimit: seconds * 1_000,
            markInterruptAsFailure: false,
          }
        : { numRuns: Number(process.env.ROCKPOOL_MODEL_RUNS ?? 2_000) }),
    },
  );
  console.info(`model ran ${runs} sequences`);
  expect(runs).toBeGreaterThan(0);
});
