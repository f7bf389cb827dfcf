/** Every connection parameter that libpq 18 knows. */
export type Keyword =
  | "service"
  | "user"
  | "password"
  | "passfile"
  | "channel_binding"
  | "connect_timeout"
  | "dbname"
  | "host"
  | "hostaddr"
  | "port"
  | "client_encoding"
  | "options"
  | "application_name"
  | "fallback_application_name"
  | "keepalives"
  | "keepalives_idle"
  | "keepalives_interval"
  | "keepalives_count"
  | "tcp_user_timeout"
  | "sslmode"
  | "sslnegotiation"
  | "sslcompression"
  | "sslcert"
  | "sslkey"
  | "sslcertmode"
  | "sslpassword"
  | "sslrootcert"
  | "sslcrl"
  | "sslcrldir"
  | "sslsni"
  | "requirepeer"
  | "require_auth"
  | "min_protocol_version"
  | "max_protocol_version"
  | "ssl_min_protocol_version"
  | "ssl_max_protocol_version"
  | "gssencmode"
  | "krbsrvname"
  | "gsslib"
  | "gssdelegation"
  | "replication"
  | "target_session_attrs"
  | "load_balance_hosts"
  | "scram_client_key"
  | "scram_server_key"
  | "oauth_issuer"
  | "oauth_client_id"
  | "oauth_client_secret"
  | "oauth_scope"
  | "sslkeylogfile";

/** What is fixed about one connection parameter. */
export interface KeywordRule {
  readonly keyword: Keyword;
  /** The environment variable that stands in for it. */
  readonly variable: string | null;
  /** The value where nothing else gives one. */
  readonly fallback: string | null;
  readonly isSecret: boolean;
}

function rule(
  keyword: Keyword,
  variable: string | null,
  details: { fallback?: string; isSecret?: boolean } = {},
): KeywordRule {
  return { keyword, variable, fallback: details.fallback ?? null, isSecret: details.isSecret ?? false };
}

const isSecret = true;

/**
 * The parameters in libpq's own order, as `PQconndefaults` of version 18 lists them.
 *
 * @see {@link https://www.postgresql.org/docs/18/libpq-connect.html#LIBPQ-PARAMKEYWORDS}
 */
export const keywordRules: readonly KeywordRule[] = [
  rule("service", "PGSERVICE"),
  rule("user", "PGUSER"),
  rule("password", "PGPASSWORD", { isSecret }),
  rule("passfile", "PGPASSFILE"),
  rule("channel_binding", "PGCHANNELBINDING", { fallback: "prefer" }),
  rule("connect_timeout", "PGCONNECT_TIMEOUT"),
  rule("dbname", "PGDATABASE"),
  rule("host", "PGHOST"),
  rule("hostaddr", "PGHOSTADDR"),
  rule("port", "PGPORT", { fallback: "5432" }),
  rule("client_encoding", "PGCLIENTENCODING"),
  rule("options", "PGOPTIONS", { fallback: "" }),
  rule("application_name", "PGAPPNAME"),
  rule("fallback_application_name", null),
  rule("keepalives", null),
  rule("keepalives_idle", null),
  rule("keepalives_interval", null),
  rule("keepalives_count", null),
  rule("tcp_user_timeout", null),
  rule("sslmode", "PGSSLMODE", { fallback: "prefer" }),
  rule("sslnegotiation", "PGSSLNEGOTIATION", { fallback: "postgres" }),
  rule("sslcompression", "PGSSLCOMPRESSION", { fallback: "0" }),
  rule("sslcert", "PGSSLCERT"),
  rule("sslkey", "PGSSLKEY"),
  rule("sslcertmode", "PGSSLCERTMODE", { fallback: "allow" }),
  rule("sslpassword", null, { isSecret }),
  rule("sslrootcert", "PGSSLROOTCERT"),
  rule("sslcrl", "PGSSLCRL"),
  rule("sslcrldir", "PGSSLCRLDIR"),
  rule("sslsni", "PGSSLSNI", { fallback: "1" }),
  rule("requirepeer", "PGREQUIREPEER"),
  rule("require_auth", "PGREQUIREAUTH"),
  rule("min_protocol_version", "PGMINPROTOCOLVERSION"),
  rule("max_protocol_version", "PGMAXPROTOCOLVERSION"),
  rule("ssl_min_protocol_version", "PGSSLMINPROTOCOLVERSION", { fallback: "TLSv1.2" }),
  rule("ssl_max_protocol_version", "PGSSLMAXPROTOCOLVERSION"),
  rule("gssencmode", "PGGSSENCMODE", { fallback: "disable" }),
  rule("krbsrvname", "PGKRBSRVNAME", { fallback: "postgres" }),
  rule("gsslib", "PGGSSLIB"),
  rule("gssdelegation", "PGGSSDELEGATION", { fallback: "0" }),
  rule("replication", null),
  rule("target_session_attrs", "PGTARGETSESSIONATTRS", { fallback: "any" }),
  rule("load_balance_hosts", "PGLOADBALANCEHOSTS", { fallback: "disable" }),
  rule("scram_client_key", null, { isSecret }),
  rule("scram_server_key", null, { isSecret }),
  rule("oauth_issuer", null),
  rule("oauth_client_id", null),
  rule("oauth_client_secret", null, { isSecret }),
  rule("oauth_scope", null),
  rule("sslkeylogfile", null),
];

const rules: ReadonlyMap<string, KeywordRule> = new Map(keywordRules.map((known) => [known.keyword, known]));

/** The rule of a keyword; null where libpq has no such parameter. */
export function findKeyword(text: string): KeywordRule | null {
  return rules.get(text) ?? null;
}

/** What other drivers call a parameter, and what it is called here. */
const otherNames: ReadonlyMap<string, string> = new Map([
  ["database", "dbname"],
  ["db", "dbname"],
  ["username", "user"],
  ["hostname", "host"],
  ["server", "host"],
  ["pass", "password"],
  ["passwd", "password"],
  ["ssl", "sslmode"],
  ["url", "connectionString"],
  ["dsn", "connectionString"],
  ["uri", "connectionString"],
  ["connectiontimeoutmillis", "connect_timeout, in seconds"],
  ["connecttimeout", "connect_timeout"],
  ["keepalive", "keepalives"],
  ["max", "the option max of the pool, in the second argument"],
  ["min", "the option min of the pool, in the second argument"],
  ["idletimeoutmillis", "the option idleTimeoutMillis of the pool, in the second argument"],
  ["schema", "options=-c search_path=…"],
  ["pgbouncer", 'the option pooler: "transaction"'],
  ["search_path", "options=-c search_path=…"],
  ["statement_timeout", "options=-c statement_timeout=…"],
]);

/** The known name nearest to an unknown one; null where none is near. */
export function nearestKeyword(text: string): string | null {
  const wanted = text.toLowerCase();
  const other = otherNames.get(wanted) ?? otherNames.get(wanted.replaceAll("_", ""));
  if (other !== undefined) return other;
  let nearest: string | null = null;
  let least = Math.max(2, Math.floor(wanted.length / 3)) + 1;
  for (const candidate of ["database", ...keywordRules.map(({ keyword }) => keyword)]) {
    const distance = editDistance(wanted.replaceAll("_", ""), candidate.replaceAll("_", ""));
    if (distance < least) {
      least = distance;
      nearest = otherNames.get(candidate) ?? candidate;
    }
  }
  return nearest;
}

function editDistance(left: string, right: string): number {
  let previous = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let row = 1; row <= left.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= right.length; column += 1) {
      const substitution = left[row - 1] === right[column - 1] ? 0 : 1;
      current.push(
        Math.min(
          (previous[column] ?? 0) + 1,
          (current[column - 1] ?? 0) + 1,
          (previous[column - 1] ?? 0) + substitution,
        ),
      );
    }
    previous = current;
  }
  return previous[right.length] ?? 0;
}
