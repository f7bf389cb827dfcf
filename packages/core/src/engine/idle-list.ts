import { LowWaterMark } from "./low-water-mark.ts";
import type { Slot } from "./slot.ts";

/**
 * The slots that lie idle, from the one that has lain longest to the one used last. The links are in the slots, so
 * that one can be taken out of the middle in constant time.
 */
export class IdleList<C> {
  oldest: Slot<C> | null = null;
  newest: Slot<C> | null = null;
  length = 0;
  /** How many of them are about to be replaced. */
  retiring = 0;
  /** The one under keepalive. */
  reserved: Slot<C> | null = null;
  /** Counts the one under keepalive as idle: being looked after is not being used. */
  readonly lowWater: LowWaterMark = new LowWaterMark();

  readonly #order: "lifo" | "fifo";

  constructor(order: "lifo" | "fifo") {
    this.#order = order;
  }

  /** The one to hand out next. */
  get next(): Slot<C> | null {
    return this.#order === "lifo" ? this.newest : this.oldest;
  }

  /** It became idle just now. */
  add(slot: Slot<C>, now: number): void {
    this.lowWater.rise(now);
    this.#link(slot, this.newest);
  }

  /** It is taken into use. */
  take(slot: Slot<C>): void {
    this.lowWater.fall();
    this.#unlink(slot);
  }

  /** It is taken for a keepalive: nobody can be given it meanwhile. {@link restore} or {@link forfeit} must follow. */
  reserve(slot: Slot<C>): void {
    this.reserved = slot;
    this.#unlink(slot);
  }

  /** It comes back from a keepalive to its place: it has not been used. */
  restore(slot: Slot<C>): void {
    this.reserved = null;
    let older = this.newest;
    while (older !== null && (older.restedAt ?? 0) > (slot.restedAt ?? 0)) older = older.older;
    this.#link(slot, older);
  }

  /** It will not come back from a keepalive, if it is the one that was taken for it. */
  forfeit(slot: Slot<C>): void {
    if (this.reserved !== slot) return;
    this.reserved = null;
    this.lowWater.fall();
  }

  /** It is closed as surplus; see {@link LowWaterMark.close}. */
  retire(slot: Slot<C>, level: number): void {
    this.lowWater.close(level);
    this.#unlink(slot);
  }

  /** Its end is near and a replacement is wanted. */
  markRetiring(slot: Slot<C>): void {
    slot.isRetiring = true;
    this.retiring += 1;
  }

  /** From the one that has lain longest; copy it before changing the list. */
  *[Symbol.iterator](): Generator<Slot<C>> {
    for (let slot = this.oldest; slot !== null; slot = slot.newer) yield slot;
  }

  #link(slot: Slot<C>, older: Slot<C> | null): void {
    this.length += 1;
    slot.isListed = true;
    if (slot.isRetiring) this.retiring += 1;
    const newer = older === null ? this.oldest : older.newer;
    slot.older = older;
    slot.newer = newer;
    if (older === null) this.oldest = slot;
    else older.newer = slot;
    if (newer === null) this.newest = slot;
    else newer.older = slot;
  }

  #unlink(slot: Slot<C>): void {
    this.length -= 1;
    slot.isListed = false;
    if (slot.isRetiring) this.retiring -= 1;
    if (slot.older === null) this.oldest = slot.newer;
    else slot.older.newer = slot.newer;
    if (slot.newer === null) this.newest = slot.older;
    else slot.newer.older = slot.older;
    slot.older = null;
    slot.newer = null;
  }
}
