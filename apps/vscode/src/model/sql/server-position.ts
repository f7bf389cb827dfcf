import { tokenAt } from "./lexer.ts";
import type { Span } from "./split.ts";

/** The UTF-16 offset of a server position: 1-based, counted in code points. */
export function utf16Offset(text: string, position: number): number {
  let offset = 0;
  for (let count = 1; count < position && offset < text.length; count++) {
    offset += (text.codePointAt(offset) ?? 0) > 0xffff ? 2 : 1;
  }
  return offset;
}

/**
 * What to underline for an error that the server placed at `position` of `text`: the token there, or the end of the
 * last token where the text ended too soon.
 */
export function errorSpan(text: string, position: number): Span {
  return tokenSpan(text, utf16Offset(text, position));
}

/** The token at an offset, or the end of the last token where there is none. */
export function tokenSpan(text: string, offset: number): Span {
  const token = tokenAt(text, offset);
  if (token !== null && token.kind !== "space") {
    const isLong = token.kind === "comment" || text.slice(token.start, token.end).includes("\n");
    return { start: token.start, end: isLong ? firstLineEnd(text, token) : token.end };
  }
  const end = text.slice(0, offset).trimEnd().length;
  return { start: Math.max(0, end - 1), end: Math.max(end, 1) };
}

function firstLineEnd(text: string, span: Span): number {
  const found = text.slice(span.start, span.end).search(/[\r\n]/);
  return found < 0 ? span.end : span.start + Math.max(found, 1);
}
