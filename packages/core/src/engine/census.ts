import type { SlotStateName } from "./slot.ts";

/** The place of each state in the table of transitions, from 1. A switch over a few known strings is much faster than a lookup by name. */
export function rankOf(name: SlotStateName): number {
  switch (name) {
    case "idle":
      return 1;
    case "acquired":
      return 2;
    case "validating":
      return 3;
    case "preparing":
      return 4;
    case "resetting":
      return 5;
    case "closing":
      return 6;
    case "closed":
      return 7;
  }
}

/** How many slots are in each state; kept by {@link Slot.moveTo} alone, so that it cannot drift. */
export class Census {
  idle = 0;
  acquired = 0;
  validating = 0;
  preparing = 0;
  resetting = 0;
  closing = 0;
  /** Slots that exist: everything but the closed. */
  open = 0;

  /** A slot was made; it is idle. */
  born(): void {
    this.idle += 1;
    this.open += 1;
  }

  moved(from: SlotStateName, to: SlotStateName): void {
    this.#count(from, -1);
    this.#count(to, 1);
    if (to === "closed") this.open -= 1;
  }

  /** Slots that are on their way to a caller or to the idle ones. */
  get arriving(): number {
    return this.validating + this.preparing + this.resetting;
  }

  #count(name: SlotStateName, change: 1 | -1): void {
    switch (name) {
      case "idle":
        this.idle += change;
        return;
      case "acquired":
        this.acquired += change;
        return;
      case "validating":
        this.validating += change;
        return;
      case "preparing":
        this.preparing += change;
        return;
      case "resetting":
        this.resetting += change;
        return;
      case "closing":
        this.closing += change;
    }
  }
}
