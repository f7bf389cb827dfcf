import type { TokenKind } from "./sql-lexer.ts";

type SettingState = "start" | "alter" | "name" | "value" | "other";

/** Finds the values of SET and of ALTER … SET: they are literals, quoted or not. */
export class SettingReader {
  #state: SettingState = "start";

  /** Takes the next token that is neither space nor comment. */
  isValue(kind: TokenKind, token: string): boolean {
    if (this.#state === "value") return kind === "quoted" || (kind === "word" && !/^default$/i.test(token));
    if (this.#state === "name") this.#state = afterName(kind, token);
    else if (this.#state !== "other") this.#state = this.#afterWord(token.toLowerCase());
    return false;
  }

  #afterWord(word: string): SettingState {
    if (word === "set") return "name";
    return word === "alter" || this.#state === "alter" ? "alter" : "other";
  }
}

function afterName(kind: TokenKind, token: string): SettingState {
  if (token === "=" || (kind === "word" && /^(?:to|zone)$/i.test(token))) return "value";
  return kind === "symbol" && token !== "." ? "other" : "name";
}
