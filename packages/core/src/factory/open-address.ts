import type { Duplex } from "node:stream";
import type { ConfiguredHost } from "../config/hosts.ts";
import { ConfigError } from "../errors.ts";
import type { Address } from "./addresses.ts";
import { isAboutEncryption, isCredentialRefusal } from "./connect-failure.ts";
import type { ConnectRun } from "./connect-plan.ts";
import { DriverClient } from "./driver-client.ts";
import { type Encryption, encryptionsFor } from "./encryption.ts";
import { openStream } from "./open-stream.ts";
import type { PasswordSource } from "./password-source.ts";
import { StreamClosedError } from "./stream-event.ts";
import { TlsError } from "./tls-stream.ts";

/** An authenticated client and the way to the same server for a cancel request. */
export interface OpenedClient {
  readonly address: Address;
  readonly client: DriverClient;
  /** Opens another stream to the same address, encrypted in the same way. */
  readonly openAnother: (signal: AbortSignal) => Promise<Duplex>;
}

/** One address, and the host and the passwords that go with it. */
export interface AddressRequest {
  readonly address: Address;
  readonly host: ConfiguredHost;
  readonly passwords: PasswordSource;
}

/** One way to open a client at an address. */
interface Way {
  readonly encryption: Encryption;
  /** Whether a server that has no TLS may go on in plain text. */
  readonly allowsPlain: boolean;
  /** What is tried after it. */
  readonly left: Encryption[];
}

/** Opens a client at one address, with the encryptions that `sslmode` allows in its order. */
export async function openAddress(run: ConnectRun, request: AddressRequest): Promise<OpenedClient> {
  const { settings, requiresTls } = run.plan;
  const left = [...encryptionsFor(request.address, settings.tls.mode, requiresTls)];
  for (;;) {
    const encryption = left.shift();
    if (encryption === undefined) throw new Error("bug: an address without an encryption to try");
    try {
      return await openEncrypted(run, request, { encryption, allowsPlain: left.includes("plain"), left });
    } catch (error) {
      if (left.length === 0 || !allowsAnother(error, encryption)) throw error;
    }
  }
}

/** libpq tries the other encryption after a failed handshake and after a refusal by the server, not after a loss of the connection. */
function allowsAnother(error: unknown, encryption: Encryption): boolean {
  if (error instanceof ConfigError || error instanceof StreamClosedError) return false;
  return isAboutEncryption(error) || (encryption === "tls" && isHandshakeFailure(error));
}

function isHandshakeFailure(error: unknown): boolean {
  if (error instanceof TlsError) return error.code !== "tls_error";
  return (
    error instanceof Error && "code" in error && /SSL|TLS|CERT|SIGNATURE|ISSUER/.test(String(error.code))
  );
}

/** Opens a client in one way, once more with another password where the server refuses the first. */
async function openEncrypted(run: ConnectRun, request: AddressRequest, way: Way): Promise<OpenedClient> {
  try {
    return await openOnce(run, request, way);
  } catch (error) {
    if (!isCredentialRefusal(error) || !(await request.passwords.replace(run.signal))) throw error;
    return openOnce(run, request, way);
  }
}

async function openOnce(run: ConnectRun, request: AddressRequest, way: Way): Promise<OpenedClient> {
  const { address, host, passwords } = request;
  const { settings, startup } = run.plan;
  const { stream, encryption } = await openStream(run, address, way);
  // A server without TLS is in plain text already, so there is nothing else to try.
  if (encryption !== way.encryption) way.left.length = 0;
  const client = new DriverClient({
    host: address.host,
    port: address.port,
    requireAuth: settings.requireAuth,
    channelBinding: settings.channelBinding,
    password: () => passwords.for(host),
    stream,
    isEncrypted: encryption === "tls",
    startup,
    observer: run.observer,
  });
  await client.open(run.signal);
  const openAnother = async (signal: AbortSignal): Promise<Duplex> => {
    const another = await openStream({ ...run, signal }, address, { encryption, allowsPlain: false });
    return another.stream;
  };
  return { address, client, openAnother };
}
