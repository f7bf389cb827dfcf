/** What a token is to telemetry; every literal is one kind, since none of them may be told. */
export type TokenKind = "space" | "comment" | "word" | "quoted" | "literal" | "parameter" | "symbol";

const QUOTE = 39;
const DOUBLE_QUOTE = 34;
const DOLLAR = 36;
const DOT = 46;
const BACKSLASH = 92;

/**
 * Cuts PostgreSQL's SQL into tokens, one at a time and in one pass.
 *
 * It never gives up: what cannot be read (a string or a quoted name that does not end) is a literal to the end of the text, so that
 * a mistake hides too much and never too little.
 *
 * @see {@link https://www.postgresql.org/docs/18/sql-syntax-lexical.html}
 */
export class SqlLexer {
  readonly #text: string;
  kind: TokenKind = "space";
  start = 0;
  end = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** The characters of the current token. */
  get token(): string {
    return this.#text.slice(this.start, this.end);
  }

  /** Moves to the next token; false at the end. */
  next(): boolean {
    this.start = this.end;
    if (this.start >= this.#text.length) return false;
    const code = this.#text.charCodeAt(this.start);
    if (isSpace(code)) this.#take("space", this.#skip(this.start, isSpace));
    else if (isNameStart(code)) this.#word();
    else if (isDigit(code)) this.#number(this.start);
    else if (code === QUOTE) this.#string(this.start, false);
    else if (code === DOUBLE_QUOTE) this.#quoted(this.start);
    else if (code === DOLLAR) this.#dollar();
    else this.#other(code);
    return true;
  }

  #take(kind: TokenKind, end: number): void {
    this.kind = kind;
    this.end = end;
  }

  #at(index: number): number {
    return index < this.#text.length ? this.#text.charCodeAt(index) : -1;
  }

  #skip(from: number, accepts: (code: number) => boolean): number {
    let index = from;
    while (index < this.#text.length && accepts(this.#text.charCodeAt(index))) index += 1;
    return index;
  }

  #word(): void {
    const end = this.#skip(this.start, isNamePart);
    const prefix = end - this.start === 1 ? (this.#text[this.start] ?? "").toLowerCase() : "";
    const quote = prefix === "u" && this.#text[end] === "&" ? end + 1 : end;
    const isPrefixed = prefix !== "" && "ebxnu".includes(prefix);
    if (isPrefixed && this.#at(quote) === QUOTE) this.#string(quote, prefix === "e");
    else if (quote > end && this.#at(quote) === DOUBLE_QUOTE) this.#quoted(quote);
    else this.#take("word", end);
  }

  /** A number with whatever sticks to it: `1_000`, `0xFF`, `1.5e-3`. */
  #number(from: number): void {
    let end = this.#skip(from, isNumberPart);
    while (isExponent(this.#at(end - 1)) && isSign(this.#at(end)) && isDigit(this.#at(end + 1))) {
      end = this.#skip(end + 1, isNumberPart);
    }
    this.#take("literal", end);
  }

  #string(quote: number, hasEscapes: boolean): void {
    let index = quote + 1;
    while (index < this.#text.length) {
      const code = this.#at(index);
      const isBeforeQuote = this.#at(index + 1) === QUOTE;
      if (code === QUOTE && !isBeforeQuote) break;
      // Whether this backslash escapes the quote is a setting of the session, so nothing after it is certain.
      if (code === BACKSLASH && isBeforeQuote && !hasEscapes) index = this.#text.length;
      index += code === QUOTE || code === BACKSLASH ? 2 : 1;
    }
    this.#take("literal", Math.min(index + 1, this.#text.length));
  }

  #quoted(quote: number): void {
    let index = quote + 1;
    while (index < this.#text.length) {
      const isQuote = this.#at(index) === DOUBLE_QUOTE;
      if (isQuote && this.#at(index + 1) !== DOUBLE_QUOTE) break;
      index += isQuote ? 2 : 1;
    }
    const isClosed = index < this.#text.length;
    this.#take(isClosed ? "quoted" : "literal", isClosed ? index + 1 : this.#text.length);
  }

  #dollar(): void {
    const afterTag = this.#skip(this.start + 1, isTagPart);
    if (this.#at(afterTag) === DOLLAR && !isDigit(this.#at(this.start + 1))) {
      const tag = this.#text.slice(this.start, afterTag + 1);
      const close = this.#text.indexOf(tag, afterTag + 1);
      this.#take("literal", close < 0 ? this.#text.length : close + tag.length);
    } else {
      const end = this.#skip(this.start + 1, isDigit);
      this.#take(end > this.start + 1 ? "parameter" : "symbol", end);
    }
  }

  #other(code: number): void {
    const two = this.#text.slice(this.start, this.start + 2);
    // A sign belongs to the number that follows it at once, as the convention's examples have it.
    const number = isSign(code) ? this.start + 1 : this.start;
    if (two === "--") this.#take("comment", this.#skip(this.start, isInLine));
    else if (two === "/*") this.#take("comment", this.#blockEnd());
    else if (this.#isNumber(number)) this.#number(number);
    else this.#take("symbol", this.start + 1);
  }

  #isNumber(index: number): boolean {
    const digit = this.#at(index) === DOT ? index + 1 : index;
    return isDigit(this.#at(digit));
  }

  /** Block comments nest. */
  #blockEnd(): number {
    let depth = 1;
    let index = this.start + 2;
    while (index < this.#text.length && depth > 0) {
      const two = this.#text.slice(index, index + 2);
      if (two === "/*") depth += 1;
      else if (two === "*/") depth -= 1;
      index += two === "/*" || two === "*/" ? 2 : 1;
    }
    return Math.min(index, this.#text.length);
  }
}

function isSpace(code: number): boolean {
  return code === 32 || (code >= 9 && code <= 13);
}

/** A carriage return ends a line as well. */
function isInLine(code: number): boolean {
  return code !== 10 && code !== 13;
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

function isSign(code: number): boolean {
  return code === 43 || code === 45;
}

function isExponent(code: number): boolean {
  return code === 69 || code === 101;
}

function isNameStart(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 95 || code >= 128;
}

/** What may be inside the tag of a dollar quote. */
function isTagPart(code: number): boolean {
  return isNameStart(code) || isDigit(code);
}

function isNamePart(code: number): boolean {
  return isTagPart(code) || code === DOLLAR;
}

function isNumberPart(code: number): boolean {
  return isTagPart(code) || code === DOT;
}
