import type { Duplex } from "node:stream";
import pg from "pg";
import { asDriverStream } from "./driver-stream.ts";

/** What a driver client is made of. */
export interface DriverClientOptions {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly database: string;
  /** Called when the server asks for a password. */
  readonly password: () => string | Promise<string>;
  /** A connected stream, TLS included. */
  readonly stream: Duplex;
  /** Whether SCRAM binds to the TLS channel where the server offers it. */
  readonly bindsChannel: boolean;
  /** The parameters of the startup message, `user` and `database` included. */
  readonly startup: Readonly<Record<string, string>>;
}

/**
 * The driver's client with every decision made for it.
 *
 * The driver falls back to `PG*` variables and to `.pgpass` for whatever is missing; since each value is given here,
 * and the startup message is ours, neither can change what was resolved.
 */
export class DriverClient extends pg.Client {
  readonly #startup: Readonly<Record<string, string>>;

  constructor(options: DriverClientOptions) {
    super({
      host: options.host,
      port: options.port,
      user: options.user,
      database: options.database,
      password: options.password,
      stream: () => asDriverStream(options.stream),
      ssl: false,
      sslnegotiation: "postgres",
      enableChannelBinding: options.bindsChannel,
    });
    this.#startup = options.startup;
  }

  /** Called by the driver when the stream is ready. */
  getStartupConf(): Record<string, string> {
    return { ...this.#startup };
  }
}
