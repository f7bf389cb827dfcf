import { ConfigError } from "../errors.ts";
import { findKeyword } from "./keywords.ts";
import { type ParsedValues, connectionStringSource as source, storeValue } from "./parsed-values.ts";
import { percentDecode } from "./percent-decode.ts";

/**
 * Parses `postgresql://[user[:password]@][host[:port],…][/dbname][?keyword=value&…]` as libpq does, its quirks included: the user
 * part ends at the first `@` unless a `/` comes before, and each component is decoded after the string is cut.
 *
 * @see {@link https://www.postgresql.org/docs/18/libpq-connect.html#LIBPQ-CONNSTRING-URIS}
 */
export function parseConnectionUri(uri: string): ParsedValues {
  const values: ParsedValues = new Map();
  const text = uri.slice(uri.indexOf("://") + 3);
  const hostStart = parseUser(text, values);
  const hosts = parseHosts(text, hostStart);
  setDecoded(values, "host", hosts.host);
  setDecoded(values, "port", hosts.port);

  const queryStart = endOf(text, "?", hosts.end);
  if (text[hosts.end] === "/") setDecoded(values, "dbname", text.slice(hosts.end + 1, queryStart));
  parseQuery(text.slice(queryStart + 1), values);
  return values;
}

/** The position of the first of some characters at or after `from`; the end of the text where there is none. */
function endOf(text: string, characters: string, from: number): number {
  let position = from;
  while (position < text.length && !characters.includes(text.charAt(position))) position += 1;
  return position;
}

/** Empty parts count as absent, so that the next source may give them. */
function setDecoded(
  values: ParsedValues,
  keyword: "user" | "password" | "host" | "port" | "dbname",
  text: string,
): void {
  if (text !== "") values.set(keyword, percentDecode(text, keyword, source));
}

/** Reads `user:password@` where it is there, and returns where the hosts start. */
function parseUser(text: string, values: ParsedValues): number {
  const at = endOf(text, "@/", 0);
  if (text[at] !== "@") return 0;
  const colon = endOf(text, ":@", 0);
  setDecoded(values, "user", text.slice(0, colon));
  setDecoded(values, "password", text.slice(colon + 1, at));
  return at + 1;
}

/** Reads the list of hosts and ports; `end` is the position of the character that ended it. */
function parseHosts(text: string, start: number): { host: string; port: string; end: number } {
  const hosts: string[] = [];
  const ports: string[] = [];
  let position = start;
  for (;;) {
    const host = text[position] === "[" ? bracketed(text, position) : plain(text, position);
    hosts.push(host.name);
    const portEnd = text[host.end] === ":" ? endOf(text, "/?,", host.end + 1) : host.end;
    ports.push(text.slice(host.end + 1, portEnd));
    if (text[portEnd] !== ",") return { host: hosts.join(","), port: ports.join(","), end: portEnd };
    position = portEnd + 1;
  }
}

function plain(text: string, start: number): { name: string; end: number } {
  const end = endOf(text, ":/?,", start);
  return { name: text.slice(start, end), end };
}

function bracketed(text: string, start: number): { name: string; end: number } {
  const close = endOf(text, "]", start + 1);
  if (close === text.length) {
    throw new ConfigError(`${source} has an IPv6 address without its closing bracket "]"`, { source });
  }
  if (close === start + 1) throw new ConfigError(`${source} has an empty IPv6 address "[]"`, { source });
  const end = close + 1;
  if (end < text.length && !":/?,".includes(text.charAt(end))) {
    throw new ConfigError(
      `${source} has an unexpected character after "]" at position ${end + 1} past "//"; a port, "/", "?" or "," may follow`,
      { source },
    );
  }
  return { name: text.slice(start + 1, close), end };
}

function parseQuery(text: string, values: ParsedValues): void {
  const pairs = text.split("&");
  // A separator may end the query; anywhere else an empty pair lacks its "=".
  if (pairs.at(-1) === "") pairs.pop();
  let isAfterPassword = false;
  for (const pair of pairs) isAfterPassword = parsePair(pair, values, isAfterPassword);
}

/** Reads one `keyword=value` and tells whether it was a secret. */
function parsePair(pair: string, values: ParsedValues, isAfterPassword: boolean): boolean {
  const pieces = pair.split("=");
  const [rawKeyword, rawValue] = pieces;
  if (rawKeyword === undefined || rawValue === undefined) {
    throw new ConfigError(`${source} has a query parameter without "="${hintAfter(isAfterPassword)}`, {
      source,
    });
  }
  if (pieces.length > 2) {
    throw new ConfigError(`${source} has a query parameter with a second "="; write it as %3D`, { source });
  }
  const keyword = percentDecode(rawKeyword, "name of a query parameter", source);
  const value = percentDecode(rawValue, "value of a query parameter", source);
  if (keyword === "ssl" && value === "true") values.set("sslmode", "require");
  else storeValue(values, { keyword, value }, isAfterPassword);
  return findKeyword(keyword)?.isSecret ?? false;
}

function hintAfter(isAfterPassword: boolean): string {
  return isAfterPassword ? " after the password; write & as %26" : "";
}
