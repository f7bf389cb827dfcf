/** What other programs put into a PostgreSQL URI for themselves, and libpq would refuse. */
const FOREIGN = new Set(
  (
    "schema connection_limit pool_timeout pgbouncer socket_timeout statement_cache_size sslaccept sslidentity " +
    "uselibpqcompat prepared_statements pool_size max_overflow"
  ).split(" "),
);

/**
 * The URI as libpq takes it: without the driver that SQLAlchemy names in the scheme, and without the parameters that Prisma and
 * others keep there. Any other unknown parameter stays, so that a misspelt one is an error and not ignored.
 */
export function libpqUri(text: string): string {
  const uri = text.trim().replace(/^(postgres(?:ql)?)\+[a-z0-9_]+:\/\//i, "$1://");
  const question = uri.indexOf("?");
  if (!/^postgres(?:ql)?:\/\//i.test(uri) || question < 0) return uri;
  const pairs = uri.slice(question + 1).split("&");
  const kept = pairs.filter((pair) => !FOREIGN.has(pair.split("=")[0] ?? ""));
  return kept.length === 0 ? uri.slice(0, question) : `${uri.slice(0, question)}?${kept.join("&")}`;
}
