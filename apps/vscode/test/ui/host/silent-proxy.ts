import { connect, createServer, type Socket } from "node:net";

/** Stands between the extension and a server, and lets nothing through any more when it is told to. */
export class SilentProxy {
  readonly url: string;
  readonly #sockets: ReadonlySet<Socket>;

  private constructor(url: string, sockets: ReadonlySet<Socket>) {
    this.url = url;
    this.#sockets = sockets;
  }

  static async start(target: URL): Promise<SilentProxy> {
    const sockets = new Set<Socket>();
    const server = createServer((client) => {
      const upstream = connect(Number(target.port), target.hostname);
      client.pipe(upstream).pipe(client);
      for (const socket of [client, upstream]) sockets.add(socket.on("error", () => socket.destroy()));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    const url = new URL(target);
    url.port = String(typeof address === "object" ? address?.port : "");
    return new SilentProxy(url.href, sockets);
  }

  fallSilent(): void {
    for (const socket of this.#sockets) socket.unpipe().pause();
  }
}
