import { Nesting } from "./nesting.ts";
import { SettingReader } from "./setting-reader.ts";
import { SqlLexer } from "./sql-lexer.ts";
import { SummaryParser } from "./summary-parser.ts";

/** One statement of a text. */
export interface AnalysedStatement {
  /** Its operations and targets, in order; empty where it is not understood. */
  readonly parts: readonly string[];
  /** The statement without its literals and comments. */
  readonly sanitized: string;
  /** The statement as it was written. */
  readonly raw: string;
}

/** What one pass over a text finds. */
export interface SqlAnalysis {
  readonly statements: readonly AnalysedStatement[];
  /** Whether the text has a place for a value (`$1`). */
  readonly hasParameters: boolean;
}

/** The convention cuts a summary there, between operations and targets. */
const MAX_SUMMARY_LENGTH = 255;

/** Reads a text once: its statements, each with its summary and its text without literals. */
export function analyseSql(text: string): SqlAnalysis {
  const lexer = new SqlLexer(text);
  const statements: AnalysedStatement[] = [];
  let statement = new StatementReader(text, 0);
  let hasParameters = false;
  while (lexer.next()) {
    hasParameters ||= lexer.kind === "parameter";
    if (statement.endsAt(lexer)) {
      statements.push(statement.finish(lexer.end));
      statement = new StatementReader(text, lexer.end);
    } else statement.take(lexer);
  }
  const rest = statement.finish(text.length);
  const last = statement.isEmpty ? statements.pop() : undefined;
  statements.push(last === undefined ? rest : append(last, rest));
  return { statements, hasParameters };
}

/** Adds what follows the last semicolon, where that is no statement. */
function append(last: AnalysedStatement, rest: AnalysedStatement): AnalysedStatement {
  return { ...last, sanitized: last.sanitized + rest.sanitized, raw: last.raw + rest.raw };
}

/** Puts operations and targets together, as many as fit. */
export function summaryOf(parts: readonly string[]): string {
  let summary = "";
  for (const part of parts) {
    const longer = summary === "" ? part : `${summary} ${part}`;
    if (longer.length > MAX_SUMMARY_LENGTH) break;
    summary = longer;
  }
  return summary;
}

/** Reads the tokens of one statement. */
class StatementReader {
  readonly #text: string;
  readonly #start: number;
  readonly #summary: SummaryParser = new SummaryParser();
  readonly #nesting: Nesting = new Nesting();
  readonly #setting: SettingReader = new SettingReader();
  #sanitized = "";
  /** Where the part of the text begins that is still to be copied. */
  #copyFrom: number;
  isEmpty = true;

  constructor(text: string, start: number) {
    this.#text = text;
    this.#start = start;
    this.#copyFrom = start;
  }

  endsAt(lexer: SqlLexer): boolean {
    return isSemicolon(lexer) && !this.isEmpty && this.#nesting.isOutside;
  }

  take(lexer: SqlLexer): void {
    if (lexer.kind === "comment") this.#replace(lexer, "");
    else if (lexer.kind !== "space" && !(this.isEmpty && isSemicolon(lexer))) this.#takeToken(lexer);
  }

  finish(end: number): AnalysedStatement {
    this.#sanitized += this.#text.slice(this.#copyFrom, end);
    return {
      parts: this.#summary.finish(),
      sanitized: this.#sanitized,
      raw: this.#text.slice(this.#start, end),
    };
  }

  #takeToken(lexer: SqlLexer): void {
    this.isEmpty = false;
    const token = lexer.kind === "literal" ? "" : lexer.token;
    this.#nesting.push(lexer.kind, token);
    const isValue = this.#setting.isValue(lexer.kind, token);
    if (lexer.kind === "literal" || isBoolean(lexer.kind, token) || isValue) this.#replace(lexer, "?");
    this.#summary.push(isValue ? "literal" : lexer.kind, token);
  }

  #replace(lexer: SqlLexer, placeholder: string): void {
    this.#sanitized += this.#text.slice(this.#copyFrom, lexer.start) + placeholder;
    this.#copyFrom = lexer.end;
  }
}

function isSemicolon(lexer: SqlLexer): boolean {
  return lexer.kind === "symbol" && lexer.token === ";";
}

function isBoolean(kind: string, token: string): boolean {
  if (kind !== "word" || (token.length !== 4 && token.length !== 5)) return false;
  const lower = token.toLowerCase();
  return lower === "true" || lower === "false";
}
