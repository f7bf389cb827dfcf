import { once } from "node:events";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { listenError } from "./receiver-error.ts";
import type { LoopbackHost } from "./receiver-options.ts";

/** What a `LoopbackServer` needs to listen. */
export interface LoopbackServerOptions {
  readonly host: LoopbackHost;
  readonly port: number;
  readonly requestTimeoutMillis: number;
  readonly onRequest: RequestListener;
}

const LONGEST_CHECK_MILLIS = 1_000;
/** A sender needs one or two; beyond it new ones are dropped, so that idle ones cannot fill the memory. */
const MOST_CONNECTIONS = 256;

/** One HTTP server on each loopback address of the machine, all on one port. */
export class LoopbackServer {
  readonly host: string;
  readonly port: number;
  readonly #servers: readonly Server[];

  private constructor(host: string, port: number, servers: readonly Server[]) {
    this.host = host;
    this.port = port;
    this.#servers = servers;
  }

  /** @throws {ReceiverError} The port is in use or may not be opened. */
  static async listen(options: LoopbackServerOptions): Promise<LoopbackServer> {
    const host = options.host === "localhost" ? "127.0.0.1" : options.host;
    const first = await listenOn(host, options.port, options);
    const port = addressOf(first).port;
    const servers = [first];
    if (options.host === "localhost") {
      // An exporter may resolve `localhost` to ::1 first. A machine without IPv6, or another program there, is no obstacle.
      const second = await listenOn("::1", port, options).catch(() => null);
      if (second !== null) servers.push(second);
    }
    return new LoopbackServer(host, port, servers);
  }

  /** Ends all connections; resolves when no socket is left. */
  async close(): Promise<void> {
    await Promise.all(this.#servers.map(closeServer));
  }
}

async function listenOn(host: string, port: number, options: LoopbackServerOptions): Promise<Server> {
  const { requestTimeoutMillis } = options;
  const server = createServer(
    {
      requestTimeout: requestTimeoutMillis,
      headersTimeout: requestTimeoutMillis,
      // How often the two are looked at: by default only every half a minute.
      connectionsCheckingInterval: Math.min(requestTimeoutMillis, LONGEST_CHECK_MILLIS),
    },
    options.onRequest,
  );
  server.maxConnections = MOST_CONNECTIONS;
  server.listen({ host, port });
  try {
    await once(server, "listening");
    return server;
  } catch (error) {
    throw listenError(error, host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`);
  }
}

function addressOf(server: Server): AddressInfo {
  const address = server.address();
  if (address === null || typeof address === "string")
    throw new Error("bug: a listening server has no address");
  return address;
}

async function closeServer(server: Server): Promise<void> {
  const closed = once(server, "close");
  server.close();
  server.closeAllConnections();
  await closed;
}
