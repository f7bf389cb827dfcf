import { tokenAt } from "./lexer.ts";

const READING_VERBS = new Set(["select", "values", "table", "with"]);

/** The statement's first word in upper case, past comments and parentheses; an empty string where it has none. */
export function verbOf(text: string): string {
  for (let token = tokenAt(text, 0); token; token = tokenAt(text, token.end)) {
    if (token.kind === "word") return text.slice(token.start, token.end).toUpperCase();
    const isSkipped = token.kind === "space" || token.kind === "comment" || text[token.start] === "(";
    if (!isSkipped) return "";
  }
  return "";
}

/** Whether the statement's rows may be read page by page through a cursor of the extended protocol. */
export function canBeRead(text: string): boolean {
  return READING_VERBS.has(verbOf(text).toLowerCase());
}

/** The statement on one line, without comments, cut to `maxLength`. */
export function summarise(text: string, maxLength = 80): string {
  const parts: string[] = [];
  let length = 0;
  for (let token = tokenAt(text, 0); token && length <= maxLength * 2; token = tokenAt(text, token.end)) {
    const isBlank = token.kind === "space" || token.kind === "comment";
    const part = isBlank ? " " : text.slice(token.start, token.end);
    parts.push(part);
    length += part.length;
  }
  const line = parts.join("").replace(/\s+/g, " ").trim();
  return line.length > maxLength ? `${line.slice(0, maxLength - 1)}…` : line;
}
