import type { Pool } from "@rockpool/core";
import type { Clock } from "../time/clock.ts";

export interface LeakOptions {
  readonly clock: Clock;
  readonly heldMillis: number;
  readonly signal: AbortSignal;
}

/** Does what a handler does that forgets its connection: takes one, uses it, and gives it back much too late. */
export async function leakConnection(pool: Pool, { clock, heldMillis, signal }: LeakOptions): Promise<void> {
  const lease = await pool.acquire({ signal });
  try {
    await lease.query("select count(*) from shop.events where kind = $1", ["basket"], { signal });
    await clock.sleep(heldMillis, signal);
  } finally {
    lease.release();
  }
}
