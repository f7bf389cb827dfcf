import type { Duplex } from "node:stream";
import type { Address } from "./addresses.ts";
import type { ConnectRun } from "./connect-plan.ts";
import { dial } from "./dial.ts";
import type { Encryption } from "./encryption.ts";
import { loadTlsMaterial } from "./tls-material.ts";
import { requestTls, startTls, TlsError } from "./tls-stream.ts";

/** A stream that is ready for the first message of the protocol. */
export interface OpenedStream {
  readonly stream: Duplex;
  readonly encryption: Encryption;
}

/**
 * Opens a stream to an address, encrypted as asked.
 *
 * @param allowsPlain - whether a server that has no TLS may go on in plain text on the same stream.
 */
export async function openStream(
  run: ConnectRun,
  address: Address,
  want: { readonly encryption: Encryption; readonly allowsPlain: boolean },
): Promise<OpenedStream> {
  const { plan, signal } = run;
  const { tls } = plan.settings;
  // Before the dial, so that a file that is missing costs no round trip.
  const material = want.encryption === "tls" ? loadTlsMaterial(tls, plan.context) : null;
  const options = { stream: run.stream, keepAliveMillis: plan.settings.keepAliveMillis };
  const stream = await dial(address, options, signal);
  if (material === null) return { stream, encryption: "plain" };
  if (!tls.isDirect && !(await requestTls(stream, signal))) {
    if (want.allowsPlain) return { stream, encryption: "plain" };
    stream.destroy();
    throw new TlsError("tls_refused", `the server does not support TLS, which sslmode=${tls.mode} demands`);
  }
  const { serverName } = address;
  const socket = await startTls(stream, { settings: tls, material, serverName, signal });
  return { stream: socket, encryption: "tls" };
}
