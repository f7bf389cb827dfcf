import type { PoolStats } from "./pool.ts";

/** Whether a pool serves its callers, in a form that a health endpoint can return. */
export interface PoolHealth {
  /**
   * `ok`: callers are served; `saturated`: every connection is in use and callers wait; `unavailable`: no connection is open and the
   * last attempt to open one failed; otherwise the pool's own state.
   */
  readonly status: "ok" | "saturated" | "unavailable" | "suspended" | "draining" | "closing" | "closed";
  readonly stats: PoolStats;
  /** Why the last connect failed, where none has succeeded since; null otherwise. */
  readonly lastConnectError: unknown;
}

/** Judges a pool by its numbers alone; sends nothing. */
export function judge(stats: PoolStats, lastConnectError: unknown): PoolHealth {
  return { status: statusOf(stats, lastConnectError), stats, lastConnectError };
}

function statusOf(stats: PoolStats, lastConnectError: unknown): PoolHealth["status"] {
  if (stats.state !== "open") return stats.state;
  if (lastConnectError !== null && stats.total - stats.connecting - stats.closing === 0) return "unavailable";
  return stats.waiting > 0 && stats.total >= stats.max ? "saturated" : "ok";
}
