import pg from "pg";
import { createListenHub } from "./connection/listen.ts";
import { Engine } from "./engine/engine.ts";
import { ConfigError } from "./errors.ts";
import type {
  ConnectionFactoryOptions,
  ConnectionOpener,
  FactoryConfig,
} from "./factory/connection-factory.ts";
import { createConnectionFactory, factoryOptionKeys } from "./factory/create-connection-factory.ts";
import type { Acquisition } from "./pool/acquisition.ts";
import { createListenSource } from "./pool/listen-source.ts";
import { LossWatch } from "./pool/loss-watch.ts";
import type { Member } from "./pool/member.ts";
import {
  type PoolOptions,
  poolOptionKeys,
  type ResolvedPoolOptions,
  resolvePoolOptions,
} from "./pool/options.ts";
import { Pool } from "./pool/pool.ts";
import { nameOf, takeName } from "./pool/pool-name.ts";
import { PoolObserver } from "./pool/pool-observer.ts";
import { SessionConnector } from "./pool/session-connector.ts";
import { createPoolTelemetry } from "./telemetry/create-pool-telemetry.ts";
import type { PoolGauges } from "./telemetry/pool-telemetry.ts";

/**
 * Makes a pool over a factory. Nothing is opened before the first caller wants a connection, or `open()`.
 *
 * @throws {ConfigError} an option is unknown, has a value that it cannot have, or belongs to the factory.
 */
export function createPool(factory: ConnectionOpener, options?: PoolOptions): Pool;
/**
 * Makes a pool to what `config` says, read as libpq reads it; the options are those of the pool and of its factory.
 *
 * @throws {ConfigError} the configuration or an option is wrong.
 * @example
 * await using pool = createPool("postgresql://app@localhost/orders", { name: "orders", max: 10 });
 * const { rows } = await pool.query("select * from orders where id = $1", [42]);
 */
export function createPool(config?: FactoryConfig, options?: PoolOptions & ConnectionFactoryOptions): Pool;
export function createPool(
  source: ConnectionOpener | FactoryConfig = "",
  options: PoolOptions & ConnectionFactoryOptions = {},
): Pool {
  checkSource(source);
  const [own, rest] = split(options);
  checkNames(rest);
  const factory = isFactory(source) ? checkFactoryAlone(source, rest) : createConnectionFactory(source, rest);
  const resolved = resolvePoolOptions(own, nameOf(factory.target));
  return compose(factory, { ...resolved, name: takeName(resolved.name) });
}

/** The only place where factory, engine and telemetry meet. */
function compose(factory: ConnectionOpener, options: ResolvedPoolOptions): Pool {
  const telemetry = createPoolTelemetry({
    poolName: options.name,
    target: firstTarget(factory),
    options: options.telemetry,
    gauges: () => gauges(engine, options.engine.maxIdle),
    isDriverPatched: () => Reflect.get(pg.Client.prototype.query, "__wrapped") === true,
  });
  const observer: PoolObserver = new PoolObserver({
    name: options.name,
    now: () => options.clock.now(),
    telemetry,
    onConnected: (slot) => {
      losses.watch(slot);
      observer.follow(slot.connection);
    },
  });
  const engine = new Engine<Member, Acquisition>({
    name: options.name,
    options: options.engine,
    connector: new SessionConnector(factory, options, telemetry),
    clock: options.clock,
    random: options.random,
    observer,
  });
  const losses = new LossWatch(engine, observer, {
    classifyError: options.hooks.classifyError,
    demandsWritable: ["read-write", "primary"].includes(factory.target?.targetSessionAttrs ?? "any"),
  });
  observer.watch(() => engine.waiting);
  return new Pool({
    options,
    engine,
    observer,
    telemetry,
    hub: createListenHub(createListenSource(factory, options.name, telemetry), {
      name: options.name,
      connectTimeoutMillis: options.engine.connectTimeoutMillis,
    }),
  });
}

function gauges(engine: Engine<Member, Acquisition>, maxIdle: number | null): PoolGauges {
  const { idle, acquired, validating, resetting, closing, max, minIdle, waiting } = engine.stats();
  return {
    idle,
    used: acquired + validating + resetting + closing,
    max,
    maxIdle: maxIdle ?? max,
    minIdle,
    waiting,
  };
}

/** Of what is not known before a connection is open, nothing is told. */
function firstTarget({ target }: ConnectionOpener): { host: string; port: number; database: string } {
  const [first = { host: "", port: 5432 }] = target?.hosts ?? [];
  return { host: first.host, port: first.port, database: target?.database ?? "" };
}

/** A program without types can hand over anything, such as a variable that was never set. */
function checkSource(source: unknown): void {
  if (typeof source === "string" || (typeof source === "object" && source !== null)) return;
  throw new ConfigError(
    `createPool needs a connection string, a config object or a connection factory, not ${source === null ? "null" : typeof source}`,
  );
}

function isFactory(source: ConnectionOpener | FactoryConfig): source is ConnectionOpener {
  return typeof source === "object" && "connect" in source && typeof source.connect === "function";
}

function split(options: PoolOptions & ConnectionFactoryOptions): [PoolOptions, ConnectionFactoryOptions] {
  const entries = Object.entries(options);
  return [
    Object.fromEntries(entries.filter(([key]) => poolOptionKeys.has(key))),
    Object.fromEntries(entries.filter(([key]) => !poolOptionKeys.has(key) || key === "random")),
  ];
}

/** The factory would name its own options only, where the pool's were meant. */
function checkNames(options: ConnectionFactoryOptions): void {
  const unknown = Object.keys(options).find((key) => !factoryOptionKeys.has(key));
  if (unknown === undefined) return;
  const known = [...poolOptionKeys, ...factoryOptionKeys].join(", ");
  throw new ConfigError(
    `${unknown} is an option of neither a pool nor its connection factory; the options are ${known}`,
  );
}

function checkFactoryAlone(factory: ConnectionOpener, rest: ConnectionFactoryOptions): ConnectionOpener {
  const unknown = Object.keys(rest).find((key) => !poolOptionKeys.has(key));
  if (unknown === undefined) return factory;
  throw new ConfigError(
    `${unknown} is not an option of a pool; where it is one of the connection factory, give it to createConnectionFactory`,
  );
}
