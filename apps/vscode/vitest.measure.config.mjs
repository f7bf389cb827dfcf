import { defineConfig } from "vitest/config";

/** Measurements: commands of their own, which no test run includes. */
export default defineConfig({
  resolve: { conditions: ["rockpool-source"] },
  ssr: { resolve: { conditions: ["rockpool-source"] } },
  test: { include: ["test/measure/*.measure.ts"], fileParallelism: false, disableConsoleIntercept: true },
});
