import { tokenAt } from "../sql/lexer.ts";

/** A piece of SQL that is neither white space nor comment. */
export interface CodeToken {
  /** A word in lower case, as the server folds it; any other token as it is written. */
  readonly text: string;
  readonly kind: "word" | "quoted" | "string" | "number" | "parameter" | "symbol";
  /** How many parentheses are open around it; the pair itself counts as outside. */
  readonly depth: number;
}

/** The code of a statement, without white space and comments. */
export function codeTokens(text: string): readonly CodeToken[] {
  const tokens: CodeToken[] = [];
  let depth = 0;
  for (let token = tokenAt(text, 0); token !== null; token = tokenAt(text, token.end)) {
    const { kind, start, end } = token;
    if (kind === "space" || kind === "comment") continue;
    const written = text.slice(start, end);
    if (written === ")" && depth > 0) depth--;
    tokens.push({ text: kind === "word" ? written.toLowerCase() : written, kind, depth });
    if (written === "(") depth++;
  }
  return tokens;
}

/** Whether the tokens from `index` on are these words, none of them quoted. */
export function areWords(tokens: readonly CodeToken[], index: number, ...words: readonly string[]): boolean {
  return words.every((word, offset) => {
    const token = tokens[index + offset];
    return token?.kind === "word" && token.text === word;
  });
}

/** The name that begins at `index`, with its qualifiers, as it is written; null where there is none. */
export function nameAt(tokens: readonly CodeToken[], index: number): string | null {
  let name = "";
  for (let at = index; ; at += 2) {
    const token = tokens[at];
    if (token?.kind !== "word" && token?.kind !== "quoted") return name === "" ? null : name;
    name += token.text;
    if (tokens[at + 1]?.text !== ".") return name;
    name += ".";
  }
}
