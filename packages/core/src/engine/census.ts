/** How many slots are in each state; kept by {@link Slot.moveTo} alone, so that it cannot drift. */
export class Census {
  idle = 0;
  validating = 0;
  preparing = 0;
  acquired = 0;
  resetting = 0;
  closing = 0;
  closed = 0;

  /** Slots that exist: everything but the closed. */
  get open(): number {
    return this.idle + this.validating + this.preparing + this.acquired + this.resetting + this.closing;
  }

  /** Slots that are on their way to a caller or to the idle ones. */
  get arriving(): number {
    return this.validating + this.preparing + this.resetting;
  }
}
