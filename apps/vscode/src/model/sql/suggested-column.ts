import { tokenAt } from "./lexer.ts";
import type { Span } from "./split.ts";

/** A name that the server suggests, and what of the text it stands in for. */
export interface Suggestion {
  readonly span: Span;
  readonly text: string;
}

const HINT = /^Perhaps you meant to reference the (?:column|table alias) /;
const NAME = /"((?:[^"]|"")+)"/g;

/** The names in `Perhaps you meant to reference the column "o.name" or the column "c.name".` */
export function suggestedNames(hint: string | null): readonly string[] {
  if (hint === null || !HINT.test(hint)) return [];
  return [...hint.matchAll(NAME)].map(([, name]) => name ?? "");
}

/** The qualified name that begins at an offset: words and quoted names between dots. */
function nameParts(text: string, offset: number): readonly Span[] {
  const parts: Span[] = [];
  for (let at = offset; ; ) {
    const token = tokenAt(text, at);
    if (token?.kind !== "word" && token?.kind !== "quoted") return parts;
    parts.push(token);
    if (text[token.end] !== ".") return parts;
    at = token.end + 1;
  }
}

/** What each name that the server suggests would replace at the place of the error, quoted where that is needed. */
export function suggestionsAt(text: string, offset: number, hint: string | null): readonly Suggestion[] {
  const parts = nameParts(text, offset);
  const first = parts[0];
  const last = parts.at(-1);
  if (first === undefined || last === undefined) return [];
  return suggestedNames(hint).map((name) => {
    const [table, ...column] = name.split(".");
    if (column.length === 0) return { span: first, text: quoted(name) };
    const written = [table ?? "", column.join(".")].map(quoted).join(".");
    // Where the text names no table, neither need the fix, unless several are suggested.
    const isShort = parts.length === 1 && suggestedNames(hint).length === 1;
    return {
      span: { start: first.start, end: last.end },
      text: isShort ? quoted(column.join(".")) : written,
    };
  });
}

function quoted(name: string): string {
  return /^[a-z_][a-z0-9_$]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`;
}
