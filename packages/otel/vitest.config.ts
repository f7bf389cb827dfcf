import shared from "@rockpool/vitest";
import { mergeConfig } from "vitest/config";

export default mergeConfig(shared, {
  // Processes and browsers start slowly on a busy machine; nothing here waits for time to pass.
  test: { testTimeout: 180_000, expect: { poll: { timeout: 30_000 } } },
});
