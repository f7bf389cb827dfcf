import type { PoolView, SlotView } from "../../../shared/protocol/pool.ts";

/**
 * Says of each slot whether it is a suspected leak: held for longer than the threshold while no statement runs.
 *
 * A program that looks for leaks itself is believed, unless the server says that a statement runs.
 *
 * @param thresholdMillis - null marks only what programs suspect themselves.
 */
export function withLeaks(pool: PoolView, thresholdMillis: number | null): PoolView {
  const slots = pool.slots.map((slot) => judged(slot, thresholdMillis));
  return slots.every((slot, at) => slot === pool.slots[at]) ? pool : { ...pool, slots };
}

function judged(slot: SlotView, thresholdMillis: number | null): SlotView {
  if (slot.server !== null && !slot.server.state.startsWith("idle")) {
    return slot.leak === null ? slot : { ...slot, leak: null };
  }
  if (slot.leak !== null || thresholdMillis === null) return slot;
  const isHeld = slot.state === "kept" && slot.forMillis >= thresholdMillis;
  return isHeld ? { ...slot, leak: { stack: null, place: slot.holder?.place ?? null } } : slot;
}

/** The slots of a pool that may have leaked. */
export function leaksOf(pool: PoolView): readonly SlotView[] {
  return pool.slots.filter(({ leak }) => leak !== null);
}
