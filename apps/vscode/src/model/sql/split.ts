import { type StringRule, type Token, tokenAt } from "./lexer.ts";
import { OpenStatement } from "./open-statement.ts";

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
  /** After the terminating semicolon, a comment behind it and the data lines of a COPY; the next statement's reach begins here. */
  readonly reachEnd: number;
  /** The data lines after `COPY … FROM STDIN`, without the closing `\.`; null for every other statement. */
  readonly copyData: Span | null;
}

const SENDING_COMMAND =
  /\\(?:g|gx|gset|gexec|gdesc|bind|bind_named|watch|crosstabview|parse|close_prepared)(?![A-Za-z_])/y;
const COPY_END = /^\\\.[ \t]*\r?$/gm;
/** A text that never closes what it opens is read again from its first semicolon, but not without end. */
const MAX_REWINDS = 4;

function lineEnd(text: string, offset: number): number {
  const found = text.indexOf("\n", offset);
  return found < 0 ? text.length : found;
}

class Splitter {
  readonly #text: string;
  readonly #statements: Statement[] = [];
  #offset = 0;
  #lead: number | null = null;
  #open: OpenStatement | null = null;
  #stringRule: StringRule = "standard";
  #rewinds = 0;
  #hasNoCopyEnd = false;

  constructor(text: string) {
    this.#text = text;
  }

  split(): readonly Statement[] {
    do {
      for (let token = this.#next(); token !== null; token = this.#next()) {
        this.#offset = token.end;
        this.#take(token);
      }
    } while (this.#rewind());
    this.#finish(this.#text.length);
    return this.#statements;
  }

  #next(): Token | null {
    return tokenAt(this.#text, this.#offset, this.#stringRule);
  }

  #take(token: Token): void {
    if (token.kind === "space") return;
    if (token.kind === "comment") this.#comment(token);
    else if (token.kind === "symbol") this.#symbol(token);
    else this.#code(token);
  }

  #comment(token: Token): void {
    if (this.#lead !== null || this.#open !== null) return;
    const last = this.#statements.at(-1);
    if (last === undefined || this.#text.slice(last.reachEnd, token.start).includes("\n")) {
      this.#lead = token.start;
      return;
    }
    // A comment on the line on which the last statement ended speaks of that one.
    this.#statements[this.#statements.length - 1] = { ...last, reachEnd: token.end };
  }

  #symbol(token: Token): void {
    const char = this.#text[token.start];
    if (char === "\\") this.#backslash(token);
    else if (char !== ";") this.#code(token);
    else if (this.#open === null || this.#open.endsAt(token)) this.#finish(token.end);
  }

  #code(token: Token): void {
    this.#lead ??= token.start;
    this.#open ??= new OpenStatement(this.#lead);
    this.#open.take(token, this.#text);
  }

  /**
   * A backslash outside of quotes is no SQL: it ends the statement before it, and psql reads the rest of the line; `\;` is
   * a semicolon to psql.
   */
  #backslash({ start }: Token): void {
    if (this.#text[start + 1] === ";") {
      this.#offset = start + 2;
      this.#finish(this.#offset);
      return;
    }
    SENDING_COMMAND.lastIndex = start;
    const isSending = this.#open !== null && SENDING_COMMAND.test(this.#text);
    const end = lineEnd(this.#text, start);
    if (this.#open !== null) this.#finish(isSending ? end : start);
    this.#offset = end;
    if (!isSending) this.#command(start, end);
  }

  #command(start: number, reachEnd: number): void {
    const end = start + this.#text.slice(start, reachEnd).trimEnd().length;
    this.#add({ kind: "psql", start, end, leadStart: this.#lead ?? start, reachEnd, copyData: null });
  }

  #finish(reachEnd: number): void {
    const open = this.#open;
    this.#open = null;
    if (open === null || open.start === null) {
      this.#lead = null;
      return;
    }
    const { start, end, leadStart } = open;
    if (open.setsStringRule) this.#stringRule = stringRuleOf(this.#text.slice(start, end), this.#stringRule);
    const copy = open.isCopyIn ? this.#copyDataAfter(reachEnd) : null;
    if (copy !== null) this.#offset = copy.end;
    const reach = copy?.end ?? reachEnd;
    this.#add({ kind: "sql", start, end, leadStart, reachEnd: reach, copyData: copy?.data ?? null });
  }

  /** The data lines of a COPY, or null where no `\.` closes them, so that a forgotten one does not swallow the script. */
  #copyDataAfter(offset: number): { data: Span; end: number } | null {
    if (this.#hasNoCopyEnd) return null;
    const start = Math.min(lineEnd(this.#text, offset) + 1, this.#text.length);
    COPY_END.lastIndex = start;
    const close = COPY_END.exec(this.#text);
    this.#hasNoCopyEnd = close === null;
    return close && { data: { start, end: close.index }, end: close.index + close[0].length };
  }

  #add(statement: Statement): void {
    this.#statements.push(statement);
    this.#lead = null;
  }

  /** Splits a statement that has not ended with the text at its first semicolon, and goes back there. */
  #rewind(): boolean {
    const end = this.#open?.firstInnerEnd ?? null;
    if (this.#open === null || this.#open.isComplete || end === null) return false;
    if (this.#rewinds === MAX_REWINDS) return false;
    this.#rewinds++;
    const { start, leadStart } = this.#open;
    this.#open = null;
    this.#offset = end;
    if (start !== null) {
      this.#add({ kind: "sql", start, end: end - 1, leadStart, reachEnd: end, copyData: null });
    }
    return true;
  }
}

function stringRuleOf(text: string, before: StringRule): StringRule {
  const value = /standard_conforming_strings\s*(?:=|\bto\b)\s*'?(\w+)/i.exec(text)?.[1]?.toLowerCase();
  if (value === undefined) return before;
  return ["off", "false", "no", "0"].includes(value) ? "escaped" : "standard";
}

/**
 * The statements of a script, in order, without empty ones.
 *
 * Exact for valid scripts: quotes, dollar quotes, nested comments, rules with several actions, SQL-standard function
 * bodies, COPY data, backslash commands of psql. Tolerates broken text: what never closes belongs to the last statement.
 */
export function splitStatements(text: string): readonly Statement[] {
  return new Splitter(text).split();
}

/** The index of the last statement whose reach begins at or before an offset; -1 where there is none. */
function indexBefore(statements: readonly Statement[], offset: number): number {
  let low = 0;
  let high = statements.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((statements[middle]?.leadStart ?? 0) <= offset) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** A text and its statements. */
export class Script {
  readonly text: string;
  readonly statements: readonly Statement[];

  constructor(text: string) {
    this.text = text;
    this.statements = splitStatements(text);
  }

  /**
   * The statement that a cursor means: the one it is in, whose semicolon it follows on the same line, or whose leading
   * comment it is in; between statements the next one, after the last the last one.
   */
  statementAt(offset: number): Statement | null {
    const index = indexBefore(this.statements, offset);
    const before = this.statements[index] ?? null;
    const after = this.statements[index + 1] ?? null;
    if (before === null || after === null || offset < before.reachEnd) return before ?? after;
    return this.text.slice(before.reachEnd, offset).includes("\n") ? after : before;
  }
}
