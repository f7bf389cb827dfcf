import type { Server } from "node:http";
import { PlaygroundError } from "../playground-error.ts";

/**
 * Listens on a port of this machine alone, and resolves with the port.
 *
 * @throws {PlaygroundError} the port is in use or needs more rights.
 */
export function listenOn(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => reject(explain(error, port)));
    server.listen(port, "127.0.0.1", () => {
      const address = server.address();
      resolve(typeof address === "object" && address !== null ? address.port : port);
    });
  });
}

function explain(error: NodeJS.ErrnoException, port: number): Error {
  if (error.code === "EADDRINUSE") {
    return new PlaygroundError(
      `Port ${port} is in use. Stop what uses it, or choose another one with --port.`,
    );
  }
  if (error.code === "EACCES") {
    return new PlaygroundError(`Port ${port} is not yours to use. Choose one above 1023 with --port.`);
  }
  return error;
}
