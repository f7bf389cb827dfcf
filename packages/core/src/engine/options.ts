import { ConfigError } from "../errors.ts";

/** How many connections the pool keeps; all of it can change while it runs. */
export interface Sizes {
  /** The most connections at any moment, in whatever state. */
  readonly max: number;
  /** The fewest connections, whatever their state. */
  readonly min: number;
  /** The fewest idle connections, as far as `max` has room. */
  readonly minIdle: number;
}

/** What `resize` changes; what is absent or undefined stays as it is. */
export type SizeChanges = { readonly [Name in keyof Sizes]?: Sizes[Name] | undefined };

/** What the engine is told; every duration in milliseconds, null = off. */
export interface EngineOptions extends Sizes {
  /** The most idle connections; 0 = no connection is used twice. */
  readonly maxIdle: number | null;
  /** `lifo` hands out the connection that was used last, `fifo` the one that lay idle longest. */
  readonly idleOrder: "lifo" | "fifo";
  /** How many callers may wait beyond those that the pool has room to serve. */
  readonly maxWaiting: number | null;
  readonly connectTimeoutMillis: number | null;
  readonly idleTimeoutMillis: number | null;
  readonly maxLifetimeMillis: number | null;
  /** The share of `maxLifetimeMillis` by which a connection's own lifetime may be shorter; 0 to 1. */
  readonly lifetimeJitter: number;
  readonly maxUses: number | null;
  /** A connection that lay idle longer is validated before it is handed out; null = never. */
  readonly validateAfterIdleMillis: number | null;
  readonly validateTimeoutMillis: number;
  readonly keepaliveIntervalMillis: number | null;
  /** How long a reset may take before the connection is closed instead. */
  readonly resetTimeoutMillis: number;
  /** How long the hook before a hand-out may take before the connection is closed instead. */
  readonly prepareTimeoutMillis: number;
  /** How long a connection may take to close before its socket is destroyed. */
  readonly closeTimeoutMillis: number;
  readonly leakThresholdMillis: number | null;
  readonly nestedAcquire: "throw" | "warn" | "allow";
}

export const defaultEngineOptions: EngineOptions = {
  max: 10,
  min: 0,
  minIdle: 0,
  maxIdle: null,
  idleOrder: "lifo",
  maxWaiting: null,
  connectTimeoutMillis: 10_000,
  idleTimeoutMillis: 600_000,
  maxLifetimeMillis: 3_600_000,
  lifetimeJitter: 0.1,
  maxUses: null,
  validateAfterIdleMillis: 500,
  validateTimeoutMillis: 1_000,
  keepaliveIntervalMillis: 120_000,
  resetTimeoutMillis: 5_000,
  prepareTimeoutMillis: 5_000,
  closeTimeoutMillis: 5_000,
  leakThresholdMillis: null,
  nestedAcquire: "throw",
};

export function mustBeCount(name: string, value: number, least: number): void {
  if (!Number.isInteger(value) || value < least) {
    throw new ConfigError(`${name} must be a whole number of at least ${least}, not ${value}`);
  }
}

/**
 * Checks sizes, given at the start or to `resize`.
 *
 * @throws {ConfigError} a size is not a whole number, or the minimum is above `max` or `maxIdle`.
 */
export function checkSizes(sizes: Sizes, maxIdle: number | null): Sizes {
  mustBeCount("max", sizes.max, 1);
  if (maxIdle !== null) mustBeCount("maxIdle", maxIdle, 0);
  for (const name of ["min", "minIdle"] as const) {
    mustBeCount(name, sizes[name], 0);
    if (sizes[name] > sizes.max) throw contradiction(name, sizes[name], `max (${sizes.max})`);
    // Otherwise the connections that one rule opens would be closed by the other, for ever.
    if (maxIdle !== null && sizes[name] > maxIdle)
      throw contradiction(name, sizes[name], `maxIdle (${maxIdle})`);
  }
  return { max: sizes.max, min: sizes.min, minIdle: sizes.minIdle };
}

function contradiction(name: string, value: number, bound: string): ConfigError {
  return new ConfigError(`${name} (${value}) must not be above ${bound}; lower the one or raise the other`);
}
