import { isIP } from "node:net";
import { isSocketDirectory } from "../config/hosts.ts";
import type { SslMode } from "../config/tls-settings.ts";
import type { Address } from "./addresses.ts";

/** How the bytes of a connection travel. */
export type Encryption = "plain" | "tls";

/** The ways to try at an address, in order; over a Unix socket the mode has no meaning. */
export function encryptionsFor(address: Address, mode: SslMode, requiresTls: boolean): readonly Encryption[] {
  if (address.path !== null || mode === "disable") return ["plain"];
  if (requiresTls && !isLocal(address.ip ?? address.host)) return ["tls"];
  if (mode === "allow") return ["plain", "tls"];
  return mode === "prefer" ? ["tls", "plain"] : ["tls"];
}

/** Whether a host is this machine, so that nothing is sent over a network. */
export function isLocal(host: string): boolean {
  if (isSocketDirectory(host) || host === "localhost") return true;
  return isIP(host) === 4 ? host.startsWith("127.") : host === "::1";
}
