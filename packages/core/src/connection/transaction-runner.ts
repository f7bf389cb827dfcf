import { checkLimits, Limit, soonAfterAbort, untilAborted } from "./limit.ts";
import type { TransactionEnd, TransactionObservation } from "./observer.ts";
import { RetryPolicy, type RetryWorld, systemRetryWorld } from "./retry.ts";
import type { Transaction } from "./transaction.ts";
import type { TransactionOptions } from "./transaction-options.ts";

/** How one level of a transaction begins, and who sees it. */
export interface TransactionLevel {
  begin(signal: AbortSignal | null): Promise<Transaction>;
  observe(attempt: number): TransactionObservation | null;
}

type Attempt<T> = { readonly outcome: TransactionEnd["outcome"] } & (
  | { readonly isDone: true; readonly value: T }
  | { readonly isDone: false; readonly error: unknown }
);

/**
 * Runs a callback in a transaction: committed when it resolves, rolled back when it rejects or the limit passes, and tried again as
 * the policy says.
 *
 * A try is repeated only when it is known to have been rolled back, so never after a COMMIT without a verdict.
 */
export async function runLevel<T>(
  level: TransactionLevel,
  callback: (transaction: Transaction) => T | Promise<T>,
  options: TransactionOptions,
  world: RetryWorld = systemRetryWorld,
): Promise<T> {
  checkLimits(options);
  const policy = new RetryPolicy(options.retry ?? null);
  const limit = new Limit(options);
  try {
    for (let attempt = 1; ; attempt += 1) {
      limit.signal?.throwIfAborted();
      const observation = level.observe(attempt);
      const work = (): Promise<Attempt<T>> => tryOnce(level, callback, limit.signal);
      const ending = await (observation === null ? work() : observation.run(work));
      const isRetried =
        !ending.isDone && ending.outcome === "rollback" && policy.allows(attempt, ending.error);
      const error = ending.isDone ? null : ending.error;
      const wasAborted = !ending.isDone && limit.signal?.aborted === true && error === limit.signal.reason;
      observation?.end({ outcome: ending.outcome, error, wasAborted, isRetried });
      if (ending.isDone) return ending.value;
      if (!isRetried) throw ending.error;
      await world.sleep(policy.delayMillis(attempt, world.random()), limit.signal);
    }
  } finally {
    limit.end();
  }
}

/** Never rejects: what became of the try is part of the answer. */
async function tryOnce<T>(
  level: TransactionLevel,
  callback: (transaction: Transaction) => T | Promise<T>,
  signal: AbortSignal | null,
): Promise<Attempt<T>> {
  let transaction: Transaction | null = null;
  try {
    const beginning = level.begin(signal);
    transaction = await soonAfterAbort(beginning, signal, (late) => late.abandon());
    const value = await untilAborted(invoke(callback, transaction), signal);
    // The callback may have ended it by itself.
    if (transaction.fate === "open") await transaction.commit(signal === null ? {} : { signal });
    return { isDone: true, value, outcome: outcomeOf(transaction) };
  } catch (error) {
    // Never rejects by itself; what is left of it goes on in the background, and the session is busy until then.
    if (transaction !== null) await soonAfterAbort(transaction.abandon(), signal).catch(() => {});
    return { isDone: false, error, outcome: transaction === null ? "error" : outcomeOf(transaction) };
  }
}

async function invoke<T>(
  callback: (transaction: Transaction) => T | Promise<T>,
  transaction: Transaction,
): Promise<T> {
  return callback(transaction);
}

function outcomeOf({ fate }: Transaction): TransactionEnd["outcome"] {
  if (fate === "committed") return "commit";
  return fate === "rolled back" ? "rollback" : "error";
}
