import { looksLikeConnection } from "./connection-text.ts";
import { composeUri } from "./connection-values.ts";
import { readJdbcUrl } from "./jdbc-url.ts";
import { libpqUri } from "./libpq-uri.ts";

const EMBEDDED_URI = /postgres(?:ql)?(?:\+[a-z0-9_]+)?:\/\/[^\s"'`<>]+/i;
const EMBEDDED_JDBC = /jdbc:postgresql:[^\s"'`<>]+/i;
const EMBEDDED_KEYWORDS =
  /(["'`])\s*((?:(?:host|hostaddr|port|dbname|user|password|sslmode)\s*=\s*[^\s"'`]+\s*)+)\1/i;
const PAIR =
  /(["'`]?)([A-Za-z_][A-Za-z_ ]*)\1\s*(?:=>|[:=])\s*("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`[^`]*`|[^\s,;{}()="'`]+)/g;
/** `ssl: true`, `ssl: { … }`, `"ssl" => 1`; a program that wants it and says no more wants encryption. */
const TLS_WANTED = /\bssl["'`]?\s*(?:=>|[:=])\s*(?!false|null|undefined|0|None|nil)/i;
/** What is looked up when the program runs, so that its value is not in the text. */
const LOOKED_UP = /^(?:process|os|ENV|env|System|Deno|import|config|settings|getenv)\b[.[(]?/;

const ALIASES: readonly (readonly [RegExp, string])[] = [
  [/^(?:db)?(?:host|hostname|server|address|datasource)$/, "host"],
  [/^(?:db)?port$/, "port"],
  [/^(?:db)?(?:database|dbname|db|databasename|initialcatalog)$/, "dbname"],
  [/^(?:db)?(?:user|username|userid|uid|role)$/, "user"],
  [/^(?:db)?(?:password|passwd|pwd|pass)$/, "password"],
  [/^sslmode$/, "sslmode"],
];

function keywordOf(name: string): string | null {
  const plain = name.toLowerCase().replace(/[ _]/g, "");
  return ALIASES.find(([pattern]) => pattern.test(plain))?.[1] ?? null;
}

/** The value as written in a program; null where it is not written there. */
function literal(raw: string): string | null {
  const quote = raw[0] ?? "";
  if (/["'`]/.test(quote)) return raw.slice(1, -1).replace(/\\(.)/g, "$1");
  return LOOKED_UP.test(raw) ? null : raw;
}

/**
 * The connection string in a piece of a program or of its configuration, password included: `new Client({ … })`,
 * `psycopg2.connect(…)`, `PG.connect(…)`, `new PDO(…)`, `Host=…;Username=…`, `database.yml`. Null where there is none.
 */
export function readCodeSnippet(text: string): string | null {
  const jdbc = EMBEDDED_JDBC.exec(text)?.[0];
  if (jdbc !== undefined) return readJdbcUrl(jdbc);
  const uri = EMBEDDED_URI.exec(text)?.[0];
  if (uri !== undefined) return libpqUri(uri.replace(/[),;\]}]+$/, ""));
  const keywords = EMBEDDED_KEYWORDS.exec(text)?.[2];
  if (keywords !== undefined && looksLikeConnection(keywords)) return keywords.trim();
  const values = new Map<string, string>();
  for (const [, , name = "", raw = ""] of text.replace(/pgsql:/g, "").matchAll(PAIR)) {
    const keyword = keywordOf(name.trim());
    const value = literal(raw);
    if (keyword !== null && value !== null) values.set(keyword, value);
  }
  if (TLS_WANTED.test(text) && !values.has("sslmode")) values.set("sslmode", "require");
  return values.has("host") || values.has("dbname") ? composeUri(values) : null;
}
