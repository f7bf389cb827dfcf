/** A connection string and the password that was taken out of it. */
export interface SplitConnection {
  readonly connection: string;
  readonly password: string | null;
}

const URI = /^postgres(?:ql)?:\/\//i;

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** `user:password@…` and `?password=…`; the user information ends at the last `@` before the path. */
function splitUri(text: string): SplitConnection {
  const scheme = URI.exec(text)?.[0] ?? "";
  const rest = text.slice(scheme.length);
  const authorityEnd = rest.search(/[/?]/);
  const authority = authorityEnd < 0 ? rest : rest.slice(0, authorityEnd);
  const at = authority.lastIndexOf("@");
  const colon = at < 0 ? -1 : authority.slice(0, at).indexOf(":");
  const inAuthority = colon < 0 ? null : decoded(authority.slice(colon + 1, at));
  const user = colon < 0 ? authority.slice(0, Math.max(at, 0)) : authority.slice(0, colon);
  const hosts = authority.slice(at + 1);
  const tail = takeParameter(authorityEnd < 0 ? "" : rest.slice(authorityEnd));
  const connection = `${scheme}${at < 0 ? "" : `${user}@`}${hosts}${tail.text}`;
  return { connection, password: tail.password ?? (inAuthority === "" ? null : inAuthority) };
}

function takeParameter(tail: string): { text: string; password: string | null } {
  const question = tail.indexOf("?");
  if (question < 0) return { text: tail, password: null };
  let password: string | null = null;
  const kept = tail
    .slice(question + 1)
    .split("&")
    .filter((pair) => {
      if (!pair.startsWith("password=")) return true;
      password = decoded(pair.slice("password=".length));
      return false;
    });
  return { text: tail.slice(0, question) + (kept.length === 0 ? "" : `?${kept.join("&")}`), password };
}

const KEYWORD = /\s*([a-z_]+)\s*=\s*('(?:[^'\\]|\\.)*'|(?:[^\s\\]|\\.)*)/giy;

function splitKeywords(text: string): SplitConnection {
  let password: string | null = null;
  const connection = text.replace(new RegExp(KEYWORD.source, "gi"), (pair, key: string, value: string) => {
    if (key.toLowerCase() !== "password") return pair;
    const body = value.startsWith("'") ? value.slice(1, -1) : value;
    password = body.replace(/\\(.)/g, "$1");
    return "";
  });
  return { connection: connection.trim(), password: password === "" ? null : password };
}

/** Takes the password out of a connection string, so that what is left may be saved and shown. */
export function takePassword(text: string): SplitConnection {
  const trimmed = text.trim();
  return URI.test(trimmed) ? splitUri(trimmed) : splitKeywords(trimmed);
}

/** Whether the text looks like a connection string at all; what it means is decided when it is opened. */
export function looksLikeConnection(text: string): boolean {
  const trimmed = text.trim();
  return URI.test(trimmed) || /^[a-z_]+\s*=/i.test(trimmed);
}

/** A name to propose for a saved connection: its database and host. */
export function proposeName(text: string): string {
  const { connection } = takePassword(text);
  if (URI.test(connection)) {
    const match = /^[a-z]+:\/\/(?:[^@/?]*@)?([^/?:,]*)[^/?]*(?:\/([^?]*))?/i.exec(connection);
    return nameFrom(decoded(match?.[2] ?? ""), decoded(match?.[1] ?? ""));
  }
  const value = (key: string) =>
    new RegExp(`(?:^|\\s)${key}\\s*=\\s*'?([^\\s']+)`, "i").exec(connection)?.[1] ?? "";
  return nameFrom(value("dbname"), value("host"));
}

function nameFrom(database: string, host: string): string {
  const isLocal = host === "" || host === "localhost" || host === "127.0.0.1";
  if (database === "") return isLocal ? "local" : host;
  return isLocal ? database : `${database}@${host}`;
}

/** Replaces `${env:NAME}`; names the first variable that is not set. */
export function expandEnvironment(
  text: string,
  environment: Readonly<Record<string, string | undefined>>,
): { readonly text: string; readonly missing: string | null } {
  let missing: string | null = null;
  const expanded = text.replace(/\$\{env:([^}]+)\}/g, (_, name: string) => {
    const value = environment[name];
    if (value === undefined || value === "") missing ??= name;
    return value ?? "";
  });
  return { text: expanded, missing };
}
