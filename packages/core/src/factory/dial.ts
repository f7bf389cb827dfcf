import { connect as connectSocket } from "node:net";
import type { Duplex } from "node:stream";
import { ConfigError } from "../errors.ts";
import type { Address } from "./addresses.ts";
import type { StreamOpener } from "./connection-factory.ts";
import { muteErrors, streamEvent } from "./stream-event.ts";
import { abortable } from "./time-limit.ts";

/** What dialling depends on. */
export interface DialOptions {
  /** Opens the stream in place of a socket; null = a socket. */
  readonly stream: StreamOpener | null;
  /** The idle time before the first probe, 0 = that of the system; null = no probes. */
  readonly keepAliveMillis: number | null;
}

/** Opens a connected stream to an address; where it fails or the signal aborts, no socket stays behind. */
export async function dial(address: Address, options: DialOptions, signal: AbortSignal): Promise<Duplex> {
  if (options.stream !== null) return openStream(options.stream, address, signal);
  const socket =
    address.path === null
      ? connectSocket({ host: address.ip ?? address.host, port: address.port, noDelay: true })
      : connectSocket({ path: address.path });
  muteErrors(socket);
  await streamEvent(socket, "connect", signal);
  if (options.keepAliveMillis !== null && address.path === null) {
    socket.setKeepAlive(true, options.keepAliveMillis);
  }
  return socket;
}

async function openStream(opener: StreamOpener, address: Address, signal: AbortSignal): Promise<Duplex> {
  const opening = Promise.resolve(opener({ host: address.host, port: address.port }, { signal }));
  try {
    const stream = await abortable(opening, signal);
    if (!isStream(stream)) {
      throw new ConfigError(
        "stream() gave what is no byte stream: give a connected Duplex, such as a socket",
        {
          source: "the stream opener",
        },
      );
    }
    muteErrors(stream);
    return stream;
  } catch (error) {
    // An opener that ignores the signal may still deliver.
    opening.then(
      (late) => isStream(late) && late.destroy(),
      () => {},
    );
    throw error;
  }
}

/** A program without types can give anything. */
function isStream(value: unknown): boolean {
  return typeof value === "object" && value !== null && "write" in value && "destroy" in value;
}
