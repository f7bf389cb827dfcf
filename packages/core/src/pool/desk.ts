import type { Engine } from "../engine/engine.ts";
import type { Slot } from "../engine/slot.ts";
import type { Acquisition, AcquisitionDesk } from "./acquisition.ts";
import { Lease, type LeaseDesk } from "./lease.ts";
import type { Member } from "./member.ts";
import { Vigil } from "./vigil.ts";

/** Where leases are handed out and given back: the one place between the engine's slots and what a caller holds. */
export class Desk implements AcquisitionDesk, LeaseDesk {
  readonly vigil: Vigil = new Vigil();
  readonly #engine: Engine<Member, Acquisition>;

  constructor(engine: Engine<Member, Acquisition>) {
    this.#engine = engine;
  }

  grant(slot: Slot<Member>): Lease {
    return new Lease(this, slot);
  }

  abandon(acquisition: Acquisition, reason: unknown): void {
    this.#engine.cancel(acquisition, reason);
  }

  release(slot: Slot<Member>): void {
    endCheckout(slot);
    this.#engine.release(slot);
  }

  discard(slot: Slot<Member>): void {
    slot.connection.checkout?.discarded("discarded");
    endCheckout(slot);
    this.#engine.discard(slot);
  }
}

/** Before the engine moves the slot: its next borrower may get it within the same turn. */
function endCheckout(slot: Slot<Member>): void {
  const member = slot.connection;
  const { checkout } = member;
  member.session.endTenancy();
  if (checkout === null) return;
  member.checkout = null;
  member.session.scope = null;
  if (slot.doom !== null) checkout.discarded(slot.doom);
  checkout.released();
}
