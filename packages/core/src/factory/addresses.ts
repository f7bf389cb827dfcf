import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import { type ConfiguredHost, isSocketDirectory, socketPath } from "../config/hosts.ts";
import { numericAddress } from "../config/numeric-address.ts";
import { abortable } from "./time-limit.ts";

/** One place to dial. */
export interface Address {
  /** The host as it is configured; what errors and identities show and certificates are checked against. */
  readonly host: string;
  readonly port: number;
  /** The file of a Unix socket; null over TCP. */
  readonly path: string | null;
  /** The numeric address over TCP; null where a stream of the caller's goes there in a way of its own. */
  readonly ip: string | null;
  /** The name to check a certificate against; null where only an address is known. */
  readonly serverName: string | null;
}

/** What errors call a host. */
export function hostLabel({ host, hostaddr }: ConfiguredHost): string {
  return host === "" ? (hostaddr ?? "") : host;
}

/** Every address of a host, in the order in which the resolver gives them. */
export async function addressesOf(configured: ConfiguredHost, signal: AbortSignal): Promise<Address[]> {
  const { hostaddr, port } = configured;
  const host = hostLabel(configured);
  const serverName = configured.host === "" ? null : configured.host;
  if (hostaddr !== null)
    return [{ host, port, path: null, ip: numericAddress(hostaddr) ?? hostaddr, serverName }];
  if (isSocketDirectory(host)) {
    return [{ host, port, path: socketPath(host, port), ip: null, serverName: null }];
  }
  if (isIP(host) !== 0) return [{ host, port, path: null, ip: host, serverName }];
  const found = await abortable(lookup(host, { all: true, verbatim: true }), signal);
  return found.map(({ address }) => ({ host, port, path: null, ip: address, serverName }));
}

/** The single address of a host that a stream of the caller's leads to; nothing is looked up. */
export function streamAddress(configured: ConfiguredHost): Address {
  const serverName = configured.host === "" ? null : configured.host;
  return { host: hostLabel(configured), port: configured.port, path: null, ip: null, serverName };
}
