import { PoolClosedError } from "../errors.ts";
import { Reminder } from "./alarm.ts";
import type { Closer } from "./closer.ts";
import type { Dialer } from "./dialer.ts";
import type { Ledger } from "./ledger.ts";
import type { Reception } from "./reception.ts";
import type { Slot } from "./slot.ts";
import type { Waiter } from "./waiter.ts";

/** How long a lease has to come back after it was cancelled, and a closing connection to close, before both are destroyed. */
const graceMillis = 500;

export interface EngineCloseOptions<C> {
  /** How long to wait for leases before they are cancelled; null = for as long as it takes. */
  readonly timeoutMillis: number | null;
  /** Cancels what runs on a lease that outlived the timeout, so that its holder can give it back. */
  cancelLease(slot: Slot<C>): void;
}

/**
 * The end of a pool, in stages that are each bounded: turn the waiters away and close what nobody holds; wait for leases;
 * cancel them; destroy what is left.
 */
export class Shutdown<C, W extends Waiter<Slot<C>>> {
  readonly #ledger: Ledger<C, W>;
  readonly #parts: { closer: Closer<C, W>; dialer: Dialer<C, W>; reception: Reception<C, W> };
  readonly #turn: (now: number) => void;
  readonly #nextStage: Reminder;
  #drained: Promise<void> | null = null;
  #closed: Promise<void> | null = null;
  #cancelLease: ((slot: Slot<C>) => void) | null = null;

  /** @param turn - called when those who wait can be served again. */
  constructor(
    ledger: Ledger<C, W>,
    parts: { closer: Closer<C, W>; dialer: Dialer<C, W>; reception: Reception<C, W> },
    turn: (now: number) => void,
  ) {
    this.#ledger = ledger;
    this.#parts = parts;
    this.#turn = turn;
    this.#nextStage = new Reminder((now) => {
      if (this.#cancelLease === null) this.#destroyAll(now);
      else this.#cancelAll(this.#cancelLease, now);
    });
  }

  drain(): Promise<void> {
    const ledger = this.#ledger;
    if (ledger.phase === "open") {
      ledger.phase = "draining";
      // Those who wait must be served, or it would never end.
      ledger.isSuspended = false;
      this.#turn(ledger.clock.now());
    }
    this.#drained ??= new Promise((resolve) => {
      ledger.latches.add({
        isMet: () =>
          ledger.queue.length === 0 && ledger.census.acquired === 0 && ledger.census.resetting === 0,
        settle: () => resolve(),
      });
      ledger.latches.check();
    });
    return this.#drained;
  }

  close(options: EngineCloseOptions<C>): Promise<void> {
    const now = this.#ledger.clock.now();
    if (this.#closed === null) {
      this.#cancelLease = (slot) => options.cancelLease(slot);
      this.#closed = this.#whenGone();
      this.#begin(now);
    }
    const isWaitingForLeases = this.#ledger.phase === "closing" && this.#cancelLease !== null;
    if (options.timeoutMillis !== null && isWaitingForLeases) {
      this.#ledger.alarms.setNoLaterThan(this.#nextStage, now + options.timeoutMillis, now);
    }
    return this.#closed;
  }

  #whenGone(): Promise<void> {
    const ledger = this.#ledger;
    return new Promise((resolve) => {
      ledger.latches.add({
        isMet: () => ledger.total === 0,
        settle: () => {
          ledger.phase = "closed";
          ledger.alarms.stop();
          ledger.queue.stop();
          resolve();
        },
      });
    });
  }

  #begin(now: number): void {
    const { closer, dialer, reception } = this.#parts;
    const { name, slots, latches } = this.#ledger;
    this.#ledger.phase = "closing";
    reception.rejectAll(new PoolClosedError(name), "acquireRejected");
    dialer.abortAll(new PoolClosedError(name), now);
    for (const slot of [...slots]) closer.doom(slot, "shutdown", now);
    latches.check();
  }

  #cancelAll(cancelLease: (slot: Slot<C>) => void, now: number): void {
    this.#cancelLease = null;
    this.#ledger.alarms.set(this.#nextStage, graceMillis, now);
    for (const slot of [...this.#ledger.slots]) {
      if (slot.state.name !== "acquired") continue;
      try {
        cancelLease(slot);
      } catch {
        // It will be destroyed in the next stage.
      }
    }
  }

  #destroyAll(now: number): void {
    for (const slot of [...this.#ledger.slots]) this.#parts.closer.destroy(slot, now);
    this.#ledger.latches.check();
  }
}
