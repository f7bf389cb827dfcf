import { Agent, request } from "node:http";
import type { LoadRequest } from "./pick-request.ts";

/** Sends requests to the service over kept connections. */
export class HttpSender {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 64 });
  readonly #port: number;

  constructor(port: number) {
    this.#port = port;
  }

  /** Resolves with the status when the whole answer has come. */
  send({ method, path, body }: LoadRequest, signal: AbortSignal): Promise<number> {
    return new Promise((resolve, reject) => {
      const headers =
        body === null
          ? {}
          : { "content-type": "application/json", "content-length": Buffer.byteLength(body) };
      const outgoing = request({
        host: "127.0.0.1",
        port: this.#port,
        agent: this.#agent,
        method,
        path,
        headers,
        signal,
      });
      outgoing.once("error", reject);
      outgoing.once("response", (incoming) => {
        incoming.once("error", reject);
        incoming.once("end", () => resolve(incoming.statusCode ?? 0));
        incoming.resume();
      });
      outgoing.end(body ?? undefined);
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}
