/** One token of SQL. Words are lower case; a quoted identifier is a word as written. */
export interface SqlToken {
  readonly kind: "word" | "literal" | "symbol";
  readonly text: string;
}

const space = /[\s]+/y;
const lineComment = /--[^\n\r]*/y;
const word = /[\p{L}_][\p{L}\p{N}_$]*/uy;
const number = /[0-9][0-9a-zA-Z_.]*/y;
const quotedWord = /"(?:[^"]|"")*(?:"|$)/y;
const plainString = /'(?:[^']|'')*(?:'|$)/y;
const escapeString = /'(?:[^'\\]|''|\\[\s\S])*(?:'|$)/y;
const dollarTag = /\$(?:[\p{L}_][\p{L}\p{N}_]*)?\$/uy;

/**
 * Cuts SQL into tokens as the server does with `standard_conforming_strings` on, far enough to tell what a statement does
 * to its session. It never fails: what it cannot read is a symbol.
 *
 * @see {@link https://www.postgresql.org/docs/current/sql-syntax-lexical.html}
 */
export function* lexSql(sql: string): Generator<SqlToken> {
  let at = 0;
  while (at < sql.length) {
    const skipped = match(space, sql, at) || match(lineComment, sql, at) || blockComment(sql, at);
    if (skipped > 0) {
      at += skipped;
      continue;
    }
    const { token, length } = readToken(sql, at);
    at += length;
    yield token;
  }
}

function readToken(sql: string, at: number): { token: SqlToken; length: number } {
  const wordLength = match(word, sql, at);
  if (wordLength > 0) return readWord(sql, at, wordLength);
  const plain = match(plainString, sql, at);
  if (plain > 0)
    return { token: { kind: "literal", text: unquote(sql.slice(at, at + plain), "'") }, length: plain };
  const quoted = match(quotedWord, sql, at);
  if (quoted > 0)
    return { token: { kind: "word", text: unquote(sql.slice(at, at + quoted), '"') }, length: quoted };
  const opaque = match(number, sql, at) || dollarString(sql, at);
  if (opaque > 0) return { token: { kind: "literal", text: "" }, length: opaque };
  return { token: { kind: "symbol", text: sql.charAt(at) }, length: 1 };
}

/** A word, or a string with a prefix: `E'…'`, `B'…'`, `X'…'`, `N'…'`, `U&'…'`. */
function readWord(sql: string, at: number, length: number): { token: SqlToken; length: number } {
  const text = sql.slice(at, at + length).toLowerCase();
  if (length === 1 && sql.charAt(at + 1) === "'" && "ebxn".includes(text)) {
    const rest = match(text === "e" ? escapeString : plainString, sql, at + 1);
    return { token: { kind: "literal", text: "" }, length: rest + 1 };
  }
  if (text === "u" && sql.startsWith("&'", at + 1)) {
    return { token: { kind: "literal", text: "" }, length: match(plainString, sql, at + 2) + 2 };
  }
  return { token: { kind: "word", text }, length };
}

function match(pattern: RegExp, sql: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(sql) ? pattern.lastIndex - at : 0;
}

/** Block comments nest. */
function blockComment(sql: string, at: number): number {
  if (!sql.startsWith("/*", at)) return 0;
  let depth = 0;
  let end = at;
  do {
    if (sql.startsWith("/*", end)) depth += 1;
    else if (sql.startsWith("*/", end)) depth -= 1;
    else {
      end += 1;
      continue;
    }
    end += 2;
  } while (depth > 0 && end < sql.length);
  return Math.min(end, sql.length) - at;
}

function dollarString(sql: string, at: number): number {
  const tagLength = match(dollarTag, sql, at);
  if (tagLength === 0) return 0;
  const close = sql.indexOf(sql.slice(at, at + tagLength), at + tagLength);
  return (close === -1 ? sql.length : close + tagLength) - at;
}

function unquote(text: string, quote: string): string {
  return text.slice(1, text.endsWith(quote) ? -1 : undefined).replaceAll(quote + quote, quote);
}
