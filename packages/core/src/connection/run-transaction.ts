import type { RetryWorld } from "./retry.ts";
import type { Session } from "./session.ts";
import { Transaction } from "./transaction.ts";
import type { TransactionOptions } from "./transaction-options.ts";
import { runLevel } from "./transaction-runner.ts";

/** Runs a callback in a transaction of a session; `open` gives the session for as long as its holder may use it. */
export async function runTransaction<T>(
  open: () => Session,
  callback: (transaction: Transaction) => T | Promise<T>,
  options: TransactionOptions,
  world?: RetryWorld,
): Promise<T> {
  const { isolation, readOnly, deferrable } = options;
  const begin = (signal: AbortSignal | null): Promise<Transaction> =>
    Transaction.begin(open, { isolation, readOnly, deferrable }, signal);
  const observe = (attempt: number) => {
    const { observer, identity, scope } = open();
    return observer?.transactionStarted?.(identity, { isolation: isolation ?? null, attempt, scope }) ?? null;
  };
  return runLevel({ begin, observe }, callback, options, world);
}
