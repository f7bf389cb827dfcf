import base from "@rockpool/vitest";
import { mergeConfig } from "vitest/config";

// The same few random sequences for every mutant, so that a mutant lives or dies for a reason.
process.env.ROCKPOOL_MODEL_RUNS = "60";
process.env.ROCKPOOL_MODEL_SEED = "20261";
process.env.ROCKPOOL_SCHEDULES = "30";

export default mergeConfig(base, {
  test: { include: ["test/engine/**/*.test.ts"], exclude: ["test/engine/soak.test.ts"], reporters: ["dot"] },
});
