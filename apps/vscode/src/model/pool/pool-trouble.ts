import type { PoolView } from "../../../shared/protocol/pool.ts";
import { leaksOf } from "./leaks.ts";

/** What is wrong with a pool, the worst first; null where nothing is. */
export type PoolTrouble =
  /** Somebody has waited for long, which no burst explains. */
  | { readonly kind: "waiting"; readonly forMillis: number }
  | { readonly kind: "leak"; readonly count: number };

const LONG_WAIT_MILLIS = 5_000;

export function troubleOf(pool: PoolView): PoolTrouble | null {
  const forMillis = Math.max(0, ...pool.waiters.map((waiter) => waiter.forMillis));
  if (forMillis >= LONG_WAIT_MILLIS) return { kind: "waiting", forMillis };
  const count = leaksOf(pool).length;
  return count === 0 ? null : { kind: "leak", count };
}
