import type { TokenKind } from "./sql-lexer.ts";

/**
 * Knows whether a semicolon would end the statement: within parentheses (CREATE RULE) it does not, nor in a body between BEGIN ATOMIC and
 * END.
 *
 * @see {@link https://www.postgresql.org/docs/18/sql-createfunction.html}
 */
export class Nesting {
  #parentheses = 0;
  #blocks = 0;
  #lastWord = "";

  get isOutside(): boolean {
    return this.#parentheses === 0 && this.#blocks === 0;
  }

  /** Takes the next token that is neither space nor comment. */
  push(kind: TokenKind, token: string): void {
    if (kind === "symbol") this.#parentheses = Math.max(0, this.#parentheses + step(token));
    const word = kind === "word" ? token.toUpperCase() : "";
    if (word === "ATOMIC" && this.#lastWord === "BEGIN") this.#blocks += 1;
    else if (this.#blocks > 0 && word === "CASE") this.#blocks += 1;
    else if (this.#blocks > 0 && word === "END") this.#blocks -= 1;
    this.#lastWord = word;
  }
}

function step(symbol: string): number {
  return symbol === "(" ? 1 : symbol === ")" ? -1 : 0;
}
