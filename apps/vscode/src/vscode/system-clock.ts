import type { Clock } from "../model/database.ts";

export const systemClock: Clock = {
  now: () => performance.now(),
  after(delayMillis, callback) {
    const timer = setTimeout(callback, delayMillis);
    return () => clearTimeout(timer);
  },
};
