import { Buffer } from "node:buffer";
import type { Duplex } from "node:stream";
import type { CancelTarget } from "./session-options.ts";

/** What the server asks for as proof that a cancel comes from the owner of the session. */
export interface CancelKey {
  readonly processId: number;
  readonly secretKey: number;
}

/** `unsent`: the server knows nothing of it. `answered`: the server has acted on it. `unknown`: it may still act. */
export type CancelOutcome = "unsent" | "answered" | "unknown";

const cancelRequestCode = 80_877_102;

/**
 * Asks the server to cancel whatever the session runs, and resolves when the server has acted on it; never rejects.
 *
 * The server signals its process before it closes the stream, so a statement that is sent after that is safe.
 *
 * @see {@link https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-CANCELING-REQUESTS}
 */
export async function sendCancelRequest(
  target: CancelTarget,
  key: CancelKey,
  signal: AbortSignal,
): Promise<CancelOutcome> {
  let stream: Duplex;
  try {
    stream = await target.open(signal);
  } catch {
    return "unsent";
  }
  return new Promise((resolve) => {
    const giveUp = (): void => {
      stream.destroy();
    };
    stream.on("error", () => {});
    stream.on("end", () => resolve("answered"));
    stream.on("close", () => {
      signal.removeEventListener("abort", giveUp);
      resolve(signal.aborted ? "unknown" : "answered");
    });
    signal.addEventListener("abort", giveUp, { once: true });
    stream.resume();
    stream.write(cancelRequest(key));
    if (signal.aborted) giveUp();
  });
}

function cancelRequest({ processId, secretKey }: CancelKey): Buffer {
  const message = Buffer.alloc(16);
  message.writeInt32BE(16, 0);
  message.writeInt32BE(cancelRequestCode, 4);
  message.writeInt32BE(processId, 8);
  message.writeInt32BE(secretKey, 12);
  return message;
}
