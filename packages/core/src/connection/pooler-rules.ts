import { ConfigError } from "../errors.ts";
import type { SessionTrait } from "./session-state.ts";
import type { TextFacts } from "./statements/statement-facts.ts";

const remedies: Readonly<Record<SessionTrait, string | null>> = {
  settings: "a session setting; use SET LOCAL, or set_config with is_local, in a transaction",
  role: "a session role; use SET LOCAL ROLE in a transaction",
  listen: "LISTEN; listen on a connection that goes to the server itself",
  temporary_table: "a temporary table that outlives its transaction; use ON COMMIT DROP in a transaction",
  held_cursor: "a cursor WITH HOLD; use one without in a transaction",
  advisory_lock: "a session advisory lock; use pg_advisory_xact_lock in a transaction",
  prepared_statement: "PREPARE; pass values to query() instead",
  unknown: null,
};

/**
 * Refuses what would stay behind on a server that another client is given next.
 *
 * @throws {ConfigError} a statement of the text changes the session beyond its transaction.
 * @see {@link https://www.pgbouncer.org/features.html}
 */
export function refuseSessionState(facts: TextFacts): void {
  for (const { effects } of facts.statements) {
    for (const effect of effects) {
      const trait = effect.kind === "carry" ? effect.trait : effect.kind === "lock" ? "advisory_lock" : null;
      const remedy = trait === null ? null : remedies[trait];
      if (remedy !== null)
        throw new ConfigError(`pooler: 'transaction' rules out ${remedy}`, { source: "pooler" });
    }
  }
}
