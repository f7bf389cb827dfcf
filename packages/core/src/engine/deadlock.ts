import { PoolDeadlockError } from "../errors.ts";
import { Reminder } from "./alarm.ts";
import type { Holder } from "./holder.ts";
import type { Ledger } from "./ledger.ts";
import type { Slot } from "./slot.ts";
import type { Waiter } from "./waiter.ts";

/** A holder that can go on does so within a turn of the event loop, and between two timers there is a whole one. */
const turnMillis = 1;
/** While a holder is at work, the next look comes later and later, up to here. */
const longestPauseMillis = 16;

/**
 * Tells whether everything waits for itself: the pool is at `max`, every connection is in use, and every one of them is
 * held by a context inside which somebody waits for one more.
 *
 * One connection that is held by anybody else, is opening, closing, or being validated, prepared or reset will come to a
 * waiter, so there is no deadlock yet.
 */
function isDeadlocked<C, W extends Waiter<Slot<C>>>(ledger: Ledger<C, W>): boolean {
  const { census, sizes, slots, queue, total } = ledger;
  if (queue.nested === 0 || census.acquired < sizes.max || census.acquired !== total) return false;
  for (const slot of slots) {
    const { lessee } = slot;
    if (lessee === null || lessee.waiting === 0) return false;
  }
  return true;
}

/** Who came last of those that wait inside a holder, and how far all holders had come; null while one of them is at work. */
interface Sighting<W> {
  readonly last: W | null;
  readonly progress: number | null;
}

/** Who is told of a deadlock. */
interface Judge<W> {
  turnAway(waiter: W, reason: Error): void;
}

/**
 * Ends deadlocks by rejecting one waiter after the other.
 *
 * That somebody waits inside a callback does not prove that the callback waits for it: it may go on with the connection that
 * it holds. So a deadlock is believed only after a whole turn of the event loop in which no holder had anything under way on
 * its connection, sent anything or asked for another connection. A callback that does nothing of the kind for so long,
 * but sleeps or waits for something else, cannot be told from one that is stuck.
 */
export class DeadlockWatch<C, W extends Waiter<Slot<C>>> {
  readonly #ledger: Ledger<C, W>;
  readonly #judge: Judge<W>;
  readonly #nextLook: Reminder;
  /** What the last look saw of a deadlock that is not believed yet; null before there was one. */
  #seen: Sighting<W> | null = null;
  #pauseMillis = turnMillis;

  constructor(ledger: Ledger<C, W>, judge: Judge<W>) {
    this.#ledger = ledger;
    this.#judge = judge;
    this.#nextLook = new Reminder((now) => this.#lookAgain(now));
  }

  /** Called whenever something may have made a deadlock complete. */
  look(now: number): void {
    if (this.#ledger.options.nestedAcquire !== "throw" || this.#nextLook.isSet) return;
    if (isDeadlocked(this.#ledger)) this.#suspect(null, turnMillis, now);
  }

  #lookAgain(now: number): void {
    const before = this.#seen;
    this.#seen = null;
    if (!isDeadlocked(this.#ledger)) return;
    const last = this.#ledger.queue.findLast((waiter) => waiter.holder !== null);
    const seen = { last, progress: this.#progress() };
    if (seen.progress === null) {
      this.#suspect(seen, Math.min(longestPauseMillis, this.#pauseMillis * 2), now);
    } else if (seen.progress !== before?.progress || seen.last !== before.last) {
      this.#suspect(seen, turnMillis, now);
    } else {
      this.#condemn();
      this.look(now);
    }
  }

  #suspect(seen: Sighting<W> | null, pauseMillis: number, now: number): void {
    this.#seen = seen;
    this.#pauseMillis = pauseMillis;
    this.#ledger.alarms.set(this.#nextLook, pauseMillis, now);
  }

  /** How far all holders together have come; null while one of them is at work. */
  #progress(): number | null {
    const { slots, connector } = this.#ledger;
    let sum = 0;
    for (const slot of slots) {
      const progress = connector.progressOf(slot.connection);
      if (progress === null) return null;
      sum += progress + slot.useCount;
    }
    return sum;
  }

  /** Always the one that came last, for the others had waited when it made the deadlock complete. */
  #condemn(): void {
    const { slots, queue } = this.#ledger;
    const holding = new Set<Holder | null>();
    for (const slot of slots) holding.add(slot.lessee);
    const victim = queue.findLast((waiter) => isInside(waiter.holder, holding));
    if (victim === null) return;
    this.#ledger.counters.deadlocks += 1;
    const error = new PoolDeadlockError(this.#ledger.numbers(), this.#ledger.holders(), victim.stack);
    this.#judge.turnAway(victim, error);
  }
}

/** A context that outlived its own lease is in nobody's way. */
function isInside(innermost: Holder | null, holding: ReadonlySet<Holder | null>): boolean {
  for (let holder = innermost; holder !== null; holder = holder.parent) if (holding.has(holder)) return true;
  return false;
}
