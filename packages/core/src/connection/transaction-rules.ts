import { TransactionStateError } from "../errors.ts";
import { isServerError } from "./server-error.ts";
import type { Session } from "./session.ts";
import { factsOf } from "./statements/statement-facts.ts";

/** What became of a transaction; `unknown` where COMMIT was never answered. */
export type TransactionFate = "open" | "ending" | "committed" | "rolled back" | "unknown";

/** What all levels of one transaction share. */
export interface TransactionRecord {
  readonly isReadOnly: boolean;
  /** The id by which the server knows it; null until it writes. */
  id: string | null;
  /** The error that made the server refuse everything but a rollback. */
  failure: unknown;
  savepoints: number;
}

/** @throws {TransactionStateError} the session is in a transaction, whoever began it. */
export function refuseSecond(session: Session, isOpen: boolean): void {
  const isInside = !session.isLost && session.transactionStatus !== "idle";
  if (!isInside && !isOpen) return;
  throw new TransactionStateError(
    `connection ${session.identity.id} is in a transaction: nest with that transaction's begin() or transaction(), or end it first`,
  );
}

/**
 * A transaction that ends without its object's knowledge would be reported as committed when it was rolled back.
 *
 * @throws {TransactionStateError} a statement of the text would end the transaction.
 */
export function refuseEnd(text: string): void {
  const isEnd = factsOf(text).statements.some(({ verb }) => verb === "commit" || verb === "rollback");
  if (!isEnd) return;
  throw new TransactionStateError(
    "a transaction is ended by commit() and rollback(), or by the end of its callback, and not by a statement",
  );
}

/** The error for a COMMIT that would find no transaction. */
export function endedUnseen(): TransactionStateError {
  return new TransactionStateError(
    "a statement has ended the transaction, and whether it was committed is unknown; use commit() and rollback()",
  );
}

/** Why a transaction, or a savepoint, can't be used any more. */
export function endedMessage(savepoint: string | null, fate: TransactionFate): string {
  const subject = savepoint === null ? "transaction" : "savepoint";
  if (fate === "ending") return `the ${subject} is being ended; wait for that`;
  if (fate === "unknown") return `the ${subject} ended and its outcome is unknown; begin a new one`;
  return `the ${subject} was ${fate}; begin a new one`;
}

/** That a transaction has failed says less than what made it fail. */
export function explained(error: unknown, failure: unknown): unknown {
  const isConsequence =
    error === null || (error instanceof Error && "code" in error && error.code === "25P02");
  if (!isConsequence) return error;
  return (
    failure ?? error ?? new TransactionStateError("the transaction had failed, so the server rolled it back")
  );
}

/** Null where the holder may not use the session any more. */
export function heldSession(open: () => Session): Session | null {
  try {
    return open();
  } catch {
    return null;
  }
}

/** Whether the caller gave up before the server has answered. */
export function isUnanswered(session: Session, error: unknown): boolean {
  return session.isBusy && !isServerError(error);
}
