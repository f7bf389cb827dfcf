import type { ServerAddress } from "../database.ts";

/** A database on a server, as a program names it. */
export interface ServerPlace extends ServerAddress {
  readonly database: string;
}

const DEFAULT_PORT = 5432;
const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[?::1\]?|\/.*)$/i;

/** Reads `database@host:port`; null where the text does not tell both. */
export function serverPlace(target: string): ServerPlace | null {
  const at = target.lastIndexOf("@");
  if (at <= 0) return null;
  const [, host = "", port] = /^(.+?)(?::(\d+))?$/.exec(target.slice(at + 1)) ?? [];
  if (host === "") return null;
  return { database: target.slice(0, at), host, port: port === undefined ? DEFAULT_PORT : Number(port) };
}

/** Whether two addresses lead to one server, as far as their names tell: this machine has many names, sockets among them. */
export function isSameServer(a: ServerAddress, b: ServerAddress): boolean {
  return a.port === b.port && hostOf(a) === hostOf(b);
}

function hostOf({ host }: ServerAddress): string {
  return LOOPBACK.test(host) ? "localhost" : host.toLowerCase();
}
