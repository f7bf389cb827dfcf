import { createServer, type Server, type Socket } from "node:net";

const SSL_REQUEST = 80_877_103;
const REFUSE_TLS = Buffer.from("N");
/** AuthenticationCleartextPassword. */
const ASK_PASSWORD = Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 3]);

/** A server that wants the password of whoever connects, in clear, and keeps all that it is sent. */
export class HostileServer {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #received: Buffer[] = [];
  connections = 0;

  private constructor(server: Server) {
    this.#server = server;
    server.on("connection", (socket) => this.#take(socket));
  }

  static async start(): Promise<HostileServer> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return new HostileServer(server);
  }

  get port(): number {
    const address = this.#server.address();
    if (address === null || typeof address === "string") throw new Error("the server does not listen");
    return address.port;
  }

  /** Everything that any client has sent. */
  get received(): string {
    return Buffer.concat(this.#received).toString("latin1");
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #take(socket: Socket): void {
    this.connections += 1;
    this.#sockets.add(socket);
    socket.on("error", () => socket.destroy());
    socket.on("data", (data) => {
      this.#received.push(data);
      const isTlsRequest = data.length === 8 && data.readInt32BE(4) === SSL_REQUEST;
      const isStartup = data[0] === 0;
      if (isTlsRequest) socket.write(REFUSE_TLS);
      else if (isStartup) socket.write(ASK_PASSWORD);
    });
  }
}
