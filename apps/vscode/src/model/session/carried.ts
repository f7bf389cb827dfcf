import type { DatabaseLease, SessionTrait } from "../database.ts";

/** What would be lost, by trait. What is unknown is no reason: the pool cleans it, and every DO block would keep its connection. */
const TRAIT_REASONS: Readonly<Record<SessionTrait, string | null>> = {
  settings: "session settings",
  listen: "LISTEN",
  temporary_table: "temporary table",
  held_cursor: "held cursor",
  advisory_lock: "advisory lock",
  prepared_statement: "prepared statement",
  role: "SET ROLE",
  unknown: null,
};

/** What giving a connection back would lose, in words. */
export function carriedBy({
  transactionStatus,
  traits,
}: Pick<DatabaseLease, "transactionStatus" | "traits">): string[] {
  const carried: string[] = [];
  if (transactionStatus === "transaction") carried.push("open transaction");
  if (transactionStatus === "failed") carried.push("failed transaction");
  for (const trait of traits) {
    const reason = TRAIT_REASONS[trait];
    if (reason !== null) carried.push(reason);
  }
  return carried;
}
