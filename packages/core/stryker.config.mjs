/** @type {import("@stryker-mutator/api/core").PartialStrykerOptions} */
export default {
  mutate: ["src/engine/**/*.ts", "!src/engine/ports.ts"],
  // pnpm keeps packages apart, so that plugins are not found by looking around.
  plugins: ["@stryker-mutator/vitest-runner"],
  testRunner: "vitest",
  vitest: { configFile: "vitest.mutation.config.ts" },
  coverageAnalysis: "perTest",
  // Stryker rewrites tsconfig.json by an API that TypeScript 7 does not have; the tests need none.
  tsconfigFile: "none",
  ignorePatterns: ["dist", "bench", ".test-results", "tsconfig*.json"],
  reporters: ["clear-text", "progress-append-only", "json"],
  jsonReporter: { fileName: ".test-results/mutation.json" },
  clearTextReporter: { allowColor: false, reportTests: false, reportMutants: true },
  tempDirName: ".test-results/mutation",
  concurrency: 2,
  timeoutMS: 10_000,
  timeoutFactor: 2,
  thresholds: { high: 95, low: 90, break: 90 },
};
