import { existsSync } from "node:fs";
import { ConfigError } from "../errors.ts";
import { invalidValue } from "./choice.ts";
import { integerOf } from "./integer.ts";
import { numericAddress } from "./numeric-address.ts";
import type { ResolvedValues } from "./resolved-values.ts";

/** One host of the list, before its name is looked up. */
export interface ConfiguredHost {
  /** A name, an address or the directory of a Unix socket; empty where only `hostaddr` is given. */
  readonly host: string;
  /** The address that spares the look-up of the name; null where none is given. */
  readonly hostaddr: string | null;
  readonly port: number;
}

const defaultPort = 5432;

/** Where a server on this machine listens unless told otherwise: Debian's directory where it is there, else upstream's. */
export function defaultHost(): string {
  if (process.platform === "win32") return "localhost";
  return existsSync("/var/run/postgresql") ? "/var/run/postgresql" : "/tmp";
}

/** Tells whether a host is the directory of a Unix socket; `@` begins an abstract one. */
export function isSocketDirectory(host: string): boolean {
  return host.startsWith("/") || host.startsWith("@") || /^[a-zA-Z]:[/\\]/.test(host);
}

/** The file of a server's Unix socket, in the form that `net.connect` takes. */
export function socketPath(directory: string, port: number): string {
  const path = `${directory}/.s.PGSQL.${port}`;
  return path.startsWith("@") ? `\0${path.slice(1)}` : path;
}

/** Matches the lists of hosts, addresses and ports with each other as libpq does. */
export function resolveHosts(values: ResolvedValues): ConfiguredHost[] {
  const hosts = listOf(values, "host");
  const addresses = listOf(values, "hostaddr");
  const count = addresses?.length ?? hosts?.length ?? 1;
  if (hosts !== null && hosts.length !== count) {
    throw new ConfigError(
      `${hosts.length} hosts do not match ${count} values of hostaddr; give one host for each`,
      { source: values.get("hostaddr")?.source ?? null },
    );
  }
  const named = addresses?.find((address) => address !== "" && numericAddress(address) === null);
  if (named !== undefined)
    throw invalidValue(values, "hostaddr", "must hold numeric addresses; put names into host");
  const ports = portsOf(values, count);
  return Array.from({ length: count }, (_, index) => {
    const host = hosts?.[index] ?? "";
    const hostaddr = addresses?.[index] || null;
    return {
      host: host === "" && hostaddr === null ? defaultHost() : host,
      hostaddr,
      port: ports[index] ?? defaultPort,
    };
  });
}

function listOf(values: ResolvedValues, keyword: "host" | "hostaddr" | "port"): string[] | null {
  const text = values.get(keyword)?.value;
  return text === undefined || text === "" ? null : text.split(",");
}

function portsOf(values: ResolvedValues, count: number): number[] {
  const source = values.get("port")?.source ?? "default";
  const ports = (listOf(values, "port") ?? [""]).map((text) => portOf(text, source));
  if (ports.length === 1) return Array.from({ length: count }, () => ports[0] ?? defaultPort);
  if (ports.length !== count) {
    throw new ConfigError(
      `${ports.length} ports from ${source} do not match ${count} hosts; give one port, or one for each host`,
      { source },
    );
  }
  return ports;
}

/** The text is never quoted: a password with an unescaped `/` in a URI ends up here. */
function portOf(text: string, source: string): number {
  if (text === "") return defaultPort;
  const port = integerOf(text);
  if (port === null || port < 1 || port > 65_535) {
    throw new ConfigError(
      `a port from ${source} is not a number from 1 to 65535; if it is part of a password, write "/" as %2F, "?" as %3F and "@" as %40`,
      { source },
    );
  }
  return port;
}
