import { type Token, tokenAt } from "./lexer.ts";

/** A stretch of a text in UTF-16 offsets; `end` is exclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** One statement of a script, as psql would send it. */
export interface Statement extends Span {
  /** `psql` is a backslash command, which no server understands. */
  readonly kind: "sql" | "psql";
  /** Where the statement's leading comments begin, or the statement itself. */
  readonly leadStart: number;
  /** After the terminating semicolon and the data lines of a COPY; the next statement's reach begins here. */
  readonly reachEnd: number;
  /** The data lines after `COPY … FROM STDIN`, without the closing `\.`; null for every other statement. */
  readonly copyData: Span | null;
}

const GROUPED_WORDS = new Set(["create", "function", "procedure", "or", "replace"]);
const SENDING_COMMAND = /\\(?:g|gx|gset|gexec|gdesc|bind|bind_named|watch|crosstabview)(?![A-Za-z])/y;

/** What psql remembers of the statement that it is reading. */
class OpenStatement {
  readonly leadStart: number;
  start: number | null = null;
  end = 0;
  parenthesisDepth = 0;
  words: string[] = [];
  #identifiers = "";
  #identifierCount = 0;
  #blockDepth = 0;

  constructor(leadStart: number) {
    this.leadStart = leadStart;
  }

  get isComplete(): boolean {
    return this.parenthesisDepth === 0 && this.#blockDepth === 0;
  }

  take(token: Token, text: string): void {
    this.start ??= token.start;
    this.end = token.end;
    if (token.kind === "word") this.#takeWord(text.slice(token.start, token.end).toLowerCase());
    if (token.kind !== "symbol") return;
    if (text[token.start] === "(") this.parenthesisDepth++;
    if (text[token.start] === ")" && this.parenthesisDepth > 0) this.parenthesisDepth--;
  }

  /** psql's heuristic: only in CREATE [OR REPLACE] FUNCTION | PROCEDURE may BEGIN … END hold semicolons. */
  #takeWord(word: string): void {
    if (this.parenthesisDepth === 0) this.words.push(word);
    if (this.#identifierCount < 4 && GROUPED_WORDS.has(word)) this.#identifiers += word[0] ?? "";
    else if (this.#identifierCount < 4) this.#identifiers += " ";
    this.#identifierCount++;
    if (this.parenthesisDepth > 0 || !/^c(?:or)?[fp]/.test(this.#identifiers)) return;
    if (word === "begin") this.#blockDepth++;
    else if (word === "case" && this.#blockDepth > 0) this.#blockDepth++;
    else if (word === "end" && this.#blockDepth > 0) this.#blockDepth--;
  }
}

function lineEnd(text: string, offset: number): number {
  const found = text.indexOf("\n", offset);
  return found < 0 ? text.length : found;
}

/** The data lines of a COPY, or null where no `\.` closes them, so that a forgotten one does not swallow the script. */
function copyDataAfter(
  text: string,
  offset: number,
  words: readonly string[],
): { data: Span; end: number } | null {
  if (words[0] !== "copy") return null;
  const from = words.indexOf("from");
  if (from < 0 || words[from + 1] !== "stdin") return null;
  const start = Math.min(lineEnd(text, offset) + 1, text.length);
  const close = /^\\\.[ \t]*\r?$/m.exec(text.slice(start));
  if (close === null) return null;
  return { data: { start, end: start + close.index }, end: start + close.index + close[0].length };
}

class Splitter {
  readonly #text: string;
  readonly #statements: Statement[] = [];
  #offset = 0;
  #lead: number | null = null;
  #open: OpenStatement | null = null;

  constructor(text: string) {
    this.#text = text;
  }

  split(): readonly Statement[] {
    for (let token = tokenAt(this.#text, this.#offset); token; token = tokenAt(this.#text, this.#offset)) {
      this.#offset = token.end;
      this.#take(token);
    }
    this.#finish(this.#text.length);
    return this.#statements;
  }

  #take(token: Token): void {
    if (token.kind === "space") return;
    if (token.kind === "comment") {
      this.#lead ??= token.start;
      return;
    }
    const char = this.#text[token.start];
    if (char === "\\" && this.#backslash(token)) return;
    if (char === ";" && token.kind === "symbol" && (this.#open?.isComplete ?? true)) {
      this.#finish(token.end);
      return;
    }
    this.#lead ??= token.start;
    this.#open ??= new OpenStatement(this.#lead);
    this.#open.take(token, this.#text);
  }

  /** A backslash command ends at its line's end; one of the sending kind also ends the statement before it. */
  #backslash(token: Token): boolean {
    SENDING_COMMAND.lastIndex = token.start;
    const isSending = SENDING_COMMAND.test(this.#text);
    if (this.#open !== null && !isSending) return false;
    this.#offset = lineEnd(this.#text, token.start);
    if (this.#open !== null) {
      this.#finish(this.#offset);
      return true;
    }
    const end = token.start + this.#text.slice(token.start, this.#offset).trimEnd().length;
    const leadStart = this.#lead ?? token.start;
    this.#add({ kind: "psql", start: token.start, end, leadStart, reachEnd: this.#offset, copyData: null });
    return true;
  }

  #finish(reachEnd: number): void {
    const open = this.#open;
    this.#open = null;
    if (open === null || open.start === null) {
      this.#lead = null;
      return;
    }
    const copy = copyDataAfter(this.#text, reachEnd, open.words);
    if (copy !== null) this.#offset = copy.end;
    const { start, end, leadStart } = open;
    const reach = copy?.end ?? reachEnd;
    this.#add({ kind: "sql", start, end, leadStart, reachEnd: reach, copyData: copy?.data ?? null });
  }

  #add(statement: Statement): void {
    this.#statements.push(statement);
    this.#lead = null;
  }
}

/**
 * The statements of a script, in order, without empty ones.
 *
 * Follows psql: quotes, dollar quotes, nested comments, parentheses, BEGIN … END in SQL-standard function bodies,
 * COPY data and backslash commands. Tolerates broken text: what never closes belongs to the last statement.
 */
export function splitStatements(text: string): readonly Statement[] {
  return new Splitter(text).split();
}

/**
 * The statement that a cursor means: the one it is in, whose semicolon it follows on the same line, or whose leading
 * comment it is in; between statements the next one, after the last the last one.
 */
export function statementAt(text: string, offset: number): Statement | null {
  const statements = splitStatements(text);
  let before: Statement | null = null;
  for (const statement of statements) {
    if (offset < statement.leadStart) {
      const isOnLineOfBefore = before !== null && !text.slice(before.reachEnd, offset).includes("\n");
      return isOnLineOfBefore ? before : statement;
    }
    if (offset < statement.reachEnd) return statement;
    before = statement;
  }
  return before;
}
