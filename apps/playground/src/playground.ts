import type { Server } from "node:http";
import { type ConnectionFactory, createConnectionFactory, createPool, type Pool } from "@rockpool/core";
import { HttpSender } from "./load/http-sender.ts";
import { leakConnection } from "./load/leak-connection.ts";
import { type LoadCounts, LoadDriver } from "./load/load-driver.ts";
import { Meter } from "./meter/meter.ts";
import { type Summary, summarise } from "./meter/summary.ts";
import { loadSample } from "./sample/load-sample.ts";
import { listenOn } from "./service/listen-on.ts";
import { shopRoutes } from "./service/routes.ts";
import { createService } from "./service/service.ts";
import { Shop } from "./service/shop.ts";
import { type Clock, systemClock } from "./time/clock.ts";
import { seededRandom } from "./time/seeded-random.ts";

export interface PlaygroundOptions {
  /** The database, as libpq writes it. */
  readonly databaseUrl: string;
  /** The service's port. Default: 0, any that is free. */
  readonly port?: number;
  /** The most connections of the pool. Default: 10. */
  readonly max?: number;
  /** Requests a second while it is calm. Default: 150; 0 for no load. */
  readonly rate?: number;
  /** What the load's chance starts from. Default: 1. */
  readonly seed?: number;
  readonly clock?: Clock;
  /** Called with a line for a person at each step. */
  readonly onProgress?: (line: string) => void;
  /** Gives the start up. */
  readonly signal?: AbortSignal;
}

const LEAK_THRESHOLD_MILLIS = 2_000;
const LEAK_HELD_MILLIS = 6_000;
const ACQUIRE_TIMEOUT_MILLIS = 5_000;

/** The service on its sample database, and the load on it. */
export class Playground {
  readonly url: string;
  readonly pool: Pool;
  readonly meter: Meter;
  readonly #server: Server;
  readonly #driver: LoadDriver;
  readonly #sender: HttpSender;
  readonly #clock: Clock;
  readonly #loadEnd = new AbortController();
  readonly #startedAt: number;
  #running: Promise<void> = Promise.resolve();

  constructor({ pool, meter, server, port, options }: PlaygroundParts) {
    const { rate = 150, seed = 1, clock = systemClock } = options;
    this.url = `http://127.0.0.1:${port}`;
    this.pool = pool;
    this.meter = meter;
    this.#server = server;
    this.#clock = clock;
    this.#startedAt = clock.now();
    this.#sender = new HttpSender(port);
    this.#driver = new LoadDriver({
      rate,
      clock,
      random: seededRandom(seed),
      send: (request, signal) => this.#sender.send(request, signal),
      leak: (signal) => leakConnection(pool, { clock, signal, heldMillis: LEAK_HELD_MILLIS }),
    });
    if (rate > 0) this.#running = this.#driver.run(this.#loadEnd.signal);
  }

  load(): LoadCounts {
    return this.#driver.counts();
  }

  seconds(): number {
    return (this.#clock.now() - this.#startedAt) / 1_000;
  }

  summary(): Summary {
    const { requests } = this.load();
    return summarise(this.meter, { seconds: this.seconds(), max: this.pool.stats().max, requests });
  }

  /** Ends the load, then the service, then the pool. */
  async stop(): Promise<void> {
    this.#loadEnd.abort(new Error("the playground stops"));
    await this.#running;
    this.#sender.close();
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
    await this.pool.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }
}

interface PlaygroundParts {
  readonly pool: Pool;
  readonly meter: Meter;
  readonly server: Server;
  readonly port: number;
  readonly options: PlaygroundOptions;
}

/**
 * Fills the database where that is needed, starts the service and the load.
 *
 * @throws {PlaygroundError} the port is in use, or the database holds a `shop` of its own.
 * @throws {ConnectError} the database cannot be reached.
 */
export async function startPlayground(options: PlaygroundOptions): Promise<Playground> {
  const { onProgress = () => {}, signal, port = 0 } = options;
  const factory = createConnectionFactory(options.databaseUrl, {
    environment: { ...process.env, PGAPPNAME: "playground" },
  });
  onProgress("filling the sample database");
  await loadSample(factory, signal);
  signal?.throwIfAborted();
  const meter = new Meter();
  const pool = createPlaygroundPool(factory, meter, options.max ?? 10);
  try {
    const server = createService(shopRoutes(new Shop(pool, meter), pool), meter);
    const listening = await listenOn(server, port);
    return new Playground({ pool, meter, server, port: listening, options });
  } catch (error) {
    await pool.close();
    throw error;
  }
}

function createPlaygroundPool(factory: ConnectionFactory, meter: Meter, max: number): Pool {
  const pool = createPool(factory, {
    name: "playground",
    max,
    acquireTimeoutMillis: ACQUIRE_TIMEOUT_MILLIS,
    leakThresholdMillis: LEAK_THRESHOLD_MILLIS,
    // For the last step of each connection's life to be seen too, and the source of each use.
    telemetry: { lifecycleSpans: true, callSites: true },
  });
  pool.onEvent(meter.onPoolEvent);
  return pool;
}
