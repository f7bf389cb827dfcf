import type { SessionContext } from "../session-context.ts";
import type { SessionEffect } from "../statements/session-effect.ts";
import type { StatementFacts, TextFacts } from "../statements/statement-facts.ts";

/**
 * Books what the statement of a portal does to its session, batch by batch of its rows.
 *
 * The server may have computed more rows than it has given, as it does for a sort. So a portal that takes locks counts as
 * carrying one until its last row was read; where that never happens, only the release of all locks settles it.
 */
export class PortalBooking {
  readonly #context: SessionContext;
  readonly #facts: StatementFacts;
  /** What the portal carries while its rows are not all read. */
  readonly #portal: string | null;
  #warningsBefore = 0;

  /** @param name - tells the portals of the session apart that are open at the same time. */
  constructor(context: SessionContext, facts: StatementFacts, name: string) {
    this.#context = context;
    this.#facts = facts;
    this.#portal = facts.effects.some(({ kind }) => kind === "lock") ? name : null;
  }

  /** The booking of a text; null where there is nothing to book. */
  static of(context: SessionContext, facts: TextFacts, name: string): PortalBooking | null {
    const [statement] = facts.statements;
    return statement === undefined || !facts.touchesSession
      ? null
      : new PortalBooking(context, statement, name);
  }

  /** Rows are about to be asked for. */
  executing(): void {
    this.#warningsBefore = this.#context.warnings;
  }

  /** The server gave `rowCount` rows and has more. */
  suspended(batch: { rowCount: number; rows: readonly unknown[] }): void {
    const name = this.#portal;
    const open: SessionEffect[] = name === null ? [] : [{ kind: "carry", trait: "advisory_lock", name }];
    // Whatever gives rows neither begins nor ends a transaction.
    this.#book({ ...batch, command: "" }, { verb: null, more: open });
  }

  /**
   * The statement has completed, with these rows as its last; its tag counts no others.
   *
   * @see {@link https://github.com/postgres/postgres/blob/REL_18_STABLE/src/backend/tcop/pquery.c PortalRun}
   */
  completed(last: { command: string; rowCount: number | null; rows: readonly unknown[] }): void {
    const name = this.#portal;
    const closed: SessionEffect[] = name === null ? [] : [{ kind: "drop", trait: "advisory_lock", name }];
    this.#book(last, { verb: this.#facts.verb, more: closed });
    const { effects } = this.#facts;
    if (effects.some(({ kind }) => kind === "forget_statements")) this.#context.statements.clear();
  }

  #book(
    batch: { command: string; rowCount: number | null; rows: readonly unknown[] },
    { verb, more }: { verb: StatementFacts["verb"]; more: readonly SessionEffect[] },
  ): void {
    const { ledger, warnings } = this.#context;
    const { command, effects } = this.#facts;
    const facts = { command, verb, effects: [...effects, ...more] };
    ledger.completed(facts, { ...batch, hasWarned: warnings > this.#warningsBefore });
  }
}
