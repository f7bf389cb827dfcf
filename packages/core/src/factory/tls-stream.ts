import { appendFile } from "node:fs";
import { isIP } from "node:net";
import type { Duplex } from "node:stream";
import {
  type ConnectionOptions,
  connect as connectTls,
  type PeerCertificate,
  type TLSSocket,
} from "node:tls";
import type { TlsSettings } from "../config/tls-settings.ts";
import { matchesPeerName } from "./peer-name.ts";
import { muteErrors, streamEvent } from "./stream-event.ts";
import type { TlsMaterial } from "./tls-material.ts";

/** TLS did not come about; `code` says why. */
export class TlsError extends Error {
  readonly code: "tls_refused" | "tls_error" | "tls_name_mismatch";

  constructor(code: TlsError["code"], message: string) {
    super(message);
    this.code = code;
  }
}

const requestCode = 80_877_103;

/** Asks the server for TLS and tells whether it agrees. */
export async function requestTls(stream: Duplex, signal: AbortSignal): Promise<boolean> {
  const request = Buffer.alloc(8);
  request.writeInt32BE(8, 0);
  request.writeInt32BE(requestCode, 4);
  stream.write(request);
  const answer = await streamEvent<Buffer>(stream, "data", signal);
  // More than one byte would be plain text that is taken for a part of the encrypted stream.
  if (answer.length === 1 && answer[0] === 0x53) return true;
  if (answer.length === 1 && answer[0] === 0x4e) return false;
  stream.destroy();
  throw new TlsError("tls_error", "the server answered the request for TLS with something else");
}

/** What one TLS handshake needs to know. */
export interface HandshakeOptions {
  readonly settings: TlsSettings;
  readonly material: TlsMaterial;
  /** The name or address to send and to check; null where only an unnamed address is known. */
  readonly serverName: string | null;
  readonly signal: AbortSignal;
}

/** Lays TLS over a stream, and checks the server as the mode demands. */
export async function startTls(stream: Duplex, options: HandshakeOptions): Promise<TLSSocket> {
  const { settings, signal } = options;
  const socket = connectTls(handshakeOptions(stream, options));
  muteErrors(socket);
  const { keyLogFile } = settings;
  if (keyLogFile !== null)
    socket.on("keylog", (line) => appendFile(keyLogFile, line, { mode: 0o600 }, () => {}));
  try {
    await streamEvent(socket, "secureConnect", signal);
  } catch (error) {
    stream.destroy();
    throw error;
  }
  if (settings.isDirect && socket.alpnProtocol !== "postgresql") {
    socket.destroy();
    throw new TlsError(
      "tls_error",
      "the server did not agree to speak PostgreSQL over direct TLS; set sslnegotiation=postgres",
    );
  }
  return socket;
}

function handshakeOptions(stream: Duplex, options: HandshakeOptions): ConnectionOptions {
  const { settings, material, serverName } = options;
  const sendsName = settings.sendsServerName && serverName !== null && isIP(serverName) === 0;
  return {
    ...material,
    socket: stream,
    ALPNProtocols: ["postgresql"],
    // Without a name Node.js would send and check that of the stream.
    host: serverName ?? "",
    servername: sendsName ? serverName : "",
    checkServerIdentity: (_host, certificate) =>
      settings.mode === "verify-full" ? checkName(serverName, certificate) : undefined,
  };
}

function checkName(serverName: string | null, certificate: PeerCertificate): Error | undefined {
  if (serverName === null) {
    return new TlsError(
      "tls_name_mismatch",
      "sslmode=verify-full needs a host name; give host beside hostaddr",
    );
  }
  if (matchesPeerName(serverName, certificate)) return undefined;
  return new TlsError("tls_name_mismatch", `the certificate of the server is not for host "${serverName}"`);
}
