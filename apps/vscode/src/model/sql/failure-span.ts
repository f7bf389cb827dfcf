import type { Failure } from "../failure.ts";
import { tokenAt } from "./lexer.ts";
import type { ParameterisedText } from "./parameters.ts";
import { errorSpan, tokenSpan, utf16Offset } from "./server-position.ts";
import type { Span } from "./split.ts";

/** What places an error in a text. */
export type PlacedFailure = Pick<Failure, "position" | "internalPosition" | "internalQuery" | "context">;

const INLINE_LINE = /^PL\/pgSQL function inline_code_block line (\d+)/m;
const COMPILED_LINE = /^compilation of PL\/pgSQL function .* near line (\d+)/m;

/**
 * What to underline of a statement that failed: the token at the server's position, else the place inside of a function body
 * that the statement itself holds; null where the server named no place in it.
 */
export function failureSpan(statement: string, sent: ParameterisedText, failure: PlacedFailure): Span | null {
  if (failure.position !== null) {
    if (sent.text === statement) return errorSpan(statement, failure.position);
    return tokenSpan(statement, sent.toOriginal(utf16Offset(sent.text, failure.position)));
  }
  const body = bodyOf(statement);
  if (body === null) return null;
  const line = bodyLine(statement, body, failure.context ?? "");
  return queryInBody(statement, line?.start ?? body.start, failure) ?? line;
}

/** The first string of a DO or of a CREATE FUNCTION, without its delimiters. */
function bodyOf(statement: string): Span | null {
  if (!/^(?:do|create)\b/i.test(statement)) return null;
  for (let token = tokenAt(statement, 0); token !== null; token = tokenAt(statement, token.end)) {
    if (token.kind !== "string") continue;
    const text = statement.slice(token.start, token.end);
    const open = /^\$[^$]*\$|^e?'/i.exec(text)?.[0] ?? "";
    const close = text.startsWith("$") ? open.length : 1;
    return { start: token.start + open.length, end: token.end - close };
  }
  return null;
}

/** Where in the body a query failed that PL/pgSQL had made of it; it writes SELECT before an expression. */
function queryInBody(statement: string, from: number, failure: PlacedFailure): Span | null {
  const { internalPosition, internalQuery } = failure;
  if (internalPosition === null || internalQuery === null) return null;
  const offset = utf16Offset(internalQuery, internalPosition);
  for (const prefix of ["", "SELECT "]) {
    if (!internalQuery.startsWith(prefix)) continue;
    const found = statement.indexOf(internalQuery.slice(prefix.length), from);
    if (found >= 0) return tokenSpan(statement, found + offset - prefix.length);
  }
  return null;
}

/** The line of the body that the server's context names; line 1 is the one on which the body begins. */
function bodyLine(statement: string, body: Span, context: string): Span | null {
  const number = Number((INLINE_LINE.exec(context) ?? COMPILED_LINE.exec(context))?.[1] ?? 0);
  if (number === 0) return null;
  let start = body.start;
  for (let line = 1; line < number; line++) {
    const end = statement.indexOf("\n", start);
    if (end < 0 || end >= body.end) return null;
    start = end + 1;
  }
  const found = statement.indexOf("\n", start);
  const text = statement.slice(start, found < 0 ? body.end : Math.min(found, body.end));
  const from = start + (text.length - text.trimStart().length);
  return { start: from, end: Math.max(start + text.trimEnd().length, from + 1) };
}
