/** What a stretch of SQL is to a splitter; `word` and `symbol` are code, the rest hides semicolons and parentheses. */
export type TokenKind = "space" | "comment" | "string" | "quoted" | "word" | "number" | "symbol";

/** A stretch of the text in UTF-16 offsets; `end` is exclusive. */
export interface Token {
  readonly kind: TokenKind;
  readonly start: number;
  readonly end: number;
}

const SPACE = /[ \t\n\r\f\v]+/y;
const LINE_COMMENT = /--[^\n\r]*/y;
const WORD = /[A-Za-z_\u0080-\uffff][A-Za-z0-9_$\u0080-\uffff]*/y;
const NUMBER = /[0-9](?:[0-9A-Za-z_]|\.[0-9])*/y;
const PARAMETER = /\$[0-9]+/y;
const DOLLAR_TAG = /\$(?:[A-Za-z_\u0080-\uffff][A-Za-z0-9_\u0080-\uffff]*)?\$/y;
/** Between two parts of one string constant: white space with a line break. */
const CONTINUATION = /[ \t\f\v]*[\n\r][ \t\n\r\f\v]*'/y;

function endOf(pattern: RegExp, text: string, offset: number): number | null {
  pattern.lastIndex = offset;
  return pattern.test(text) ? pattern.lastIndex : null;
}

function endOfBlockComment(text: string, offset: number): number {
  let depth = 0;
  for (let at = offset; at < text.length; at++) {
    if (text.startsWith("/*", at)) {
      depth++;
      at++;
    } else if (text.startsWith("*/", at)) {
      depth--;
      at++;
      if (depth === 0) return at + 1;
    }
  }
  return text.length;
}

/** The end of what is quoted from `offset` (just after the opening quote); the end of the text where it never closes. */
function endOfQuoted(text: string, offset: number, quote: string, hasEscapes: boolean): number {
  for (let at = offset; at < text.length; at++) {
    const char = text[at];
    if (hasEscapes && char === "\\") at++;
    else if (char === quote && text[at + 1] === quote) at++;
    else if (char === quote) return at + 1;
  }
  return text.length;
}

function endOfString(text: string, offset: number, hasEscapes: boolean): number {
  let end = endOfQuoted(text, offset, "'", hasEscapes);
  for (let next = endOf(CONTINUATION, text, end); next !== null; next = endOf(CONTINUATION, text, end)) {
    end = endOfQuoted(text, next, "'", hasEscapes);
  }
  return end;
}

function dollarQuoted(text: string, offset: number): number | null {
  const bodyStart = endOf(DOLLAR_TAG, text, offset);
  if (bodyStart === null) return null;
  const close = text.indexOf(text.slice(offset, bodyStart), bodyStart);
  return close < 0 ? text.length : close + bodyStart - offset;
}

function prefixedQuote(text: string, offset: number): Token | null {
  const pair = text.slice(offset, offset + 3).toLowerCase();
  if (pair.startsWith("u&'")) {
    return { kind: "string", start: offset, end: endOfString(text, offset + 3, false) };
  }
  if (pair.startsWith('u&"')) {
    return { kind: "quoted", start: offset, end: endOfQuoted(text, offset + 3, '"', false) };
  }
  if (pair[1] !== "'" || !/[ebxn]/.test(pair[0] ?? "")) return null;
  return { kind: "string", start: offset, end: endOfString(text, offset + 2, pair[0] === "e") };
}

function quoted(text: string, offset: number): Token | null {
  const char = text[offset];
  if (char === "'") return { kind: "string", start: offset, end: endOfString(text, offset + 1, false) };
  if (char === '"') return { kind: "quoted", start: offset, end: endOfQuoted(text, offset + 1, '"', false) };
  if (char !== "$") return prefixedQuote(text, offset);
  const end = dollarQuoted(text, offset);
  return end === null ? null : { kind: "string", start: offset, end };
}

function plain(text: string, offset: number): Token {
  const comment = endOf(LINE_COMMENT, text, offset);
  if (comment !== null) return { kind: "comment", start: offset, end: comment };
  if (text.startsWith("/*", offset)) {
    return { kind: "comment", start: offset, end: endOfBlockComment(text, offset) };
  }
  const word = endOf(WORD, text, offset);
  if (word !== null) return { kind: "word", start: offset, end: word };
  const number = endOf(NUMBER, text, offset) ?? endOf(PARAMETER, text, offset);
  return number === null
    ? { kind: "symbol", start: offset, end: offset + 1 }
    : { kind: "number", start: offset, end: number };
}

/**
 * The token that begins at `offset`; null at the end of the text.
 *
 * Follows psql's scanner as far as a splitter must: an unclosed quote or comment reaches to the end of the text.
 *
 * @see {@link https://github.com/postgres/postgres/blob/REL_18_STABLE/src/fe_utils/psqlscan.l}
 */
export function tokenAt(text: string, offset: number): Token | null {
  if (offset >= text.length) return null;
  const space = endOf(SPACE, text, offset);
  if (space !== null) return { kind: "space", start: offset, end: space };
  return quoted(text, offset) ?? plain(text, offset);
}
