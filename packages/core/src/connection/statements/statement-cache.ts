import { randomBytes } from "node:crypto";
import type { RowShape } from "../rows/row-shape.ts";

/** A statement that is kept prepared on the server. */
export class Statement {
  readonly text: string;
  readonly name: string;
  /** True once a Parse is on its way: later runs are behind it in line. */
  isSent = false;
  isParsed = false;
  /** Null where the statement gives no rows, or has not been described. */
  shape: RowShape | null = null;
  /** How many runs are under way. */
  runs = 0;
  usedAt = 0;

  constructor(text: string, name: string) {
    this.text = text;
    this.name = name;
  }
}

/**
 * The prepared statements of one session; the one that was not used for longest makes room.
 *
 * Names are unique beyond the session: behind a pooler that hands a server from one client to another, a name of a
 * second client must never find the statement of the first.
 */
export class StatementCache {
  readonly #capacity: number;
  readonly #prefix = `rp_${randomBytes(6).toString("hex")}_`;
  readonly #statements = new Map<string, Statement>();
  #closing: string[] = [];
  #made = 0;
  #now = 0;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get isEnabled(): boolean {
    return this.#capacity > 0;
  }

  get size(): number {
    return this.#statements.size;
  }

  /** The statement of a text, new where it is not known. */
  find(text: string): Statement {
    const statement = this.#statements.get(text) ?? this.#add(text);
    this.#now += 1;
    statement.usedAt = this.#now;
    return statement;
  }

  /** Forgets a statement that the server does not have, or whose plan has become wrong. */
  remove(statement: Statement): void {
    if (this.#statements.get(statement.text) === statement) this.#statements.delete(statement.text);
    if (statement.isParsed) this.#closing.push(statement.name);
    statement.isParsed = false;
  }

  /** Forgets all: the server has none left. */
  clear(): void {
    this.#statements.clear();
    this.#closing = [];
  }

  /** The names that the server should forget, once. */
  takeClosing(): readonly string[] {
    if (this.#closing.length === 0) return this.#closing;
    const names = this.#closing;
    this.#closing = [];
    return names;
  }

  #add(text: string): Statement {
    if (this.#statements.size >= this.#capacity) this.#evict();
    this.#made += 1;
    const statement = new Statement(text, `${this.#prefix}${this.#made}`);
    this.#statements.set(text, statement);
    return statement;
  }

  #evict(): void {
    let oldest: Statement | null = null;
    for (const statement of this.#statements.values()) {
      if (statement.runs === 0 && (oldest === null || statement.usedAt < oldest.usedAt)) oldest = statement;
    }
    if (oldest !== null) this.remove(oldest);
  }
}
