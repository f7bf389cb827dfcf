/** What a stretch of SQL is to a splitter; `word` and `symbol` are code, the rest hides semicolons and parentheses. */
export type TokenKind =
  | "space"
  | "comment"
  | "string"
  | "quoted"
  | "word"
  | "number"
  | "parameter"
  | "symbol";

/** A stretch of the text in UTF-16 offsets; `end` is exclusive. */
export interface Token {
  readonly kind: TokenKind;
  readonly start: number;
  readonly end: number;
}

/** How a backslash in a plain string reads: as itself, or as an escape where `standard_conforming_strings` is off. */
export type StringRule = "standard" | "escaped";

const SPACE = /[ \t\n\r\f\v]+/y;
const LINE_COMMENT = /--[^\n\r]*/y;
const WORD = /[A-Za-z_\u0080-\uffff][A-Za-z0-9_$\u0080-\uffff]*/y;
const NUMBER = /[0-9](?:[0-9A-Za-z_]|\.[0-9])*/y;
const PARAMETER = /\$[0-9]+/y;
const DOLLAR_TAG = /\$(?:[A-Za-z_\u0080-\uffff][A-Za-z0-9_\u0080-\uffff]*)?\$/y;
/** Between two parts of one string constant: white space and comments with a line break before the first of the rest. */
const CONTINUATION = /(?:[ \t\f\v]|--[^\n\r]*(?=[\n\r]))*[\n\r](?:[ \t\n\r\f\v]|--[^\n\r]*(?=[\n\r]))*'/y;
const COMMENT_EDGE = /\/\*|\*\//g;
const BYTE_ORDER_MARK = "\uFEFF";

function endOf(pattern: RegExp, text: string, offset: number): number | null {
  pattern.lastIndex = offset;
  return pattern.test(text) ? pattern.lastIndex : null;
}

function endOfBlockComment(text: string, offset: number): number {
  let depth = 0;
  COMMENT_EDGE.lastIndex = offset;
  for (let edge = COMMENT_EDGE.exec(text); edge !== null; edge = COMMENT_EDGE.exec(text)) {
    depth += edge[0] === "/*" ? 1 : -1;
    if (depth === 0) return COMMENT_EDGE.lastIndex;
  }
  return text.length;
}

/** The end of what is quoted from `offset` (just after the opening quote); the end of the text where it never closes. */
function endOfQuoted(text: string, offset: number, quote: string): number {
  for (let at = text.indexOf(quote, offset); at >= 0; at = text.indexOf(quote, at + 2)) {
    if (text[at + 1] !== quote) return at + 1;
  }
  return text.length;
}

function endOfEscaped(text: string, offset: number): number {
  for (let at = offset; at < text.length; at++) {
    const char = text[at];
    if (char === "\\") at++;
    else if (char === "'" && text[at + 1] === "'") at++;
    else if (char === "'") return at + 1;
  }
  return text.length;
}

function endOfString(text: string, offset: number, rule: StringRule): number {
  const endOfPart = (from: number) =>
    rule === "escaped" ? endOfEscaped(text, from) : endOfQuoted(text, from, "'");
  let end = endOfPart(offset);
  for (let next = endOf(CONTINUATION, text, end); next !== null; next = endOf(CONTINUATION, text, end)) {
    end = endOfPart(next);
  }
  return end;
}

function dollar(text: string, start: number): Token {
  const bodyStart = endOf(DOLLAR_TAG, text, start);
  if (bodyStart === null) {
    const end = endOf(PARAMETER, text, start);
    return end === null ? symbol(start) : { kind: "parameter", start, end };
  }
  const close = text.indexOf(text.slice(start, bodyStart), bodyStart);
  return { kind: "string", start, end: close < 0 ? text.length : close + bodyStart - start };
}

function symbol(start: number): Token {
  return { kind: "symbol", start, end: start + 1 };
}

/** `E'…'`, `B'…'`, `X'…'`, `N'…'`, `U&'…'` and `U&"…"`; null for a plain word. */
function prefixed(text: string, start: number, rule: StringRule): Token | null {
  const next = text[start + 1];
  if (next !== "'" && next !== "&") return null;
  const letter = text[start]?.toLowerCase() ?? "";
  if (next === "'") {
    if (!"ebxn".includes(letter)) return null;
    const own = letter === "e" ? "escaped" : letter === "n" ? rule : "standard";
    return { kind: "string", start, end: endOfString(text, start + 2, own) };
  }
  const quote = text[start + 2];
  if (letter !== "u" || (quote !== "'" && quote !== '"')) return null;
  if (quote === '"') return { kind: "quoted", start, end: endOfQuoted(text, start + 3, quote) };
  return { kind: "string", start, end: endOfString(text, start + 3, "standard") };
}

function word(text: string, start: number, rule: StringRule): Token {
  return prefixed(text, start, rule) ?? { kind: "word", start, end: endOf(WORD, text, start) ?? start + 1 };
}

/** A token of white space, a comment or a lone symbol. */
function plain(text: string, start: number): Token {
  const space = endOf(SPACE, text, start);
  if (space !== null) return { kind: "space", start, end: space };
  if (text.startsWith("--", start)) {
    return { kind: "comment", start, end: endOf(LINE_COMMENT, text, start) ?? text.length };
  }
  if (text.startsWith("/*", start)) return { kind: "comment", start, end: endOfBlockComment(text, start) };
  return symbol(start);
}

function isWordStart(code: number): boolean {
  const lower = code | 0x20;
  return (lower >= 0x61 && lower <= 0x7a) || code === 0x5f || code >= 0x80;
}

/**
 * The token that begins at `offset`; null at the end of the text.
 *
 * Follows the server's scanner as far as a splitter must: an unclosed quote or comment reaches to the end of the text.
 *
 * @see {@link https://github.com/postgres/postgres/blob/REL_18_STABLE/src/backend/parser/scan.l}
 */
export function tokenAt(text: string, offset: number, rule: StringRule = "standard"): Token | null {
  if (offset >= text.length) return null;
  const code = text.charCodeAt(offset);
  if (offset === 0 && text.startsWith(BYTE_ORDER_MARK)) return { kind: "space", start: 0, end: 1 };
  if (isWordStart(code)) return word(text, offset, rule);
  switch (text[offset]) {
    case "'":
      return { kind: "string", start: offset, end: endOfString(text, offset + 1, rule) };
    case '"':
      return { kind: "quoted", start: offset, end: endOfQuoted(text, offset + 1, '"') };
    case "$":
      return dollar(text, offset);
  }
  if (code >= 0x30 && code <= 0x39) {
    return { kind: "number", start: offset, end: endOf(NUMBER, text, offset) ?? offset + 1 };
  }
  return plain(text, offset);
}
