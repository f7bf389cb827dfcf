import type { Dial } from "./dial.ts";
import type { Ledger } from "./ledger.ts";
import type { Slot } from "./slot.ts";
import type { EngineStats, SlotView } from "./stats.ts";
import type { Waiter } from "./waiter.ts";

/** One snapshot of everything that is counted. */
export function statsOf<C, W extends Waiter<Slot<C>>>(ledger: Ledger<C, W>): EngineStats {
  const { sizes, census, counters, queue, phase } = ledger;
  const oldest = queue.first;
  return {
    max: sizes.max,
    min: sizes.min,
    minIdle: sizes.minIdle,
    total: ledger.total,
    idle: census.idle,
    acquired: census.acquired,
    connecting: ledger.connecting,
    validating: census.validating + census.preparing,
    resetting: census.resetting,
    closing: census.closing,
    waiting: queue.length,
    oldestWaiterMillis: oldest === null ? 0 : ledger.clock.now() - oldest.since,
    generation: ledger.generation,
    state: phase === "open" && ledger.isSuspended ? "suspended" : phase,
    ...counters,
    closed: { ...counters.closed },
  };
}

/** Every connection, in the order of their ids. */
export function slotViewsOf<C, W extends Waiter<Slot<C>>>(
  ledger: Ledger<C, W>,
  dials: Iterable<Dial<C>>,
): SlotView<C>[] {
  const now = ledger.clock.now();
  const views: SlotView<C>[] = [];
  for (const slot of ledger.slots) {
    const { state } = slot;
    if (state.name === "closed") continue;
    views.push({
      id: slot.id,
      connectionId: ledger.connectionId(slot.id),
      state: state.name === "preparing" ? "validating" : state.name,
      stateMillis: now - state.since,
      ageMillis: now - slot.bornAt,
      useCount: slot.useCount,
      host: slot.host,
      connection: slot.connection,
      stack: state.name === "acquired" ? (state.borrower?.stack ?? null) : null,
    });
  }
  for (const dial of dials) {
    views.push({
      id: dial.slotId,
      connectionId: ledger.connectionId(dial.slotId),
      state: "connecting",
      stateMillis: now - dial.startedAt,
      ageMillis: 0,
      useCount: 0,
      host: null,
      connection: null,
      stack: null,
    });
  }
  return views.sort((a, b) => a.id - b.id);
}
