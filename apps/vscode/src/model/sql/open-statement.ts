import { type Token, tokenAt } from "./lexer.ts";

/** Enough words to know a statement by. */
const HEAD_LENGTH = 8;

function createdKind(head: readonly string[]): string {
  if (head[0] !== "create") return "";
  return (head[1] === "or" && head[2] === "replace" ? head[3] : head[1]) ?? "";
}

/**
 * What must be remembered of the statement that is being read, to know which semicolon ends it.
 *
 * By the grammar a semicolon lies inside a statement only in the actions of CREATE RULE, where it is in parentheses, and
 * in the body `BEGIN ATOMIC … END` of a function or procedure, whose END follows ATOMIC or a semicolon.
 */
export class OpenStatement {
  readonly leadStart: number;
  start: number | null = null;
  end = 0;
  /** Behind the first semicolon that did not end the statement; where it never ends, its text is split there. */
  firstInnerEnd: number | null = null;
  #parenthesisDepth = 0;
  #blockDepth = 0;
  /** The first words of the statement, or of the one inside a body that is being read. */
  #head: string[] = [];
  #isAtInnerStart = false;
  #previousWord = "";
  #isCopyIn = false;

  constructor(leadStart: number) {
    this.leadStart = leadStart;
  }

  get isCopyIn(): boolean {
    return this.#isCopyIn;
  }

  /** Whether nothing is open that a semicolon could lie in. */
  get isComplete(): boolean {
    return this.#parenthesisDepth === 0 && this.#blockDepth === 0;
  }

  /** Whether it begins as a change of `standard_conforming_strings`. */
  get setsStringRule(): boolean {
    return this.#head[0] === "set" && this.#head.includes("standard_conforming_strings");
  }

  /** Takes a semicolon; true where it ends the statement. */
  endsAt({ end }: Token): boolean {
    const isInRule = this.#parenthesisDepth > 0 && createdKind(this.#head) === "rule";
    if (this.#blockDepth === 0 && !isInRule) return true;
    this.end = end;
    this.firstInnerEnd ??= end;
    if (isInRule) return false;
    this.#parenthesisDepth = 0;
    this.#beginInner();
    return false;
  }

  take(token: Token, text: string): void {
    this.start ??= token.start;
    this.end = token.end;
    if (token.kind === "word") {
      if (this.#parenthesisDepth === 0) this.#takeWord(text, token);
      return;
    }
    this.#isAtInnerStart = false;
    this.#previousWord = "";
    if (token.kind !== "symbol") return;
    if (text[token.start] === "(") this.#parenthesisDepth++;
    if (text[token.start] === ")" && this.#parenthesisDepth > 0) this.#parenthesisDepth--;
  }

  #takeWord(text: string, token: Token): void {
    const word = text.slice(token.start, token.end).toLowerCase();
    const previous = this.#previousWord;
    this.#previousWord = word;
    if (this.#isAtInnerStart && word === "end") {
      this.#blockDepth--;
      this.#isAtInnerStart = false;
      return;
    }
    this.#isAtInnerStart = false;
    if (previous === "begin" && word === "atomic" && this.#isRoutine) {
      this.#blockDepth++;
      this.#beginInner();
      return;
    }
    if (previous === "from" && word === "stdin" && this.#head[0] === "copy") this.#isCopyIn = true;
    if (this.#head.length < HEAD_LENGTH) this.#head.push(word);
  }

  get #isRoutine(): boolean {
    const kind = createdKind(this.#head);
    return kind === "function" || kind === "procedure";
  }

  #beginInner(): void {
    this.#head = [];
    this.#isAtInnerStart = true;
    this.#previousWord = "";
  }
}

/** Whether a statement waits for data lines, as `COPY … FROM STDIN` does. */
export function isCopyFromStdin(text: string): boolean {
  if (!/^copy\b/i.test(text)) return false;
  const open = new OpenStatement(0);
  for (let token = tokenAt(text, 0); token !== null; token = tokenAt(text, token.end)) {
    if (token.kind !== "space" && token.kind !== "comment") open.take(token, text);
  }
  return open.isCopyIn;
}
