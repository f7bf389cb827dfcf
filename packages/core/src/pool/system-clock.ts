import { AsyncResource } from "node:async_hooks";
import { performance } from "node:perf_hooks";
import type { Clock, RandomSource, Timer } from "../engine/ports.ts";

/** The clock of the process: `performance.now()`, and timers that never keep the process alive. */
export function createSystemClock(): Clock {
  // Timers are armed while a caller acquires; without a scope of their own they would keep that caller's context alive.
  const scope = new AsyncResource("RockpoolTimer");
  const arm = (callback: () => void, delayMillis: number): NodeJS.Timeout =>
    setTimeout(callback, delayMillis).unref();
  return {
    now: () => performance.now(),
    setTimer: (callback, delayMillis): Timer => {
      const timer = scope.runInAsyncScope(arm, null, callback, delayMillis);
      return { cancel: () => clearTimeout(timer) };
    },
  };
}

/** `Math.random` as the engine's source of chance: jitter needs spread, not secrecy. */
export const systemRandom: RandomSource = { next: () => Math.random() };
