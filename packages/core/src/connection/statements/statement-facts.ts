import { effectsOf, type SessionEffect } from "./session-effect.ts";
import { lexSql, type SqlToken } from "./sql-lexer.ts";

/** How a statement moves the transaction. */
export type TransactionVerb = "begin" | "commit" | "rollback";

/** What the text of one statement tells. */
export interface StatementFacts {
  /** Its first word, in lower case; empty where there is none. */
  readonly command: string;
  readonly verb: TransactionVerb | null;
  readonly effects: readonly SessionEffect[];
}

/** What a text tells, without asking the server. */
export interface TextFacts {
  readonly statements: readonly StatementFacts[];
  /** One statement whose plan is worth keeping: one that reads or writes rows. */
  readonly isPreparable: boolean;
  /**
   * One statement that reads or writes rows and neither changes the session nor depends on what it did before, so that it
   * may run between the statements of others.
   */
  readonly isIndependent: boolean;
  /** True where some statement changes the session or the transaction. */
  readonly touchesSession: boolean;
}

const rowCommands: ReadonlySet<string> = new Set([
  "select",
  "insert",
  "update",
  "delete",
  "merge",
  "values",
  "with",
  "table",
]);

/** Texts longer than this are not read further: what follows is data far more often than a command. */
const maxReadLength = 64 * 1024;
const maxRemembered = 1_000;
const maxRememberedLength = 4 * 1024;

/** A text that begins like this and holds none of `suspicious` needs no closer look. */
const plain = /^\s*(select|insert|update|delete|merge|values|with|table)\b/i;
const suspicious = /;|set_config|advisory|temp|currval|lastval/i;

const remembered = new Map<string, TextFacts>();

/**
 * Tells what a text does; remembers the answers for short texts.
 *
 * @throws {TypeError} what is given is no text that could be sent.
 */
export function factsOf(text: string): TextFacts {
  const known = remembered.get(text);
  if (known !== undefined) return known;
  const facts = readFacts(text);
  if (text.length <= maxRememberedLength) {
    if (remembered.size === maxRemembered) remembered.clear();
    remembered.set(text, facts);
  }
  return facts;
}

function readFacts(text: string): TextFacts {
  if (typeof text !== "string") throw new TypeError("the text of a statement must be a string");
  // The protocol ends texts with this character; the server would read on in the middle of one.
  if (text.includes("\0")) throw new TypeError("the text of a statement can't hold the character U+0000");
  const command = plain.exec(text)?.[1]?.toLowerCase();
  if (command !== undefined && !suspicious.test(text)) {
    const statement: StatementFacts = { command, verb: null, effects: [] };
    return { statements: [statement], isPreparable: true, isIndependent: true, touchesSession: false };
  }
  const cut = cutStatements(lexSql(text.slice(0, maxReadLength)));
  const statements = cut.map(factsOfStatement);
  const isPreparable = statements.length === 1 && rowCommands.has(statements[0]?.command ?? "");
  const touchesSession = statements.some(({ verb, effects }) => verb !== null || effects.length > 0);
  const dependsOnSession = cut.some((tokens) => tokens.some(({ text: word }) => sessionWord.test(word)));
  return {
    statements,
    isPreparable,
    isIndependent: isPreparable && !touchesSession && !dependsOnSession,
    touchesSession,
  };
}

/** Words of statements whose answer depends on the session, or which could make their neighbours wait. */
const sessionWord = /^(currval|lastval|pg_temp|pg_.*advisory.*)$/;

/**
 * Cuts at semicolons, except within parentheses (CREATE RULE) and within a body between BEGIN ATOMIC and END.
 *
 * @see {@link https://www.postgresql.org/docs/current/sql-createfunction.html}
 */
function cutStatements(tokens: Iterable<SqlToken>): SqlToken[][] {
  const statements: SqlToken[][] = [];
  let current: SqlToken[] = [];
  let parentheses = 0;
  let blocks = 0;
  for (const token of tokens) {
    if (token.kind === "symbol" && token.text === ";" && parentheses === 0 && blocks === 0) {
      if (current.length > 0) statements.push(current);
      current = [];
      continue;
    }
    if (token.kind === "symbol") parentheses = Math.max(0, parentheses + parenthesisStep(token.text));
    if (token.kind === "word") blocks = Math.max(0, blocks + blockStep(token.text, current, blocks));
    current.push(token);
  }
  if (current.length > 0) statements.push(current);
  return statements;
}

function parenthesisStep(symbol: string): number {
  return symbol === "(" ? 1 : symbol === ")" ? -1 : 0;
}

function blockStep(word: string, before: readonly SqlToken[], blocks: number): number {
  if (word === "atomic" && before.at(-1)?.text === "begin") return 1;
  if (blocks === 0) return 0;
  return word === "case" ? 1 : word === "end" ? -1 : 0;
}

function factsOfStatement(tokens: readonly SqlToken[]): StatementFacts {
  // A statement can begin with the parenthesis of a subquery.
  const first = tokens.find((token) => token.text !== "(");
  const command = first?.kind === "word" ? first.text : "";
  return { command, verb: verbOf(command, tokens), effects: effectsOf(tokens) };
}

function verbOf(command: string, tokens: readonly SqlToken[]): TransactionVerb | null {
  switch (command) {
    case "begin":
    case "start":
      return "begin";
    case "commit":
    case "end":
      return "commit";
    case "prepare":
      return tokens[1]?.text === "transaction" ? "commit" : null;
    case "rollback":
    case "abort":
      return tokens.some(({ text }) => text === "to" || text === "prepared") ? null : "rollback";
    default:
      return null;
  }
}
