import { PoolDeadlockError } from "../errors.ts";
import type { Ledger } from "./ledger.ts";
import type { Slot } from "./slot.ts";
import type { Waiter } from "./waiter.ts";

/**
 * Tells whether nobody can ever be served: the pool is at `max`, every connection is in use, and every one of them is
 * held by a context inside which somebody waits for one more.
 *
 * One connection that is held by anybody else, is opening, closing, or being validated, prepared or reset will come to a
 * waiter, so there is no deadlock yet.
 */
export function isDeadlocked<C, W extends Waiter<Slot<C>>>(ledger: Ledger<C, W>): boolean {
  const { census, sizes, slots, queue, total } = ledger;
  if (queue.nested === 0 || census.acquired < sizes.max || census.acquired !== total) return false;
  for (const slot of slots) {
    const { lessee } = slot;
    if (lessee === null || lessee.waiting === 0) return false;
  }
  return true;
}

/**
 * The waiters to reject so that the others can go on, one after the other until there is no deadlock; null where there is
 * none. It is always the one that came last, for the others had waited when it made the deadlock complete.
 */
export function nextVictim<C, W extends Waiter<Slot<C>>>(ledger: Ledger<C, W>): W | null {
  return isDeadlocked(ledger) ? ledger.queue.lastNested : null;
}

export function deadlockError<C, W extends Waiter<Slot<C>>>(ledger: Ledger<C, W>): PoolDeadlockError {
  return new PoolDeadlockError(ledger.numbers(), ledger.holders());
}
