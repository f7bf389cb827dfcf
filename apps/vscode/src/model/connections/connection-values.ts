import { looksLikeConnection, takePassword } from "./connection-text.ts";

/** What a connection string says, by libpq's keywords; several hosts and ports are separated by commas, as in libpq. */
export type ConnectionValues = ReadonlyMap<string, string>;

const SCHEME = /^postgres(?:ql)?:\/\//i;
const KEYWORD = /\s*([a-z_]+)\s*=\s*('(?:[^'\\]|\\.)*'|(?:[^\s\\]|\\.)*)/gi;

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** `host:port` or `[address]:port`. */
function splitHost(text: string): { host: string; port: string } {
  const [, bracketed, plain = "", port = ""] = /^(?:\[([^\]]*)\]|([^:]*))(?::(.*))?$/.exec(text) ?? [];
  return { host: decoded(bracketed ?? plain), port };
}

function addHosts(values: Map<string, string>, text: string): void {
  if (text === "") return;
  const hosts = text.split(",").map(splitHost);
  values.set("host", hosts.map(({ host }) => host).join(","));
  if (hosts.some(({ port }) => port !== "")) values.set("port", hosts.map(({ port }) => port).join(","));
}

function parseUri(text: string): ConnectionValues {
  const values = new Map<string, string>();
  const rest = text.replace(SCHEME, "");
  const [, authority = "", path = "", query = ""] = /^([^/?]*)(?:\/([^?]*))?(?:\?(.*))?$/s.exec(rest) ?? [];
  const at = authority.lastIndexOf("@");
  const [user = "", ...password] = at < 0 ? [] : authority.slice(0, at).split(":");
  if (user !== "") values.set("user", decoded(user));
  if (password.join(":") !== "") values.set("password", decoded(password.join(":")));
  addHosts(values, authority.slice(at + 1));
  if (path !== "") values.set("dbname", decoded(path));
  for (const pair of query === "" ? [] : query.split("&")) {
    const [key = "", ...value] = pair.split("=");
    values.set(decoded(key), decoded(value.join("=")));
  }
  return values;
}

function parseKeywords(text: string): ConnectionValues {
  const values = new Map<string, string>();
  for (const [, key = "", value = ""] of text.matchAll(KEYWORD)) {
    const body = value.startsWith("'") ? value.slice(1, -1) : value;
    values.set(key.toLowerCase(), body.replace(/\\(.)/g, "$1"));
  }
  return values;
}

/** What a connection string says; null where it is none, or names variables whose values are not known yet. */
export function parseConnection(text: string): ConnectionValues | null {
  const trimmed = text.trim();
  if (!looksLikeConnection(trimmed) || trimmed.includes("${")) return null;
  return SCHEME.test(trimmed) ? parseUri(trimmed) : parseKeywords(trimmed);
}

const IN_AUTHORITY = new Set(["user", "password", "host", "port", "dbname"]);

function hostsOf(values: ConnectionValues): string {
  const hosts = (values.get("host") ?? "").split(",");
  const ports = (values.get("port") ?? "").split(",");
  return hosts
    .map((host, index) => {
      const port = ports.length === 1 ? ports[0] : ports[index];
      const name = host.includes(":") ? `[${host}]` : encodeURIComponent(host);
      return port ? `${name}:${port}` : name;
    })
    .join(",");
}

/** The URI that says the same. */
export function composeUri(values: ConnectionValues): string {
  const [user, password] = [values.get("user") ?? "", values.get("password") ?? ""];
  const secret = password === "" ? "" : `:${encodeURIComponent(password)}`;
  const who = user === "" && secret === "" ? "" : `${encodeURIComponent(user)}${secret}@`;
  const others = [...values].filter(([key, value]) => !IN_AUTHORITY.has(key) && value !== "");
  const query = others.map(([key, value]) => `${key}=${encodeURIComponent(value)}`).join("&");
  const database = encodeURIComponent(values.get("dbname") ?? "");
  return `postgresql://${who}${hostsOf(values)}/${database}${query === "" ? "" : `?${query}`}`;
}

/** The connection string with one keyword set to another value; an empty value takes the keyword away. */
export function withValue(text: string, keyword: string, value: string): string {
  const values = new Map(parseConnection(text) ?? []);
  if (value === "") values.delete(keyword);
  else values.set(keyword, value);
  return composeUri(values);
}

/** Where a connection goes, as short as it can be said: `app@db:5433/orders`. Without its password. */
export function describeConnection(text: string): string {
  const values = parseConnection(text);
  if (values === null) return takePassword(text).connection;
  const service = values.get("service");
  if (service !== undefined) return `service ${service}`;
  const user = values.get("user");
  const place = decoded(hostsOf(values)) || "localhost";
  const database = values.get("dbname") ?? "";
  return `${user === undefined ? "" : `${user}@`}${place}${database === "" ? "" : `/${database}`}`;
}
