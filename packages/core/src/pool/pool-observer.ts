import { debuglog } from "node:util";
import type { TransactionStatus } from "../connection/session-state.ts";
import type { CloseReason, EngineObserver, Grant } from "../engine/ports.ts";
import type { Slot } from "../engine/slot.ts";
import type { AcquirePhase } from "../errors.ts";
import type { CheckoutKind, PoolTelemetry } from "../telemetry/pool-telemetry.ts";
import type { Acquisition } from "./acquisition.ts";
import type { PoolEvent, PoolListener } from "./events.ts";
import type { Member } from "./member.ts";

const debug = debuglog("rockpool");

/** Passes what the engine reports on to the spans of each checkout, to the pool's listeners and to the debug log. */
export class PoolObserver implements EngineObserver<Slot<Member>, Acquisition> {
  readonly #name: string;
  readonly #now: () => number;
  readonly #telemetry: PoolTelemetry;
  readonly #onConnected: (slot: Slot<Member>) => void;
  readonly #listeners = new Set<PoolListener>();
  #waiting: () => number = () => 0;
  /** What an acquire without a waiter is. */
  #direct: CheckoutKind = "explicit";
  #lastConnectError: unknown = null;
  #hasWarned = false;

  constructor(parts: {
    name: string;
    now: () => number;
    telemetry: PoolTelemetry;
    onConnected: (slot: Slot<Member>) => void;
  }) {
    this.#name = parts.name;
    this.#now = parts.now;
    this.#telemetry = parts.telemetry;
    this.#onConnected = parts.onConnected;
  }

  /** Why the last connect failed, where none has succeeded since; null otherwise. */
  get lastConnectError(): unknown {
    return this.#lastConnectError;
  }

  /** Where the length of the queue is read; known once the engine is. */
  watch(waiting: () => number): void {
    this.#waiting = waiting;
  }

  /** Calls the listener for each event until the returned function is called. */
  subscribe(listener: PoolListener): () => void {
    // One of its own, so that the same function can be registered twice.
    const own: PoolListener = (event) => listener(event);
    this.#listeners.add(own);
    return () => this.#listeners.delete(own);
  }

  /** Runs an acquire of the pool's own, for a connection that several callers share: no caller's trace may claim it. */
  sharing<T>(acquire: () => T): T {
    this.#direct = "shared";
    try {
      return acquire();
    } finally {
      this.#direct = "explicit";
    }
  }

  waiting(acquisition: Acquisition): void {
    acquisition.checkout.waiting();
    if (this.#listeners.size > 0) {
      this.#emit({ type: "waiting", atMillis: this.#now(), waiting: this.#waiting() });
    }
  }

  connectStarted(slotId: number): void {
    if (this.#listeners.size > 0) {
      this.#emit({ type: "connect_started", atMillis: this.#now(), connectionId: this.#idOf(slotId) });
    }
  }

  connected(slot: Slot<Member>, connectMillis: number): void {
    this.#lastConnectError = null;
    this.#onConnected(slot);
    const { id, backendPid } = slot.connection.session.identity;
    debug("%s connected to %s in %d ms", id, slot.host, Math.round(connectMillis));
    this.#emit({ type: "connected", atMillis: this.#now(), connectionId: id, backendPid, connectMillis });
  }

  /** Hears from now on what the session itself decides. */
  follow(member: Member): void {
    member.session.onCancel = () => this.#cancelling(member);
    member.session.onTransaction = (status) => this.#transaction(member, status);
  }

  connectFailed(slotId: number, error: unknown): void {
    this.#lastConnectError = error;
    const connectionId = this.#idOf(slotId);
    debug("%s could not connect: %s", connectionId, error instanceof Error ? error.message : error);
    this.#emit({ type: "connect_failed", atMillis: this.#now(), connectionId, error });
  }

  acquired(slot: Slot<Member>, acquisition: Acquisition | null, grant: Grant): void {
    const member = slot.connection;
    const checkout = acquisition?.checkout ?? this.#telemetry.startCheckout(this.#direct);
    member.checkout = checkout;
    member.session.scope = checkout;
    checkout.granted(member.trace, grant);
    if (this.#listeners.size === 0) return;
    const { source, waitMillis } = grant;
    const { useCount } = slot;
    this.#emit({
      type: "acquired",
      atMillis: this.#now(),
      connectionId: member.id,
      source,
      waitMillis,
      useCount,
    });
  }

  acquireFailed(acquisition: Acquisition, error: unknown, _phase: AcquirePhase): void {
    if (acquisition.isAborted) acquisition.checkout.aborted(error);
    else acquisition.checkout.failed(error);
    this.#emit({ type: "acquire_failed", atMillis: this.#now(), error });
  }

  released(slot: Slot<Member>, heldMillis: number): void {
    if (this.#listeners.size === 0) return;
    this.#emit({
      type: "released",
      atMillis: this.#now(),
      connectionId: slot.connection.id,
      heldMillis,
    });
  }

  closing(slot: Slot<Member>, reason: CloseReason): void {
    slot.connection.trace.closing();
    debug("%s is being closed: %s", slot.connection.id, reason);
    this.#emit({ type: "closing", atMillis: this.#now(), connectionId: slot.connection.id, reason });
  }

  closed(slot: Slot<Member>, reason: CloseReason): void {
    slot.connection.trace.closed(reason);
    this.#emit({ type: "closed", atMillis: this.#now(), connectionId: slot.connection.id, reason });
  }

  lost(slot: Slot<Member>, error: unknown): void {
    debug("%s was lost: %s", slot.connection.id, error instanceof Error ? error.message : error);
    this.#emit({ type: "lost", atMillis: this.#now(), connectionId: slot.connection.id, error });
  }

  leakSuspected(slot: Slot<Member>, heldMillis: number, stack: string | null): void {
    const connectionId = slot.connection.id;
    slot.connection.checkout?.leakSuspected(stack);
    process.emitWarning(`connection ${connectionId} has been held for ${Math.round(heldMillis)} ms`, {
      type: "RockpoolLeakWarning",
      code: "POOL_LEAK_SUSPECTED",
      ...(stack === null ? {} : { detail: stack }),
    });
    this.#emit({ type: "leak_suspected", atMillis: this.#now(), connectionId, heldMillis, stack });
  }

  nestedAcquire(acquisition: Acquisition): void {
    this.#warnOfNesting(acquisition.stack);
    this.#emit({ type: "nested_acquire", atMillis: this.#now(), stack: acquisition.stack });
  }

  #cancelling(member: Member): void {
    member.checkout?.cancelling();
    this.#emit({ type: "cancelling", atMillis: this.#now(), connectionId: member.id });
  }

  #transaction(member: Member, status: TransactionStatus): void {
    member.checkout?.transaction(status);
    if (this.#listeners.size === 0) return;
    this.#emit({ type: "transaction", atMillis: this.#now(), connectionId: member.id, status });
  }

  /** Once: where it happens it happens often. */
  #warnOfNesting(stack: string | null): void {
    if (this.#hasWarned) return;
    this.#hasWarned = true;
    process.emitWarning(
      `pool ${this.#name}: an acquire inside use() or transaction() takes a second connection while the first is held; ` +
        'under load this can deadlock: pass the connection down, or set nestedAcquire to "allow" where max has room for it',
      {
        type: "RockpoolNestedAcquireWarning",
        code: "POOL_NESTED_ACQUIRE",
        ...(stack === null ? {} : { detail: stack }),
      },
    );
  }

  #idOf(slotId: number): string {
    return `${this.#name}#${slotId}`;
  }

  #emit(event: PoolEvent): void {
    for (const listener of this.#listeners) {
      try {
        listener(event);
      } catch {
        // A listener watches; it has no say in what the pool does.
      }
    }
  }
}
