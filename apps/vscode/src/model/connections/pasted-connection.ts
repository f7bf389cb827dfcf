import { readCodeSnippet } from "./code-snippet.ts";
import { looksLikeConnection, takePassword } from "./connection-text.ts";
import { parseConnection } from "./connection-values.ts";
import { readJdbcUrl } from "./jdbc-url.ts";
import { libpqUri } from "./libpq-uri.ts";
import { readPsqlCommand } from "./psql-command.ts";
import { readVariableLines } from "./variable-lines.ts";

/** What kind of text it was. */
export type PastedFormat = "uri" | "keywords" | "jdbc" | "command" | "variables" | "code";

/** A connection that somebody pasted. */
export interface PastedConnection {
  readonly format: PastedFormat;
  /** Without its password. */
  readonly connection: string;
  readonly password: string | null;
}

const KNOWN =
  /^(?:host|hostaddr|port|dbname|user|password|passfile|service|sslmode|options|application_name)$/;

/** A list of libpq's keywords, which must not be taken for a list of a program's own. */
function readKeywords(text: string): string | null {
  const isList = looksLikeConnection(text) && !/[;{}(),:]\s*(?:[A-Za-z_ ]+[=:]|$)/.test(text);
  const keys = isList ? [...(parseConnection(text)?.keys() ?? [])] : [];
  return keys.length > 0 && keys.some((key) => KNOWN.test(key)) ? text : null;
}

function readUri(text: string): string | null {
  return /^postgres(?:ql)?(?:\+[a-z0-9_]+)?:\/\/\S*$/i.test(text) ? libpqUri(text) : null;
}

const READERS: readonly (readonly [PastedFormat, (text: string) => string | null])[] = [
  ["uri", readUri],
  ["jdbc", readJdbcUrl],
  ["command", readPsqlCommand],
  ["variables", readVariableLines],
  ["keywords", readKeywords],
  ["code", readCodeSnippet],
];

/**
 * Understands whatever says where a PostgreSQL server is: a URI, libpq's keywords, a JDBC URL, a `psql` command, variables of a
 * shell or of a `.env` file, or a piece of a program. Null where it finds no connection.
 */
export function readPasted(text: string): PastedConnection | null {
  const trimmed = text.trim().replace(/^(["'`])(.*)\1;?$/s, "$2");
  for (const [format, read] of READERS) {
    const found = read(trimmed);
    if (found !== null) return { format, ...takePassword(found) };
  }
  return null;
}
