import type { Connection } from "../connection/connection.ts";
import { mustBeDuration } from "../connection/duration.ts";
import type { ResetTier } from "../connection/session-options.ts";
import { checkSizes, defaultEngineOptions, type EngineOptions } from "../engine/options.ts";
import type { Clock, RandomSource } from "../engine/ports.ts";
import { ConfigError } from "../errors.ts";
import { checkOptions, optionRules } from "../option-rules.ts";
import type { TelemetryOptions } from "../telemetry/options.ts";
import type { PoolHooks } from "./hooks.ts";
import { createSystemClock, systemRandom } from "./system-clock.ts";

/** Cleans a released session; must leave it outside a transaction. */
export type ResetFunction = (connection: Connection) => void | Promise<void>;

/** How statements of different callers may share a connection in `pool.query()`. */
export interface PipeliningOptions {
  /** How many statements may be under way on one connection. Default: 100. */
  depth?: number | undefined;
  /** How many connections callers may share, one more only when the others are full; the rest stays exclusive. Default: half of `max`. */
  connections?: number | undefined;
  /** Only statements whose recent executions were faster than this share, in milliseconds. Default: 10. */
  fastMillis?: number | undefined;
}

/** The same with every default in place. */
export type ResolvedPipelining = {
  readonly [K in keyof PipeliningOptions]-?: NonNullable<PipeliningOptions[K]>;
};

/** What a pool is told. Durations are in milliseconds, and `null` switches off what it stands for. */
export interface PoolOptions extends PoolHooks {
  /** The pool's name on spans and metrics, and the first part of each connection's id. Default: `host:port/database`. */
  name?: string | undefined;
  /** The most connections at any moment, in whatever state. Default: 10. Minimum: 1. */
  max?: number | undefined;
  /** The fewest connections, opened ahead of demand. Default: 0. */
  min?: number | undefined;
  /** The fewest idle connections, as far as `max` has room. Default: 0. */
  minIdle?: number | undefined;
  /** The most idle connections; `0` = no connection is used twice. Default: null (no limit but `max`). */
  maxIdle?: number | null | undefined;
  /** Which idle connection is handed out: the one used last, or the one that lay idle longest. Default: `lifo`. */
  idleOrder?: "lifo" | "fifo" | undefined;
  /** One absolute deadline over queueing, connecting, validating and hooks. Default: 30 000. */
  acquireTimeoutMillis?: number | null | undefined;
  /** How long one connect may take, all of its hosts together. Default: 10 000. Minimum: 1. */
  connectTimeoutMillis?: number | null | undefined;
  /** How many callers may wait; the next one gets `QueueFullError`. Default: null. */
  maxWaiting?: number | null | undefined;
  /** How long a connection that nobody needed stays open, down to `min`. Default: 600 000. */
  idleTimeoutMillis?: number | null | undefined;
  /** How long a connection is used at most; never closed while in use. Default: 3 600 000. Minimum: 1 000. */
  maxLifetimeMillis?: number | null | undefined;
  /** The share of `maxLifetimeMillis` by which a connection's own may be shorter, so that they do not all end at once; 0 to 1. Default: 0.1. */
  lifetimeJitter?: number | undefined;
  /** How often a connection is handed out at most. Default: null. */
  maxUses?: number | null | undefined;
  /** A connection that lay idle longer than this is validated before it is handed out. Default: 500. */
  validateAfterIdleMillis?: number | null | undefined;
  /** How long a validation may take before the connection is given up. Default: 1 000. Minimum: 1. */
  validateTimeoutMillis?: number | undefined;
  /** How often an idle connection is proved alive in the background. Default: 120 000. Minimum: 1 000. */
  keepaliveIntervalMillis?: number | null | undefined;
  /** How long the reset after a release may take before the connection is closed instead. Default: 5 000. */
  resetTimeoutMillis?: number | undefined;
  /** How long the `prepare` hook may take before the connection is closed instead. Default: 5 000. */
  prepareTimeoutMillis?: number | undefined;
  /** How long a connection may take to close before its socket is destroyed. Default: 5 000. */
  closeTimeoutMillis?: number | undefined;
  /**
   * What a release cleans: an open transaction (`rollback`), the session's whole state where it was changed (`clean`), that and its
   * prepared statements (`discard`), nothing (`none`: a session left in a transaction is closed), or what a function does.
   * Default: `rollback`.
   */
  reset?: ResetTier | ResetFunction | undefined;
  /** A lease held longer is reported, with the stack of its acquire, which costs a few microseconds each. Default: null. */
  leakThresholdMillis?: number | null | undefined;
  /**
   * An acquire inside `use` or `transaction`: `throw` warns of the first and rejects what can never be served, `warn` lets it wait, `allow`
   * says nothing. Default: `throw`.
   */
  nestedAcquire?: "throw" | "warn" | "allow" | undefined;
  /** Lets fast single statements of `pool.query()` share connections. Default: null. */
  pipelining?: PipeliningOptions | null | undefined;
  /** What OpenTelemetry is told. */
  telemetry?: TelemetryOptions | undefined;
  /** Where time comes from. Default: the system. */
  clock?: Clock | undefined;
  /** Where chance comes from. Default: the system. */
  random?: RandomSource | undefined;
}

/** The options with every default in place. */
export interface ResolvedPoolOptions {
  readonly name: string;
  readonly engine: EngineOptions;
  readonly acquireTimeoutMillis: number | null;
  readonly reset: ResetTier | ResetFunction;
  readonly hooks: PoolHooks;
  readonly pipelining: ResolvedPipelining | null;
  readonly telemetry: TelemetryOptions;
  readonly clock: Clock;
  readonly random: RandomSource;
}

const ownKeys = {
  acquireTimeoutMillis: true,
  beforeClose: true,
  classifyError: true,
  clock: true,
  name: true,
  onRelease: true,
  pipelining: true,
  prepare: true,
  random: true,
  reset: true,
  telemetry: true,
} as const satisfies Partial<Record<keyof PoolOptions, true>>;

/** The name of every option of a pool. */
export const poolOptionKeys: ReadonlySet<string> = new Set([
  ...Object.keys(ownKeys),
  ...Object.keys(defaultEngineOptions),
]);

/** The least of each duration: below it a pool would open, ask or close connections without ever using one. */
const durations = [
  ["connectTimeoutMillis", 1],
  ["idleTimeoutMillis", 0],
  ["maxLifetimeMillis", 1_000],
  ["validateAfterIdleMillis", 0],
  ["keepaliveIntervalMillis", 1_000],
  ["leakThresholdMillis", 0],
] as const;

/** The same for what no caller's deadline bounds: without an end of its own it could keep a connection for ever. */
const bounds = [
  ["validateTimeoutMillis", 1],
  ["resetTimeoutMillis", 1],
  ["prepareTimeoutMillis", 1],
  ["closeTimeoutMillis", 0],
] as const;

const telemetryRules = optionRules<TelemetryOptions>("telemetry", {
  callSites: true,
  captureServerMessage: true,
  checkoutSpans: true,
  lifecycleSpans: true,
  meterProvider: true,
  onPgInstrumentation: true,
  queryComment: true,
  querySummary: true,
  queryText: true,
  tracerProvider: true,
});

const hooks = ["prepare", "onRelease", "beforeClose", "classifyError"] as const;
const pipeliningKeys: readonly string[] = [
  "depth",
  "connections",
  "fastMillis",
] satisfies readonly (keyof PipeliningOptions)[];

/**
 * Puts the defaults in place and checks what was given.
 *
 * @throws {ConfigError} an option has a value that it cannot have.
 */
export function resolvePoolOptions(options: PoolOptions, defaultName: string): ResolvedPoolOptions {
  const engine = resolveEngineOptions(options);
  const acquireTimeoutMillis =
    options.acquireTimeoutMillis === undefined ? 30_000 : options.acquireTimeoutMillis;
  mustBeDuration("acquireTimeoutMillis", acquireTimeoutMillis);
  for (const hook of hooks) mustBeFunction(hook, options[hook]);
  if (options.name !== undefined) mustBeName(options.name);
  if (typeof options.reset !== "function")
    mustBeOneOf("reset", options.reset, ["rollback", "clean", "discard", "none"]);
  checkTelemetry(options.telemetry ?? {});
  mustHave("clock", options.clock, ["now", "setTimer"]);
  mustHave("random", options.random, ["next"]);
  return {
    name: options.name ?? defaultName,
    engine,
    acquireTimeoutMillis,
    reset: options.reset ?? "rollback",
    hooks: options,
    pipelining: resolvePipelining(options.pipelining ?? null, engine.max),
    telemetry: options.telemetry ?? {},
    clock: options.clock ?? createSystemClock(),
    random: options.random ?? systemRandom,
  };
}

function resolveEngineOptions(options: PoolOptions): EngineOptions {
  const given = Object.fromEntries(
    Object.entries(options).filter(([key, value]) => key in defaultEngineOptions && value !== undefined),
  );
  const engine: EngineOptions = { ...defaultEngineOptions, ...given };
  checkSizes(engine, engine.maxIdle);
  for (const [name, least] of durations) mustBeAtLeast(name, engine[name], least);
  for (const [name, least] of bounds) mustBeBound(name, engine[name], least);
  mustBeCountOrNull("maxIdle", engine.maxIdle, 0);
  mustBeCountOrNull("maxWaiting", engine.maxWaiting, 0);
  mustBeCountOrNull("maxUses", engine.maxUses, 1);
  mustBeOneOf("idleOrder", engine.idleOrder, ["lifo", "fifo"]);
  mustBeOneOf("nestedAcquire", engine.nestedAcquire, ["throw", "warn", "allow"]);
  if (!(engine.lifetimeJitter >= 0 && engine.lifetimeJitter <= 1)) {
    throw new ConfigError(`lifetimeJitter must be between 0 and 1, not ${engine.lifetimeJitter}`);
  }
  return engine;
}

function resolvePipelining(options: PipeliningOptions | null, max: number): ResolvedPipelining | null {
  if (options === null) return null;
  const unknown = Object.keys(options).find((key) => !pipeliningKeys.includes(key));
  if (typeof options !== "object" || unknown !== undefined) {
    throw new ConfigError(`pipelining must be null or have no other keys than ${pipeliningKeys.join(", ")}`);
  }
  const { depth = 100, connections = Math.max(1, Math.floor(max / 2)), fastMillis = 10 } = options;
  mustBeCountOrNull("pipelining.depth", depth, 1);
  mustBeCountOrNull("pipelining.connections", connections, 1);
  mustBeDuration("pipelining.fastMillis", fastMillis);
  return { depth, connections: Math.min(connections, max), fastMillis };
}

function checkTelemetry(options: TelemetryOptions): void {
  checkOptions(telemetryRules, options);
  const { checkoutSpans, querySummary, queryText, onPgInstrumentation, queryComment } = options;
  mustBeOneOf("telemetry.checkoutSpans", checkoutSpans, ["always", "explicit", "contended", "never"]);
  mustBeOneOf("telemetry.querySummary", querySummary, [true, false, "metrics"]);
  mustBeOneOf("telemetry.queryText", queryText, [true, false, "sanitized"]);
  mustBeOneOf("telemetry.onPgInstrumentation", onPgInstrumentation, ["suppress", "defer", "both"]);
  mustBeFunction("telemetry.queryComment", queryComment);
}

/** What stands in for time or chance in a test, and is called long after the pool was made. */
function mustHave(name: string, value: object | undefined, methods: readonly string[]): void {
  if (value === undefined) return;
  const isWhole =
    typeof value === "object" &&
    value !== null &&
    methods.every((method) => typeof Reflect.get(value, method) === "function");
  if (!isWhole)
    throw new ConfigError(
      `${name} must be an object with ${methods.map((method) => `${method}()`).join(" and ")}`,
    );
}

function mustBeName(name: unknown): void {
  if (typeof name !== "string" || name === "") throw new ConfigError("name must be a text that is not empty");
}

function mustBeFunction(name: string, value: unknown): void {
  if (value === undefined || typeof value === "function") return;
  throw new ConfigError(`${name} must be a function, not ${typeof value}`);
}

function mustBeAtLeast(name: string, value: number | null, least: number): void {
  mustBeDuration(name, value);
  if (value !== null && value < least)
    throw new ConfigError(`${name} must be at least ${least} milliseconds or null for off, not ${value}`);
}

function mustBeBound(name: string, value: number | null, least: number): void {
  if (value !== null && Number.isFinite(value) && value >= least) return;
  const what = `a number of milliseconds${least === 0 ? "" : `, at least ${least},`} and cannot be off`;
  throw new ConfigError(`${name} must be ${what}, not ${String(value)}`);
}

function mustBeCountOrNull(name: string, value: number | null, least: number): void {
  if (value === null || (Number.isInteger(value) && value >= least)) return;
  throw new ConfigError(
    `${name} must be a whole number of at least ${least} or null for off, not ${String(value)}`,
  );
}

function mustBeOneOf<T>(name: string, value: T | undefined, choices: readonly T[]): void {
  if (value === undefined || choices.includes(value)) return;
  throw new ConfigError(`${name} must be one of ${choices.join(", ")}, not ${String(value)}`);
}
