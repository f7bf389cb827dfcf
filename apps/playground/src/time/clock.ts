import { setTimeout as pause } from "node:timers/promises";

/** Time as the playground sees it. */
export interface Clock {
  /** Milliseconds from any origin. */
  now(): number;
  /** Resolves after `millis`; rejects with the signal's reason when that aborts first. */
  sleep(millis: number, signal: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
  now: () => performance.now(),
  sleep: async (millis, signal) => {
    try {
      await pause(millis, undefined, { signal });
    } catch (error) {
      signal.throwIfAborted();
      throw error;
    }
  },
};
