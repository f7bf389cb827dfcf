import type { Holder } from "./holder.ts";
import type { Grant } from "./ports.ts";
import type { Place } from "./waiter-queue.ts";

/** Who takes a connection, as far as the engine cares. */
export interface Borrower {
  /** The innermost context around the call that holds a connection of this pool; null where there is none. */
  readonly holder: Holder | null;
  /** The context in which the new connection will be held, with `holder` as its parent; null where that cannot be told. */
  readonly lessee: Holder | null;
  /** The stack of the acquire; read only when a leak, a timeout or a deadlock is reported. Null while leak detection is off. */
  readonly stack: string | null;
}

/**
 * A caller that wants a connection. Made by the shell; the engine settles it exactly once, by `fulfil` or `reject`,
 * possibly within `acquire` itself.
 *
 * A waiter is good for one acquire. What the engine writes is marked so; nobody else writes it.
 */
export abstract class Waiter<S> implements Borrower {
  /** From the call of `acquire` to the hand-out, everything included; null = waits for ever. Rounded up to whole milliseconds. */
  readonly timeoutMillis: number | null;
  readonly holder: Holder | null;
  readonly lessee: Holder | null;

  /** When `acquire` was called, on the engine's clock. Written by the engine. */
  since = 0;
  /** Where it stands in the queue; null unless it waits. Written by the engine. */
  place: Place<this> | null = null;

  constructor(timeoutMillis: number | null, holder: Holder | null, lessee: Holder | null) {
    this.timeoutMillis = timeoutMillis;
    this.holder = holder;
    this.lessee = lessee;
  }

  abstract get stack(): string | null;
  abstract fulfil(slot: S, grant: Grant): void;
  abstract reject(reason: unknown): void;
}
