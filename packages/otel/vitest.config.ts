import shared from "@rockpool/vitest";
import { mergeConfig } from "vitest/config";

/** Where the other SDK line is installed; see scripts/test-sdk-3.mjs. */
const home = process.env.ROCKPOOL_SDK_HOME;

const alias =
  home === undefined ? [] : [{ find: /^(@opentelemetry\/.+)$/, replacement: `${home}/node_modules/$1` }];

export default mergeConfig(shared, {
  resolve: { alias },
  // Processes and browsers start slowly on a busy machine; nothing here waits for time to pass.
  test: { testTimeout: 180_000, expect: { poll: { timeout: 30_000 } } },
});
