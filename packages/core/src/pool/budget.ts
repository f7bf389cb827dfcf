import { withRest } from "../connection/limit.ts";
import type { OperationOptions } from "../connection/query.ts";
import type { AcquireOptions } from "./acquisition.ts";
import type { ResolvedPoolOptions } from "./options.ts";

/** One `timeoutMillis` spread over the acquire and the operation after it. */
export interface Budget<O extends OperationOptions> {
  readonly acquire: AcquireOptions;
  /** The operation's options with what is left of the time; read when the operation begins. */
  rest(): O;
}

/**
 * Splits the limits of an operation that brings its own acquire: `timeoutMillis` bounds both together, and the acquire is bounded by the
 * pool's own timeout besides.
 */
export function budget<O extends OperationOptions>(options: O, pool: ResolvedPoolOptions): Budget<O> {
  // Where it says nothing, the acquire takes the pool's own timeout.
  if (options.timeoutMillis === undefined) return { acquire: options, rest: () => options };
  const { signal, timeoutMillis } = options;
  const patience = pool.acquireTimeoutMillis;
  if (timeoutMillis === null) return { acquire: { timeoutMillis: patience, signal }, rest: () => options };
  const end = pool.clock.now() + timeoutMillis;
  return {
    acquire: {
      timeoutMillis: patience === null ? timeoutMillis : Math.min(patience, timeoutMillis),
      signal,
    },
    rest: () => withRest(options, Math.max(1, end - pool.clock.now())),
  };
}
