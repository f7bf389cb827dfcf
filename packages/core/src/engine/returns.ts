import type { Closer } from "./closer.ts";
import type { HandOut } from "./hand-out.ts";
import type { Ledger } from "./ledger.ts";
import type { CloseReason } from "./ports.ts";
import type { Slot } from "./slot.ts";
import type { Waiter } from "./waiter.ts";

/** What happens to a connection when its lease ends. */
export class Returns<C, W extends Waiter<Slot<C>>> {
  readonly #ledger: Ledger<C, W>;
  readonly #closer: Closer<C, W>;
  readonly #handOut: HandOut<C, W>;
  readonly #turn: (now: number) => void;

  /** @param turn - called when something may have become possible that was not before. */
  constructor(
    ledger: Ledger<C, W>,
    parts: { closer: Closer<C, W>; handOut: HandOut<C, W> },
    turn: (now: number) => void,
  ) {
    this.#ledger = ledger;
    this.#closer = parts.closer;
    this.#handOut = parts.handOut;
    this.#turn = turn;
  }

  release(slot: Slot<C>): void {
    const now = this.#endLease(slot);
    if (now === null) return;
    const verdict = this.#ledger.verdictOn(slot, now);
    if (verdict !== null) this.#closer.close(slot, verdict, now);
    else if (this.#reset(slot, now)) this.#handOut.deliverSound(slot, now);
    else return;
    this.#turn(now);
  }

  discard(slot: Slot<C>, reason: CloseReason): void {
    const now = this.#endLease(slot);
    if (now === null) return;
    this.#closer.close(slot, slot.doom ?? reason, now);
    this.#turn(now);
  }

  /** The time at which the lease ended; null where there is none. */
  #endLease(slot: Slot<C>): number | null {
    const { state } = slot;
    if (state.name !== "acquired") return null;
    const { clock, counters, observer } = this.#ledger;
    const now = clock.now();
    counters.releases += 1;
    counters.useMillis += now - state.since;
    observer?.released(slot, now - state.since);
    return now;
  }

  /** Cleans the session; true where it was clean already. */
  #reset(slot: Slot<C>, now: number): boolean {
    const { connector, alarms, options, counters } = this.#ledger;
    const task = this.#handOut.task();
    let reset: Promise<void> | null;
    try {
      reset = connector.reset(slot.connection, task);
    } catch (error) {
      reset = Promise.reject(error);
    }
    if (reset === null) return true;
    counters.releasesDirty += 1;
    slot.moveTo({ name: "resetting", since: now, task });
    task.watch(
      reset,
      { alarms, timeoutMillis: options.resetTimeoutMillis, now },
      {
        succeeded: () => this.#cleaned(slot),
        failed: () => {
          const later = this.#ledger.clock.now();
          this.#closer.close(slot, "reset", later);
          this.#turn(later);
        },
      },
    );
    return false;
  }

  #cleaned(slot: Slot<C>): void {
    const now = this.#ledger.clock.now();
    this.#ledger.counters.resets += 1;
    this.#handOut.deliver(slot, now);
    this.#turn(now);
  }
}
