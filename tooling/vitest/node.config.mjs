import { defineConfig } from "vitest/config";

/** Where the other SDK line is installed; see sdk-3.mjs. */
const home = process.env.ROCKPOOL_SDK_HOME;

const alias =
  home === undefined
    ? []
    : [{ find: /^(@opentelemetry\/(?!semantic-conventions).+)$/, replacement: `${home}/node_modules/$1` }];

/** The configuration of every package's tests: workspace source without a build, one JSON report a package. */
export default defineConfig({
  resolve: { conditions: ["rockpool-source"], alias },
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
