import type { HolderInfo } from "../errors.ts";
import type { EngineOptions, Sizes } from "./options.ts";
import type { Clock, CloseReason, Connector, EngineObserver, RandomSource } from "./ports.ts";
import type { Slot } from "./slot.ts";
import type { EngineStats, SlotView } from "./stats.ts";
import type { Borrower, Waiter } from "./waiter.ts";

/** What an engine is made of. */
export interface EngineParts<C, W> {
  readonly name: string;
  readonly options: EngineOptions;
  readonly connector: Connector<C, W>;
  readonly clock: Clock;
  readonly random: RandomSource;
  readonly observer: EngineObserver<Slot<C>, W> | null;
}

export interface EngineCloseOptions<C> {
  /** How long to wait for leases before they are cancelled; null = for as long as it takes. */
  readonly timeoutMillis: number | null;
  /** Cancels what runs on a lease that outlived the timeout, so that its holder can give it back. */
  cancelLease(slot: Slot<C>): void;
}

/** The pool itself, without I/O. */
export class Engine<C, W extends Waiter<Slot<C>>> {
  readonly name: string;

  constructor(parts: EngineParts<C, W>) {
    this.name = parts.name;
  }

  /** Starts to fill up to `min` and `minIdle`; idempotent. An acquire does not need it. */
  open(): void {
    throw new Error("bug: not written yet");
  }

  /**
   * Resolves as soon as `min`, `minIdle` and what `prewarm` asked for are met.
   *
   * Rejects with the connect error where trying again cannot cure it, with AcquireTimeoutError (phase connect) at the timeout,
   * with PoolClosedError when the pool closes.
   */
  whenFilled(_timeoutMillis: number | null): Promise<void> {
    throw new Error("bug: not written yet");
  }

  /** Opens connections until `count` exist, as far as `max` has room; once. */
  prewarm(_count: number): void {
    throw new Error("bug: not written yet");
  }

  /** Settles the waiter now or later, exactly once. Never throws. */
  acquire(_waiter: W): void {
    throw new Error("bug: not written yet");
  }

  /** Takes a waiter out of the queue and rejects it with `reason`; false where it had been settled already. */
  cancel(_waiter: W, _reason: unknown): boolean {
    throw new Error("bug: not written yet");
  }

  /**
   * The connection at hand, not validated, or null where a caller would have to wait.
   *
   * @throws {PoolClosedError}
   * @throws {PoolSuspendedError}
   */
  tryAcquire(_borrower: Borrower | null): Slot<C> | null {
    throw new Error("bug: not written yet");
  }

  /** Gives a lease back. Does nothing where it is not in use. */
  release(_slot: Slot<C>): void {
    throw new Error("bug: not written yet");
  }

  /** Gives a lease back and closes its connection. Does nothing where it is not in use. */
  discard(_slot: Slot<C>, _reason: CloseReason = "discarded"): void {
    throw new Error("bug: not written yet");
  }

  /** The connection broke, whatever it was doing: in use, it is closed when it comes back, else at once. */
  connectionLost(_slot: Slot<C>, _options: { evictHost: boolean }): void {
    throw new Error("bug: not written yet");
  }

  /** Nothing opened on that server until now is handed out again. */
  evictHost(_host: string): void {
    throw new Error("bug: not written yet");
  }

  /** Nothing opened until now is handed out again. Resolves when what was not in use has been closed. */
  evictAll(): Promise<void> {
    throw new Error("bug: not written yet");
  }

  /** @throws {ConfigError} the sizes contradict each other; nothing has changed. */
  resize(_sizes: Partial<Sizes>): void {
    throw new Error("bug: not written yet");
  }

  /** Hands nothing out until `resume`; callers queue in order, and their deadlines go on. */
  suspend(): void {
    throw new Error("bug: not written yet");
  }

  resume(): void {
    throw new Error("bug: not written yet");
  }

  /** Refuses new acquires, serves those who wait already, and resolves when nothing is in use or waiting. */
  drain(): Promise<void> {
    throw new Error("bug: not written yet");
  }

  /** Ends everything; see {@link EngineCloseOptions}. Idempotent; a second call can shorten the timeout. Never rejects. */
  close(_options: EngineCloseOptions<C>): Promise<void> {
    throw new Error("bug: not written yet");
  }

  stats(): EngineStats {
    throw new Error("bug: not written yet");
  }

  /** The same as {@link Engine.stats}; then the counters start from zero. */
  takeStats(): EngineStats {
    throw new Error("bug: not written yet");
  }

  /** Every connection, those being opened included. */
  slots(): SlotView<C>[] {
    throw new Error("bug: not written yet");
  }

  /** Who holds the connections; empty while leak detection is off. */
  holders(): HolderInfo[] {
    throw new Error("bug: not written yet");
  }
}
