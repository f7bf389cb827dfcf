import type { Lane } from "./deadlines.ts";
import type { Holder } from "./holder.ts";
import type { Grant } from "./ports.ts";

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
 * A waiter is good for one acquire. It is its own place in the queue and among the deadlines, so that queueing makes no object
 * and a cancel costs the same whatever the length of the queue. It is an interface, since a chain of constructors costs more
 * than all the rest of a hand-out. What is not read-only belongs to the engine: null, false or zero at first, and written
 * by nobody else.
 */
export interface Waiter<S> extends Borrower {
  /** From the call of `acquire` to the hand-out, everything included; null = waits for ever. Rounded up to whole milliseconds. */
  readonly timeoutMillis: number | null;
  /** When it began to wait, on the engine's clock. */
  since: number;
  isQueued: boolean;
  ahead: this | null;
  behind: this | null;
  lane: Lane<this> | null;
  earlier: this | null;
  later: this | null;

  fulfil(slot: S, grant: Grant): void;
  reject(reason: unknown): void;
}
