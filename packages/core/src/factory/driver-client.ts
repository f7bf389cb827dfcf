import type { Duplex } from "node:stream";
import pg from "pg";
import type { ConnectionObserver } from "../connection/observer.ts";
import { onceAborted } from "../connection/once-aborted.ts";
import { type AuthDemands, AuthGuard } from "./auth-guard.ts";
import { asDriverStream } from "./driver-stream.ts";

/** The server said something that the driver does not understand. */
class ProtocolError extends Error {
  readonly code = "protocol_error";

  constructor(cause: unknown) {
    super(cause instanceof Error ? cause.message : "the server sent an unknown message", { cause });
  }
}

/** The most rounds of hashing that a server may ask for; a thousand times PostgreSQL's default takes seconds already. */
const scramMaxIterations = 10_000_000;

/** The message that ends a session. */
const terminate = Buffer.from([0x58, 0, 0, 0, 4]);

/** What a driver client is made of. */
export interface DriverClientOptions extends AuthDemands {
  readonly host: string;
  readonly port: number;
  /** The answer to a server that asks for a password; throws where there is none. */
  readonly password: () => string;
  /** A connected stream, TLS included. */
  readonly stream: Duplex;
  readonly isEncrypted: boolean;
  /** The parameters of the startup message, `user` and `database` included. */
  readonly startup: Readonly<Record<string, string>>;
  /** Shields calls of the driver from others that have patched it. */
  readonly observer: ConnectionObserver | null;
}

/**
 * The driver's client with every decision made for it.
 *
 * The driver falls back to `PG*` variables and to `.pgpass` for whatever is missing; since each value is given here, and the startup
 * message is ours, neither can change what was resolved.
 */
export class DriverClient extends pg.Client {
  readonly #startup: Readonly<Record<string, string>>;
  readonly #stream: Duplex;
  readonly #observer: ConnectionObserver | null;
  /** What the server reported of itself, by parameter. */
  readonly #reported = new Map<string, string>();

  constructor(options: DriverClientOptions) {
    const guard = new AuthGuard(options);
    const config: pg.ClientConfig & { scramMaxIterations: number } = {
      host: options.host,
      port: options.port,
      user: options.startup.user,
      database: options.startup.database,
      password: () => {
        guard.check();
        return options.password();
      },
      stream: () => asDriverStream(options.stream),
      ssl: false,
      sslnegotiation: "postgres",
      enableChannelBinding: options.isEncrypted && options.channelBinding !== "disable",
      scramMaxIterations,
    };
    super(config);
    this.#startup = options.startup;
    this.#stream = options.stream;
    this.#observer = options.observer;
    guard.watch(this.connection);
    this.connection.on("parameterStatus", this.#remember);
    // Until a session takes over, `connect` tells every failure.
    this.on("error", () => {});
  }

  /** Called by the driver when the stream is ready. */
  getStartupConf(): Record<string, string> {
    return { ...this.#startup };
  }

  /** Authenticates and waits until the server is ready; the stream is destroyed where that fails or the signal aborts. */
  async open(signal: AbortSignal): Promise<void> {
    await this.#guarded(signal, async () => {
      const connecting = this.#shielded(() => this.connect());
      this.#guardParser();
      await connecting;
    });
  }

  /** Asks one question of the server, by the simple protocol, for the single row of its answer. */
  async ask(text: string, signal: AbortSignal): Promise<readonly unknown[]> {
    return this.#guarded(signal, async () => {
      const { rows } = await this.#shielded(() => this.query<unknown[]>({ text, rowMode: "array" }));
      return rows[0] ?? [];
    });
  }

  /** Says goodbye to a server that is not wanted; the stream is gone once that is written. */
  dismiss(): void {
    this.#stream.end(terminate, () => this.#stream.destroy());
  }

  #shielded<T>(call: () => T): T {
    const shield = this.#observer?.shield ?? null;
    return shield === null ? call() : shield(call);
  }

  /**
   * The driver's parser throws at a message that it does not know, such as the request of a server that wants GSSAPI, and from a
   * `data` listener that would end the process.
   */
  #guardParser(): void {
    const stream = this.#stream;
    const parsers = stream.listeners("data");
    stream.removeAllListeners("data");
    stream.on("data", (chunk) => {
      try {
        for (const parser of parsers) Reflect.apply(parser, stream, [chunk]);
      } catch (error) {
        stream.destroy(new ProtocolError(error));
      }
    });
  }

  async #guarded<T>(signal: AbortSignal, run: () => Promise<T>): Promise<T> {
    const forget = onceAborted(signal, () => void this.#stream.destroy());
    try {
      signal.throwIfAborted();
      return await run();
    } catch (error) {
      this.#stream.destroy();
      throw signal.aborted ? signal.reason : error;
    } finally {
      forget();
    }
  }

  /** What the server last reported of one parameter; null where it never did. */
  reported(parameter: string): string | null {
    return this.#reported.get(parameter) ?? null;
  }

  /** The process of the server; null where it named none. */
  get backendPid(): number | null {
    const pid: unknown = Reflect.get(this, "processID");
    return typeof pid === "number" ? pid : null;
  }

  readonly #remember = (message: { parameterName: string; parameterValue: string }): void => {
    this.#reported.set(message.parameterName, message.parameterValue);
  };
}
