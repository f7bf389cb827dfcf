import { createServer } from "node:net";
import { EditorError } from "./editor-error.ts";

/** The port where it is free, or any free one for 0. */
export function claimPort(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EADDRINUSE") reject(error);
      else {
        const message = `Port ${port} is in use. Choose another one, or none for any that is free.`;
        reject(new EditorError("EDITOR_PORT_IN_USE", message));
      }
    });
    server.listen(port, "127.0.0.1", () => {
      const address = server.address();
      const claimed = typeof address === "object" && address !== null ? address.port : port;
      server.close(() => resolve(claimed));
    });
  });
}
