import type { ResetTier } from "./session-options.ts";
import type { SessionTrait, TransactionStatus } from "./session-state.ts";

/** What DISCARD ALL does, save for the prepared statements. */
const cleanScript = [
  "close all",
  "set session authorization default",
  "reset all",
  "unlisten *",
  "select pg_catalog.pg_advisory_unlock_all()",
  "discard temp",
  "discard sequences",
].join("; ");

/**
 * The scripts that bring a session back to a clean state, in order; none where it is clean.
 *
 * The rollback goes alone, and so does DISCARD ALL, which the server refuses beside other statements.
 *
 * @see {@link https://www.postgresql.org/docs/current/sql-discard.html}
 */
export function resetScripts(
  tier: ResetTier,
  status: TransactionStatus,
  traits: ReadonlySet<SessionTrait>,
): readonly string[] {
  if (tier === "none") return [];
  const rollback = status === "idle" ? [] : ["rollback"];
  if (tier === "rollback") return rollback;
  if (tier === "discard") return [...rollback, "discard all"];
  if (traits.size === 0) return rollback;
  // Statements that were prepared by SQL can only go together with ours.
  const forgets = traits.has("prepared_statement") || traits.has("unknown");
  return [...rollback, forgets ? `${cleanScript}; deallocate all` : cleanScript];
}
