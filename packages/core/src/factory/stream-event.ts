import type { Duplex } from "node:stream";
import { onceAborted } from "../connection/once-aborted.ts";

/** The other end closed a stream before it had said what was waited for. */
export class StreamClosedError extends Error {
  readonly code = "closed";
}

/**
 * Waits for one event of a stream.
 *
 * Whatever ends the wait in another way, an error, a close or the signal, also destroys the stream, so that no attempt leaves a socket.
 */
export function streamEvent<T = undefined>(stream: Duplex, event: string, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const settle = (act: () => void): void => {
      stream.off(event, onEvent).off("error", onError).off("close", onClose);
      forget();
      act();
    };
    const fail = (error: unknown): void =>
      settle(() => {
        stream.destroy();
        reject(error);
      });
    const onEvent = (value: T): void => settle(() => resolve(value));
    const onError = (error: Error): void => fail(error);
    const onClose = (): void =>
      fail(new StreamClosedError("the server closed the connection without a word"));
    const onAbort = (): void => fail(signal.reason);
    const forget = onceAborted(signal, onAbort);
    stream.once(event, onEvent).once("error", onError).once("close", onClose);
    if (signal.aborted) onAbort();
  });
}

/** Takes errors from a stream that nobody watches yet or any more; they would end the process otherwise. */
export function muteErrors(stream: Duplex): void {
  stream.on("error", () => {});
}
