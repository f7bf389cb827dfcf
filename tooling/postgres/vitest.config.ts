import base from "@rockpool/vitest";
import { defineConfig, mergeConfig } from "vitest/config";

// A test here makes several servers; on a busy machine each takes its time.
export default mergeConfig(base, defineConfig({ test: { testTimeout: 120_000 } }));
