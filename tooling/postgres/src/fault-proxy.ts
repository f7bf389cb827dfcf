import { connect, createServer, type Server, type Socket } from "node:net";
import { freePort } from "./free-port.ts";

export interface FaultProxyTarget {
  readonly host?: string;
  readonly port: number;
}

type Mode =
  | { readonly kind: "pass" }
  | { readonly kind: "refuse" }
  | { readonly kind: "hang" }
  | { readonly kind: "delay"; readonly millis: number };

/**
 * Stands between clients and a server on TCP and breaks what passes, on command.
 *
 * @example
 * const proxy = await startFaultProxy({ port: server.port });
 * const client = new pg.Client(proxy.url(server.url));
 * proxy.hang(); // from here on nothing arrives, and nothing is closed
 */
export async function startFaultProxy({ host = "127.0.0.1", port }: FaultProxyTarget): Promise<FaultProxy> {
  const proxy = new FaultProxy(await freePort(), { host, port });
  await proxy.restore();
  return proxy;
}

interface Link {
  readonly client: Socket;
  readonly server: Socket;
  /** Delayed writes still to come, in order, each direction on its own. */
  readonly timers: Set<NodeJS.Timeout>;
}

export class FaultProxy {
  readonly host = "127.0.0.1";
  readonly port: number;
  readonly #target: Required<FaultProxyTarget>;
  readonly #links = new Set<Link>();
  /** Connections accepted while hanging: they get no answer until the proxy is restored or stopped. */
  readonly #unanswered = new Set<Socket>();
  #listener: Server | null = null;
  #mode: Mode = { kind: "pass" };
  #accepted = 0;

  constructor(port: number, target: Required<FaultProxyTarget>) {
    this.port = port;
    this.#target = target;
  }

  /** The same address as `serverUrl`, through this proxy. */
  url(serverUrl: string): string {
    const url = new URL(serverUrl);
    url.hostname = this.host;
    url.port = String(this.port);
    return url.href;
  }

  /** Connections that are open now. */
  get connections(): number {
    return this.#links.size + this.#unanswered.size;
  }

  /** Connections that were ever accepted. */
  get accepted(): number {
    return this.#accepted;
  }

  /** Breaks every open connection (TCP reset); new ones pass. */
  cut(): void {
    for (const link of this.#links) {
      drop(link);
      link.client.resetAndDestroy();
      link.server.destroy();
    }
    for (const socket of this.#unanswered) socket.resetAndDestroy();
  }

  /** Closes every open connection in order (TCP FIN), as a server that ends does; new ones pass. */
  end(): void {
    for (const link of this.#links) {
      drop(link);
      link.client.end();
      link.server.destroy();
    }
  }

  /** Breaks every open connection and refuses new ones. */
  async refuse(): Promise<void> {
    this.#mode = { kind: "refuse" };
    const listener = this.#listener;
    this.#listener = null;
    this.cut();
    if (listener !== null) await new Promise((resolve) => listener.close(resolve));
  }

  /** Lets nothing through from now on, and accepts new connections without an answer; nothing is closed. */
  hang(): void {
    this.#mode = { kind: "hang" };
    for (const { client, server } of this.#links) {
      client.pause();
      server.pause();
    }
  }

  /** Holds back every piece of data for a while, in both directions. */
  delay(millis: number): void {
    this.#mode = { kind: "delay", millis };
    this.#resume();
  }

  /** Passes everything on again: what had been held back, and new connections. */
  async restore(): Promise<void> {
    this.#mode = { kind: "pass" };
    this.#listener ??= await this.#listen();
    this.#resume();
    for (const socket of this.#unanswered) {
      this.#unanswered.delete(socket);
      this.#join(socket);
    }
  }

  /** Breaks every connection and closes the port. */
  async stop(): Promise<void> {
    await this.refuse();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  #listen(): Promise<Server> {
    return new Promise((resolve, reject) => {
      const listener = createServer({ noDelay: true }, (client) => this.#accept(client));
      listener.once("error", reject);
      listener.listen(this.port, this.host, () => resolve(listener));
    });
  }

  #accept(client: Socket): void {
    this.#accepted += 1;
    client.on("error", () => {});
    if (this.#mode.kind !== "hang") {
      this.#join(client);
      return;
    }
    this.#unanswered.add(client);
    client.once("close", () => this.#unanswered.delete(client));
  }

  #join(client: Socket): void {
    const server = connect({ ...this.#target, noDelay: true });
    const link: Link = { client, server, timers: new Set() };
    this.#links.add(link);
    this.#forward(link, client, server);
    this.#forward(link, server, client);
    server.on("error", () => client.resetAndDestroy());
  }

  #forward(link: Link, from: Socket, to: Socket): void {
    const pass = (action: () => void) => this.#later(link, action);
    from.on("data", (chunk) => pass(() => to.writable && to.write(chunk)));
    from.on("end", () => pass(() => to.end()));
    from.once("close", (hadError) => {
      this.#links.delete(link);
      if (hadError) to.destroy();
    });
  }

  #later(link: Link, action: () => void): void {
    if (this.#mode.kind !== "delay") {
      action();
      return;
    }
    const timer = setTimeout(() => {
      link.timers.delete(timer);
      action();
    }, this.#mode.millis);
    link.timers.add(timer);
  }

  #resume(): void {
    for (const { client, server } of this.#links) {
      client.resume();
      server.resume();
    }
  }
}

function drop(link: Link): void {
  for (const timer of link.timers) clearTimeout(timer);
  link.timers.clear();
}
