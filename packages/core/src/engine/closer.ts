import type { Ledger } from "./ledger.ts";
import type { CloseReason } from "./ports.ts";
import type { Slot } from "./slot.ts";
import { Task } from "./task.ts";
import type { Waiter } from "./waiter.ts";

/** Ends connections. One that is closing counts against `max` until its socket is gone or has been destroyed. */
export class Closer<C, W extends Waiter<Slot<C>>> {
  readonly #ledger: Ledger<C, W>;
  readonly #onClosed: (now: number) => void;

  /** @param onClosed - called when a connection has gone and there is room for another. */
  constructor(ledger: Ledger<C, W>, onClosed: (now: number) => void) {
    this.#ledger = ledger;
    this.#onClosed = onClosed;
  }

  /** Closes one that lies among the idle ones. */
  closeIdle(slot: Slot<C>, reason: CloseReason, now: number): void {
    this.#ledger.idle.take(slot);
    this.close(slot, reason, now);
  }

  /** Closes one politely, and roughly once `closeTimeoutMillis` have passed. It is not among the idle ones. */
  close(slot: Slot<C>, reason: CloseReason, now: number): void {
    const { connector, observer, alarms, options } = this.#ledger;
    this.#interrupt(slot);
    const task = new Task();
    slot.moveTo({ name: "closing", since: now, reason, task });
    observer?.closing(slot, reason);
    let closed: Promise<void>;
    try {
      closed = connector.close(slot.connection, reason);
    } catch (error) {
      closed = Promise.reject(error);
    }
    task.watch(
      closed,
      { alarms, timeoutMillis: options.closeTimeoutMillis, now },
      {
        succeeded: () => this.#finish(slot, reason),
        failed: () => this.#cut(slot, reason),
      },
    );
  }

  /** Sees to it that a connection is never used again: at once where nobody holds it, else when it comes back. */
  doom(slot: Slot<C>, reason: CloseReason, now: number): void {
    const { name } = slot.state;
    if (name === "closing" || name === "closed") return;
    slot.doom = reason;
    if (slot.isListed) this.closeIdle(slot, reason, now);
    else if (name !== "acquired" && name !== "idle") this.close(slot, reason, now);
  }

  /** Ends the socket of one that is in use or closing, without waiting for anybody. */
  destroy(slot: Slot<C>, now: number): void {
    const { state } = slot;
    if (state.name === "closing") {
      state.task.cancel();
      this.#cut(slot, state.reason);
      return;
    }
    const reason: CloseReason = "shutdown";
    this.#interrupt(slot);
    slot.moveTo({ name: "closing", since: now, reason, task: new Task() });
    this.#ledger.observer?.closing(slot, reason);
    this.#cut(slot, reason);
  }

  #interrupt(slot: Slot<C>): void {
    const { state } = slot;
    this.#ledger.idle.forfeit(slot);
    if (state.name === "validating" || state.name === "preparing" || state.name === "resetting") {
      state.task.cancel();
    }
  }

  #cut(slot: Slot<C>, reason: CloseReason): void {
    try {
      this.#ledger.connector.destroy(slot.connection);
    } catch {
      // Its socket has failed already; what counts is that the slot becomes free.
    }
    this.#finish(slot, reason);
  }

  #finish(slot: Slot<C>, reason: CloseReason): void {
    const { clock, slots, counters, observer } = this.#ledger;
    const now = clock.now();
    slot.moveTo({ name: "closed", since: now, reason });
    slots.delete(slot);
    counters.closed[reason] += 1;
    observer?.closed(slot, reason);
    this.#onClosed(now);
  }
}
