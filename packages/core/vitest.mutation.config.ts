import shared from "@rockpool/vitest";
import { defineConfig } from "vitest/config";

// The same few random sequences for every mutant, so that a mutant lives or dies for a reason.
process.env.ROCKPOOL_MODEL_RUNS = process.env.ROCKPOOL_MODEL_RUNS ?? "40";
process.env.ROCKPOOL_MODEL_SEED = "20261";
process.env.ROCKPOOL_SCHEDULES = "30";

export default defineConfig({
  ...shared,
  test: {
    ...shared.test,
    // Not merged: the shared configuration includes every test.
    include: ["test/engine/mutation.ts"],
    exclude: [],
    reporters: ["dot"],
    testTimeout: 5_000,
  },
});
