import type { DatabaseLease, SessionTrait } from "../database.ts";
import { said } from "../said.ts";

/** What would be lost, by trait. What is unknown is no reason: the pool cleans it, and every DO block would keep its connection. */
const TRAIT_REASONS: Readonly<Record<SessionTrait, string | null>> = {
  settings: said("session settings"),
  listen: said("LISTEN"),
  temporary_table: said("temporary table"),
  held_cursor: said("held cursor"),
  advisory_lock: said("advisory lock"),
  prepared_statement: said("prepared statement"),
  role: said("SET ROLE"),
  unknown: null,
};

/** What giving a connection back would lose, in words. */
export function carriedBy({
  transactionStatus,
  traits,
}: Pick<DatabaseLease, "transactionStatus" | "traits">): string[] {
  const carried: string[] = [];
  if (transactionStatus === "transaction") carried.push(said("open transaction"));
  if (transactionStatus === "failed") carried.push(said("failed transaction"));
  for (const trait of traits) {
    const reason = TRAIT_REASONS[trait];
    if (reason !== null) carried.push(reason);
  }
  return carried;
}
