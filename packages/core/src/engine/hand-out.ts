import type { Closer } from "./closer.ts";
import type { Growth } from "./growth.ts";
import type { Ledger } from "./ledger.ts";
import type { Grant } from "./ports.ts";
import type { Slot } from "./slot.ts";
import { Task } from "./task.ts";
import type { Borrower, Waiter } from "./waiter.ts";

/** Who is told what came of handing out. */
export interface HandOutEvents<C> {
  /** Something happened outside a caller's turn: look at everything again. */
  turn(now: number): void;
  /** A connection went to a caller. */
  granted(now: number): void;
  /** A connection became idle. */
  rested(slot: Slot<C>, now: number): void;
  /** A keepalive has ended, well or not. */
  keptAlive(now: number): void;
}

/**
 * Where idle connections and waiters meet.
 *
 * A connection that has to be validated or prepared first is not promised to anybody: when it is ready, it goes to whoever
 * waits longest then. So nobody waits for a slow connection while another one is at hand, and a waiter that gave up
 * takes nothing with it.
 */
export class HandOut<C, W extends Waiter<Slot<C>>> {
  readonly #ledger: Ledger<C, W>;
  readonly #closer: Closer<C, W>;
  readonly #growth: Growth<C, W>;
  readonly #events: HandOutEvents<C>;
  #spareTask = new Task();

  constructor(
    ledger: Ledger<C, W>,
    parts: { closer: Closer<C, W>; growth: Growth<C, W> },
    events: HandOutEvents<C>,
  ) {
    this.#ledger = ledger;
    this.#closer = parts.closer;
    this.#growth = parts.growth;
    this.#events = events;
  }

  /** An idle connection that can be leased within this turn, taken out of the idle ones; null where there is none. */
  takeReady(now: number): Slot<C> | null {
    const { idle } = this.#ledger;
    for (let slot = idle.next; slot !== null; slot = idle.next) {
      if (this.#mustValidate(slot, now)) return null;
      if (this.#takeSound(slot, now)) return this.#prepareTrusted(slot, now);
    }
    return null;
  }

  /** The same for a caller that will not wait, and so takes a connection that nobody has validated. */
  takeUnvalidated(now: number): Slot<C> | null {
    const { idle } = this.#ledger;
    for (let slot = idle.next; slot !== null; slot = idle.next) {
      if (this.#takeSound(slot, now)) return this.#prepareTrusted(slot, now);
    }
    return null;
  }

  /** Serves those who wait from the idle connections, as far as nothing else is about to serve them. */
  serve(now: number): void {
    const { idle, queue } = this.#ledger;
    for (let slot = idle.next; slot !== null; slot = idle.next) {
      if (!this.#ledger.isServing || queue.length <= this.#growth.countedOn(now)) return;
      if (!this.#takeSound(slot, now)) continue;
      if (this.#mustValidate(slot, now)) {
        this.#ledger.counters.validations += 1;
        this.#validate(slot, { now, isKeepalive: false });
      } else {
        this.#countTrusted();
        this.deliverSound(slot, now);
      }
    }
  }

  /** Gives a connection that is in no list to whoever waits longest, or lets it rest, or closes it. */
  deliver(slot: Slot<C>, now: number): void {
    const verdict = this.#ledger.verdictOn(slot, now);
    if (verdict === null) this.deliverSound(slot, now);
    else this.#closer.close(slot, verdict, now);
  }

  /** The same for one of which it is known that it may be used again. */
  deliverSound(slot: Slot<C>, now: number): void {
    const isWanted = this.#ledger.isServing && this.#ledger.queue.first !== null;
    if (isWanted && !this.#prepare(slot, now)) return;
    // The hook may have done anything.
    if (slot.doom === null) this.#place(slot, now);
    else this.#closer.close(slot, slot.doom, now);
  }

  /** Leases a connection that is ready. */
  grant(slot: Slot<C>, borrower: Borrower | null, terms: { waitMillis: number; now: number }): Grant {
    const { counters } = this.#ledger;
    const { waitMillis, now } = terms;
    const grant: Grant = {
      source: slot.restedAt !== null ? "idle" : slot.useCount === 0 ? "new" : "queued",
      waitMillis,
      idleMillis: slot.restedAt === null ? 0 : now - slot.restedAt,
    };
    if (grant.source === "queued") counters.handoffs += 1;
    counters.waitMillis += waitMillis;
    slot.useCount += 1;
    slot.restedAt = null;
    slot.isLeakReported = false;
    slot.moveTo({ name: "acquired", since: now, borrower });
    this.#events.granted(now);
    return grant;
  }

  /** Proves a connection alive that nobody asked for; meanwhile nobody can be given it. */
  keepAlive(slot: Slot<C>, now: number): void {
    this.#ledger.idle.reserve(slot);
    this.#ledger.counters.keepalives += 1;
    this.#validate(slot, { now, isKeepalive: true });
  }

  /** A task for the next call to the connector. */
  task(): Task {
    if (!this.#spareTask.isUntouched) this.#spareTask = new Task();
    return this.#spareTask;
  }

  /** Takes one out of the idle ones; closes it and says no where it must not be used again. */
  #takeSound(slot: Slot<C>, now: number): boolean {
    const { idle } = this.#ledger;
    const verdict = this.#ledger.verdictOn(slot, now);
    idle.take(slot);
    if (verdict === null) return true;
    this.#closer.close(slot, verdict, now);
    return false;
  }

  /** A connection that is handed out though nobody has asked the server about it; null where the hook takes time. */
  #prepareTrusted(slot: Slot<C>, now: number): Slot<C> | null {
    this.#countTrusted();
    if (!this.#prepare(slot, now)) return null;
    if (slot.doom === null) return slot;
    this.#closer.close(slot, slot.doom, now);
    return null;
  }

  #countTrusted(): void {
    if (this.#ledger.options.validateAfterIdleMillis !== null) this.#ledger.counters.validationsSkipped += 1;
  }

  #mustValidate(slot: Slot<C>, now: number): boolean {
    const { validateAfterIdleMillis } = this.#ledger.options;
    return validateAfterIdleMillis !== null && now - slot.provenAt > validateAfterIdleMillis;
  }

  #place(slot: Slot<C>, now: number): void {
    const { queue } = this.#ledger;
    if (isNewborn(slot)) {
      this.#growth.backOff.succeed();
      this.#ledger.trouble = null;
    }
    const waiter = this.#ledger.isServing ? queue.first : null;
    if (waiter === null) {
      this.#rest(slot, now);
      return;
    }
    queue.remove(waiter);
    this.#ledger.counters.acquiresQueued += 1;
    const grant = this.grant(slot, waiter, { waitMillis: now - waiter.since, now });
    this.#ledger.observer?.acquired(slot, waiter, grant);
    waiter.fulfil(slot, grant);
  }

  #rest(slot: Slot<C>, now: number): void {
    const { idle, options } = this.#ledger;
    if (options.maxIdle !== null && idle.length - idle.retiring >= options.maxIdle) {
      this.#closer.close(slot, "overflow", now);
      return;
    }
    if (slot.state.name !== "idle") slot.moveTo({ name: "idle", since: now });
    slot.restedAt ??= now;
    slot.provenAt = now;
    idle.add(slot, now);
    this.#events.rested(slot, now);
  }

  /** Runs the hook before a hand-out; true where it had nothing to do and the connection is ready. */
  #prepare(slot: Slot<C>, now: number): boolean {
    const { connector, alarms, options } = this.#ledger;
    const task = this.task();
    let prepared: Promise<void> | null;
    try {
      prepared = connector.prepare(slot.connection, task);
    } catch (error) {
      prepared = Promise.reject(error);
    }
    if (prepared === null) return true;
    slot.moveTo({ name: "preparing", since: now, task });
    task.watch(
      prepared,
      { alarms, timeoutMillis: options.prepareTimeoutMillis, now },
      {
        succeeded: () => {
          const later = this.#ledger.clock.now();
          slot.provenAt = later;
          // Its end may have come while the hook ran.
          const verdict = this.#ledger.verdictOn(slot, later);
          if (verdict === null) this.#place(slot, later);
          else this.#closer.close(slot, verdict, later);
          this.#events.turn(later);
        },
        failed: (error) => this.#rejected(slot, "hook", error),
      },
    );
    return false;
  }

  #validate(slot: Slot<C>, terms: { now: number; isKeepalive: boolean }): void {
    const { connector, alarms, options } = this.#ledger;
    const { now, isKeepalive } = terms;
    const task = new Task();
    slot.moveTo({ name: "validating", since: now, task });
    let validated: Promise<void>;
    try {
      validated = connector.validate(slot.connection, task);
    } catch (error) {
      validated = Promise.reject(error);
    }
    task.watch(
      validated,
      { alarms, timeoutMillis: options.validateTimeoutMillis, now },
      {
        succeeded: () => this.#validated(slot, isKeepalive),
        failed: (error) => {
          this.#ledger.counters.validationErrors += 1;
          this.#rejected(slot, "validation", error);
        },
      },
    );
  }

  #validated(slot: Slot<C>, wasKeepalive: boolean): void {
    const { clock, idle } = this.#ledger;
    const now = clock.now();
    slot.provenAt = now;
    // Whoever waits gets it in the turn below.
    if (wasKeepalive && this.#ledger.verdictOn(slot, now) === null) {
      slot.moveTo({ name: "idle", since: slot.restedAt ?? now });
      idle.restore(slot);
    } else {
      idle.forfeit(slot);
      this.deliver(slot, now);
    }
    if (wasKeepalive) this.#events.keptAlive(now);
    this.#events.turn(now);
  }

  #rejected(slot: Slot<C>, reason: "hook" | "validation", error: unknown): void {
    const now = this.#ledger.clock.now();
    if (isNewborn(slot)) {
      this.#ledger.trouble = { cause: error };
      this.#growth.backOff.fail(slot.bornAt, now);
    }
    this.#closer.close(slot, reason, now);
    this.#events.turn(now);
  }
}

/** Whether it has never been of use to anybody: its connect has not proved yet that the server can be reached. */
function isNewborn<C>(slot: Slot<C>): boolean {
  return slot.useCount === 0 && slot.restedAt === null;
}
