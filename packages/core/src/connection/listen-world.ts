import { performance } from "node:perf_hooks";
import { type RetryWorld, systemRetryWorld } from "./retry.ts";

/** Time and chance as a hub sees them. */
export interface ListenWorld extends RetryWorld {
  /** Monotonic milliseconds from any origin. */
  now(): number;
}

export const systemListenWorld: ListenWorld = { ...systemRetryWorld, now: () => performance.now() };
