import type { Lane } from "../../../src/engine/deadlines.ts";
import type { Holder } from "../../../src/engine/holder.ts";
import type { Grant } from "../../../src/engine/ports.ts";
import type { Slot } from "../../../src/engine/slot.ts";
import type { Waiter } from "../../../src/engine/waiter.ts";
import type { FakeConnection } from "./fake-connector.ts";

export type FakeSlot = Slot<FakeConnection>;

/** A caller that remembers what it was given. */
export class Caller implements Waiter<FakeSlot> {
  readonly name: string;
  readonly timeoutMillis: number | null;
  readonly holder: Holder | null;
  readonly lessee: Holder | null;
  readonly stack: string;
  slot: FakeSlot | null = null;
  grant: Grant | null = null;
  error: unknown = null;
  settlements = 0;
  /** Called when the caller has been served. */
  onServed: ((slot: FakeSlot) => void) | null = null;
  onRefused: ((reason: unknown) => void) | null = null;

  since = 0;
  isQueued = false;
  ahead: this | null = null;
  behind: this | null = null;
  lane: Lane<this> | null = null;
  earlier: this | null = null;
  later: this | null = null;

  constructor(
    name: string,
    terms: { timeoutMillis?: number | null; holder?: Holder | null; lessee?: Holder | null } = {},
  ) {
    this.timeoutMillis = terms.timeoutMillis ?? null;
    this.holder = terms.holder ?? null;
    this.lessee = terms.lessee ?? null;
    this.name = name;
    this.stack = `at ${name}`;
  }

  get isSettled(): boolean {
    return this.settlements > 0;
  }

  fulfil(slot: FakeSlot, grant: Grant): void {
    this.settlements += 1;
    this.slot = slot;
    this.grant = grant;
    this.onServed?.(slot);
  }

  reject(reason: unknown): void {
    this.settlements += 1;
    this.error = reason;
    this.onRefused?.(reason);
  }

  /** The lease, which must be there. */
  get lease(): FakeSlot {
    if (this.slot === null) throw new Error(`${this.name} has no lease`);
    return this.slot;
  }
}
