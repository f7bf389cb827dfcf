import { type PeerPool, poolSize } from "./peer-pool.ts";

interface Waiting {
  readonly resolve: (turn: object) => void;
  behind: Waiting | null;
}

/**
 * No pool at all: a counter, and a list of promises. What this costs is the price of asking with a promise, which no pool
 * can be below.
 */
export function bareQueue(): PeerPool {
  const turn = {};
  let free = poolSize;
  let first: Waiting | null = null;
  let last: Waiting | null = null;
  const acquire = (): Promise<object> => {
    if (free > 0) {
      free -= 1;
      return Promise.resolve(turn);
    }
    return new Promise((resolve) => {
      const waiting: Waiting = { resolve, behind: null };
      if (last === null) first = waiting;
      else last.behind = waiting;
      last = waiting;
    });
  };
  const release = (): void => {
    if (first === null) {
      free += 1;
      return;
    }
    const { resolve } = first;
    first = first.behind;
    if (first === null) last = null;
    resolve(turn);
  };
  return {
    name: "no pool: bare promises",
    cycle: async () => {
      await acquire();
      release();
    },
    fill: async () => {},
    close: async () => {},
  };
}
