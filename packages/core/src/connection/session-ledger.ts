import type { SessionTrait } from "./session-state.ts";
import type { SessionEffect } from "./statements/session-effect.ts";
import type { StatementFacts } from "./statements/statement-facts.ts";

type Carried = Map<SessionTrait, Map<string, number>>;

/** What is known of a statement that succeeded. */
export interface StatementOutcome {
  /** The command of the server's tag. */
  readonly command: string;
  readonly rowCount: number | null;
  readonly rows: readonly unknown[];
  /** True where the server warned meanwhile, as it does on the unlock of a lock that is not held. */
  readonly hasWarned: boolean;
}

/** These outlive a rollback of the transaction that made them. */
const beyondTransactions: readonly SessionTrait[] = ["advisory_lock", "prepared_statement", "unknown"];

/**
 * What a session carries beyond its transaction, kept from the texts of its statements and their success.
 *
 * It errs on the side of carrying: a trait that is absent is absent on the server, as far as SQL shows it; functions that
 * change the session from within are not seen, except those of the server itself.
 */
export class SessionLedger {
  #carried: Carried = new Map();
  /** The state before the transaction; null while it is the same. */
  #before: Carried | null = null;
  #isInTransaction = false;
  #traits: ReadonlySet<SessionTrait> = new Set();

  get traits(): ReadonlySet<SessionTrait> {
    return this.#traits;
  }

  /** Books a statement that succeeded. */
  completed(facts: StatementFacts, outcome: StatementOutcome): void {
    if (facts.verb === "begin") this.#isInTransaction = true;
    else if (facts.verb !== null) this.#ended(outcome.command !== "ROLLBACK");
    if (facts.effects.length === 0) return;
    if (this.#isInTransaction) this.#before ??= copyOf(this.#carried);
    for (const effect of facts.effects) this.#apply(effect, outcome);
    this.#refresh();
  }

  /** Books the server's word at the end of an operation. */
  settled(isInTransaction: boolean): void {
    this.#isInTransaction = isInTransaction;
    if (!isInTransaction) this.#before = null;
  }

  /** Nothing is carried any more, or what is carried is how the session ought to be. */
  clear(): void {
    this.#carried = new Map();
    this.#before = null;
    this.#refresh();
  }

  #ended(wasCommitted: boolean): void {
    const before = this.#before;
    this.#before = null;
    if (wasCommitted || before === null) return;
    for (const trait of beyondTransactions) before.set(trait, this.#carried.get(trait) ?? new Map());
    this.#carried = before;
    this.#refresh();
  }

  #apply(effect: SessionEffect, outcome: StatementOutcome): void {
    switch (effect.kind) {
      case "carry":
        this.#namesOf(effect.trait).set(effect.name, 1);
        return;
      case "drop":
        if (effect.name === null) this.#carried.delete(effect.trait);
        else this.#namesOf(effect.trait).delete(effect.name);
        return;
      case "lock":
        this.#count(effect.isTry ? outcome.rows.filter(saysTrue).length : (outcome.rowCount ?? 1));
        return;
      case "unlock":
        if (!outcome.hasWarned) this.#count(-(outcome.rowCount ?? 0));
        return;
      case "forget_statements":
        return;
    }
  }

  #count(locks: number): void {
    const names = this.#namesOf("advisory_lock");
    const held = (names.get("") ?? 0) + locks;
    if (held > 0) names.set("", held);
    else names.delete("");
  }

  #namesOf(trait: SessionTrait): Map<string, number> {
    const names = this.#carried.get(trait) ?? new Map<string, number>();
    this.#carried.set(trait, names);
    return names;
  }

  #refresh(): void {
    this.#traits = new Set([...this.#carried].filter(([, names]) => names.size > 0).map(([trait]) => trait));
  }
}

function copyOf(carried: Carried): Carried {
  return new Map([...carried].map(([trait, names]) => [trait, new Map(names)]));
}

/** Whether a row of one column is true, whichever form its reader wanted it in. */
export function saysTrue(row: unknown): boolean {
  return row === true || (typeof row === "object" && row !== null && Object.values(row).includes(true));
}
