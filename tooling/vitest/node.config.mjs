import { defineConfig } from "vitest/config";

/** The configuration of every package's tests: workspace source without a build, one JSON report a package. */
export default defineConfig({
  resolve: { conditions: ["rockpool-source"] },
  ssr: { resolve: { conditions: ["rockpool-source"] } },
  test: {
    environment: "node",
    include: ["test/**/*.test.ts"],
    pool: "forks",
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 120_000,
    // Conditions are waited for on machines that do other things too; a second is too short for a busy one.
    expect: { poll: { timeout: 15_000 } },
    reporters: ["default", "json"],
    outputFile: { json: ".test-results/vitest.json" },
  },
});
