import { isIP } from "node:net";

/** The names in a certificate, as Node.js gives them. */
export interface CertificateNames {
  readonly subject?: { readonly CN?: string | readonly string[] };
  /** Such as `DNS:db1, IP Address:10.0.0.1`. */
  readonly subjectaltname?: string | undefined;
}

/**
 * Tells whether a certificate is that of a host, by libpq's rules for `verify-full`: an alternative name of the host's own kind shuts out
 * the common name, a wildcard stands for exactly the first label, and an address may also stand as text.
 *
 * @see {@link https://www.postgresql.org/docs/18/libpq-ssl.html#LIBPQ-SSL-CERTIFICATES}
 */
export function matchesPeerName(host: string, names: CertificateNames): boolean {
  const alternatives = parseAlternatives(names.subjectaltname ?? "");
  const ownKind = isIP(host) === 0 ? "DNS" : "IP Address";
  const isNamed = alternatives.some(({ kind, name }) =>
    kind === "DNS" ? matchesName(name, host) : kind === "IP Address" && sameAddress(name, host),
  );
  if (isNamed) return true;
  if (alternatives.some(({ kind }) => kind === ownKind)) return false;
  const commonName = names.subject?.CN;
  const last = typeof commonName === "string" ? commonName : commonName?.at(-1);
  return last !== undefined && matchesName(last, host);
}

interface Alternative {
  readonly kind: string;
  readonly name: string;
}

/** Names with unusual characters come as JSON strings, so that none can look like two. */
function parseAlternatives(text: string): Alternative[] {
  const pieces = text.matchAll(/([^:,]+):("(?:[^"\\]|\\.)*"|[^,]*)(?:, |$)/g);
  return [...pieces].map(([, kind = "", name = ""]) => ({ kind, name: unquote(name) }));
}

function unquote(name: string): string {
  if (!name.startsWith('"')) return name;
  const text: unknown = JSON.parse(name);
  return typeof text === "string" ? text : "";
}

function matchesName(pattern: string, host: string): boolean {
  // A NUL would end the name for whoever signed it by eye.
  if (pattern.includes("\0")) return false;
  const wanted = pattern.toLowerCase();
  const given = host.toLowerCase();
  if (wanted === given) return true;
  if (!/^\*\../.test(wanted) || !given.endsWith(wanted.slice(1))) return false;
  const label = given.slice(0, given.length - wanted.length + 1);
  return label !== "" && !label.includes(".");
}

function sameAddress(left: string, right: string): boolean {
  return isIP(left) !== 0 && isIP(right) !== 0 && canonical(left) === canonical(right);
}

function canonical(address: string): string {
  return isIP(address) === 6 ? new URL(`http://[${address.replace(/%.*$/, "")}]`).hostname : address;
}
