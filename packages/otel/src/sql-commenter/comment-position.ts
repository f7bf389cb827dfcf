/** Text longer than this is sent as it is: reading it would cost more than a comment is worth. */
const MAX_TEXT_LENGTH = 100_000;

/** What can open a literal, a quoted name or a comment. */
const OPENING = /['"$]|--|\/\*/g;

const DOLLAR_TAG = /\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$/y;

const IDENTIFIER_CHARACTER = /[\w$\u0080-\uffff]/;

/**
 * Whether a comment at the end of `text` would be a comment, and the only one.
 *
 * False after an unterminated literal or quoted name, and wherever the text has a comment already: appended after `--` ours
 * would vanish, and the SQLCommenter format asks not to touch a statement that carries one.
 *
 * @see {@link https://google.github.io/sqlcommenter/spec/}
 * @see {@link https://www.postgresql.org/docs/current/sql-syntax-lexical.html}
 */
export function canAppendComment(text: string): boolean {
  if (text.length > MAX_TEXT_LENGTH || text.trim() === "") return false;
  let position = 0;
  for (;;) {
    OPENING.lastIndex = position;
    const opening = OPENING.exec(text);
    if (opening === null) return true;
    if (opening[0] === "--" || opening[0] === "/*") return false;
    const end = endOfQuoted(text, opening.index);
    if (end === -1) return false;
    position = end;
  }
}

/** The position after the literal or name that opens at `start`; -1 where it never ends. */
function endOfQuoted(text: string, start: number): number {
  if (text[start] === "$") return endOfDollarQuoted(text, start);
  if (text[start] === "'" && hasEscapePrefix(text, start)) return endOfEscapeString(text, start);
  const end = text.indexOf(text[start] ?? "", start + 1);
  // A doubled quote ends one run and opens the next, which reads the same.
  return end === -1 ? -1 : end + 1;
}

/** `$1` is a parameter and the dollar of `a$b$` is part of a name: neither opens a literal. */
function endOfDollarQuoted(text: string, start: number): number {
  if (IDENTIFIER_CHARACTER.test(text[start - 1] ?? " ")) return start + 1;
  DOLLAR_TAG.lastIndex = start;
  const tag = DOLLAR_TAG.exec(text)?.[0];
  if (tag === undefined) return start + 1;
  const end = text.indexOf(tag, start + tag.length);
  return end === -1 ? -1 : end + tag.length;
}

function hasEscapePrefix(text: string, start: number): boolean {
  const prefix = text[start - 1];
  return (prefix === "e" || prefix === "E") && !IDENTIFIER_CHARACTER.test(text[start - 2] ?? " ");
}

function endOfEscapeString(text: string, start: number): number {
  for (let position = start + 1; position < text.length; position += 1) {
    if (text[position] === "\\") position += 1;
    else if (text[position] === "'" && text[position + 1] === "'") position += 1;
    else if (text[position] === "'") return position + 1;
  }
  return -1;
}
