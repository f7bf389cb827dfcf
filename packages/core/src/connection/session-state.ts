/** What a session can carry beyond the transaction, each a reason to keep or reset it. */
export type SessionTrait =
  | "settings"
  | "listen"
  | "temporary_table"
  | "held_cursor"
  | "advisory_lock"
  | "prepared_statement"
  | "role"
  | "unknown";

/** The server's own word from the last ReadyForQuery. */
export type TransactionStatus = "idle" | "transaction" | "failed";
