import { ObjectParser } from "./object-parser.ts";
import type { TokenKind } from "./sql-lexer.ts";
import { CLAUSES, COMMANDS, EXPLAIN_OPTIONS, NESTED_STATEMENTS, SET_OPERATIONS } from "./sql-words.ts";

/** What one pair of parentheses, or the statement itself, is waiting for. */
interface Frame {
  state: "statement" | "body" | "relation" | "relations" | "cte" | "cte body" | "wrapped" | "done";
  /** The operation in force, in upper case. */
  operation: string;
  /** Where a relation leaves the frame. */
  afterRelation: "body" | "relations";
  /** Whether a FROM here names relations, and not a part of a function's arguments. */
  awaitsFrom: boolean;
  awaitsInto: boolean;
  /** After UNION and its like: the next SELECT continues the statement before. */
  continues: boolean;
  /** Whether a bare name in these parentheses is a relation, as in `from (a join b …)`. */
  holdsRelations: boolean;
}

function frame(start: Partial<Frame> = {}): Frame {
  return {
    state: "statement",
    operation: "",
    afterRelation: "body",
    awaitsFrom: false,
    awaitsInto: false,
    continues: false,
    holdsRelations: false,
    ...start,
  };
}

/**
 * Reads the operations and targets of one statement from its tokens, in the order in which they stand, as the convention has it.
 *
 * It knows no grammar, only where names of relations and objects can stand; what it does not understand it leaves out.
 *
 * @see {@link https://opentelemetry.io/docs/specs/semconv/db/database-spans/#generating-a-summary-of-the-query}
 */
export class SummaryParser {
  /** Operations and targets as they are written. */
  readonly parts: string[] = [];
  readonly #outer: Frame[] = [];
  readonly #ctes: Set<string> = new Set();
  #frame: Frame = frame();
  /** Reads the rest of a command on objects. */
  #objects: ObjectParser | null = null;
  /** A target that may go on after a dot. */
  #name = "";
  #isAfterDot = false;
  #lastWord = "";

  /** Takes the next token that is neither space nor comment. */
  push(kind: TokenKind, token: string): void {
    if (kind === "symbol" && token === ".") {
      this.#isAfterDot = true;
      return;
    }
    const isPart = this.#isAfterDot;
    this.#isAfterDot = false;
    if (kind === "word" || kind === "quoted") {
      if (isPart) this.#name = this.#name === "" ? "" : `${this.#name}.${token}`;
      else this.#pushName(kind, token);
      return;
    }
    this.#endName();
    this.#lastWord = "";
    if (kind === "symbol") this.#symbol(token);
    else if (this.#frame.state === "relation" || this.#frame.state === "statement")
      this.#frame.state = "body";
  }

  /** Ends the statement. */
  finish(): readonly string[] {
    this.#endName();
    return this.parts;
  }

  #pushName(kind: TokenKind, token: string): void {
    this.#endName();
    const upper = kind === "word" ? token.toUpperCase() : "";
    this.#word(token, upper);
    this.#lastWord = upper;
  }

  #word(token: string, upper: string): void {
    const { state } = this.#frame;
    if (this.#objects !== null) this.#object(this.#objects, token, upper);
    else if (state === "statement") this.#begin(token, upper);
    else if (state === "relation") this.#relation(token, upper);
    else if (state === "cte") this.#cte(token, upper);
    else if (state === "cte body") this.#afterCte(token, upper);
    else if (state === "wrapped") this.#wrapped(upper);
    else if (state === "body" || state === "relations") this.#clause(token, upper);
  }

  #begin(token: string, upper: string): void {
    const current = this.#frame;
    const isNested = this.#outer.length > 0;
    if (SET_OPERATIONS.has(upper)) this.#clause(token, upper);
    else if (isNested && !NESTED_STATEMENTS.has(upper)) this.#beginOther(token, upper);
    else if (current.operation !== "EXPLAIN" || !EXPLAIN_OPTIONS.has(upper)) this.#command(token, upper);
  }

  /** Parentheses that hold no statement. */
  #beginOther(token: string, upper: string): void {
    this.#frame.state = "body";
    if (this.#frame.holdsRelations) this.#relation(token, upper);
  }

  #command(token: string, upper: string): void {
    const current = this.#frame;
    const shape = COMMANDS.get(upper) ?? "unknown";
    const isContinued = current.continues && upper === "SELECT";
    if (shape !== "unknown" && upper !== "WITH" && !isContinued) this.parts.push(token);
    current.continues = false;
    current.operation = upper;
    if (shape === "query") this.#beginQuery(upper);
    else if (shape === "wrapper") current.state = "wrapped";
    else if (shape === "bare" || shape === "unknown") current.state = "done";
    else if (shape !== "prefix") {
      this.#objects = new ObjectParser({ hasKind: shape !== "name", takesList: shape === "objects" });
    }
  }

  #beginQuery(upper: string): void {
    const current = this.#frame;
    current.state = upper === "WITH" ? "cte" : "body";
    current.awaitsFrom = upper === "SELECT" || upper === "DELETE";
    current.awaitsInto = upper === "SELECT" || upper === "INSERT" || upper === "MERGE";
    if (upper === "UPDATE" || upper === "TABLE" || upper === "COPY") this.#expect("body");
  }

  #expect(afterwards: Frame["afterRelation"]): void {
    this.#frame.state = "relation";
    this.#frame.afterRelation = afterwards;
  }

  #relation(token: string, upper: string): void {
    if (upper === "ONLY" || upper === "LATERAL") return;
    this.#frame.state = this.#frame.holdsRelations ? "relations" : this.#frame.afterRelation;
    this.#name = token;
  }

  #cte(token: string, upper: string): void {
    if (upper === "RECURSIVE") return;
    this.#ctes.add(token.toLowerCase());
    this.#frame.state = "cte body";
  }

  #afterCte(token: string, upper: string): void {
    if (NESTED_STATEMENTS.has(upper)) this.#begin(token, upper);
  }

  #object(objects: ObjectParser, token: string, upper: string): void {
    const role = objects.word(upper);
    if (role === "operation") this.parts.push(token);
    else if (role === "target") this.#name = token;
  }

  #wrapped(upper: string): void {
    if (upper === "AS" || upper === "FOR") this.#frame.state = "statement";
  }

  #clause(token: string, upper: string): void {
    const current = this.#frame;
    if (SET_OPERATIONS.has(upper)) {
      current.state = "body";
      current.continues = true;
    } else if (upper === "SELECT" && (current.continues || current.operation === "INSERT")) {
      this.#begin(token, upper);
    } else if (upper === "WITH" && current.operation === "INSERT") current.state = "cte";
    else if (upper === "FROM" && current.awaitsFrom && this.#lastWord !== "DISTINCT") this.#from();
    else if (upper === "INTO" && current.awaitsInto) this.#into();
    else if (upper === "USING" && (current.operation === "DELETE" || current.operation === "MERGE"))
      this.#from();
    else if (upper === "JOIN" && current.state === "relations") this.#expect("relations");
    else if (CLAUSES.has(upper)) this.#leaveRelations(upper);
  }

  #from(): void {
    this.#frame.awaitsFrom = false;
    this.#expect("relations");
  }

  #into(): void {
    this.#frame.awaitsInto = false;
    this.#expect("body");
  }

  #leaveRelations(upper: string): void {
    this.#frame.state = "body";
    if (upper === "SET" && this.#frame.operation === "UPDATE") this.#frame.awaitsFrom = true;
  }

  #symbol(token: string): void {
    const current = this.#frame;
    if (this.#objects !== null) this.#objects.symbol(token);
    else if (token === "(") this.#open();
    else if (token === ")") this.#frame = this.#outer.pop() ?? current;
    else if (token === "," && current.state === "relations") current.state = "relation";
    else if (token === "," && current.state === "cte body") current.state = "cte";
    else if (current.state === "relation") current.state = "body";
  }

  #open(): void {
    const current = this.#frame;
    const holdsRelations = current.state === "relation";
    if (holdsRelations) current.state = current.afterRelation;
    this.#outer.push(current);
    this.#frame = frame({ holdsRelations, afterRelation: "relations", continues: current.continues });
  }

  #endName(): void {
    if (this.#name !== "" && !this.#ctes.has(this.#name.toLowerCase())) this.parts.push(this.#name);
    this.#name = "";
  }
}
