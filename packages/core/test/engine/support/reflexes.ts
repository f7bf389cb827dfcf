import type { CloseReason, ConnectFailure, EngineObserver, Grant } from "../../../src/engine/ports.ts";
import type { AcquirePhase } from "../../../src/errors.ts";
import type { Caller, FakeSlot } from "./caller.ts";

export type EventName = keyof EngineObserver<FakeSlot, Caller>;

export const eventNames = [
  "waiting",
  "connectStarted",
  "connected",
  "connectFailed",
  "acquired",
  "acquireFailed",
  "released",
  "closing",
  "closed",
  "leakSuspected",
  "nestedAcquire",
] as const satisfies readonly EventName[];

/** Tells another observer of everything first, and then lets somebody act on it, in the middle of what the engine does. */
export class Reflexes implements EngineObserver<FakeSlot, Caller> {
  readonly #observer: EngineObserver<FakeSlot, Caller>;
  readonly #react: (event: EventName) => void;

  constructor(observer: EngineObserver<FakeSlot, Caller>, react: (event: EventName) => void) {
    this.#observer = observer;
    this.#react = react;
  }

  waiting(waiter: Caller): void {
    this.#observer.waiting(waiter);
    this.#react("waiting");
  }
  connectStarted(slotId: number, demandedBy: Caller | null): void {
    this.#observer.connectStarted(slotId, demandedBy);
    this.#react("connectStarted");
  }
  connected(slot: FakeSlot, connectMillis: number): void {
    this.#observer.connected(slot, connectMillis);
    this.#react("connected");
  }
  connectFailed(slotId: number, error: unknown, failure: ConnectFailure): void {
    this.#observer.connectFailed(slotId, error, failure);
    this.#react("connectFailed");
  }
  acquired(slot: FakeSlot, waiter: Caller | null, grant: Grant): void {
    this.#observer.acquired(slot, waiter, grant);
    this.#react("acquired");
  }
  acquireFailed(waiter: Caller, reason: unknown, phase: AcquirePhase): void {
    this.#observer.acquireFailed(waiter, reason, phase);
    this.#react("acquireFailed");
  }
  released(slot: FakeSlot, heldMillis: number): void {
    this.#observer.released(slot, heldMillis);
    this.#react("released");
  }
  closing(slot: FakeSlot, reason: CloseReason): void {
    this.#observer.closing(slot, reason);
    this.#react("closing");
  }
  closed(slot: FakeSlot, reason: CloseReason): void {
    this.#observer.closed(slot, reason);
    this.#react("closed");
  }
  leakSuspected(slot: FakeSlot, heldMillis: number, stack: string | null): void {
    this.#observer.leakSuspected(slot, heldMillis, stack);
    this.#react("leakSuspected");
  }
  nestedAcquire(waiter: Caller): void {
    this.#observer.nestedAcquire(waiter);
    this.#react("nestedAcquire");
  }
}
