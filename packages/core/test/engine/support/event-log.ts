import type { CloseReason, ConnectFailure, EngineObserver, Grant } from "../../../src/engine/ports.ts";
import type { AcquirePhase } from "../../../src/errors.ts";
import type { Caller, FakeSlot } from "./caller.ts";

/** Everything that an engine reported, as short sentences. */
export class EventLog implements EngineObserver<FakeSlot, Caller> {
  readonly lines: string[] = [];
  readonly slots = new Map<number, FakeSlot>();

  of(...verbs: string[]): string[] {
    return this.lines.filter((line) => verbs.includes(line.split(" ", 1)[0] ?? ""));
  }

  waiting(waiter: Caller): void {
    this.lines.push(`waiting ${waiter.name}`);
  }
  connectStarted(slotId: number, demandedBy: Caller | null): void {
    this.lines.push(`connectStarted ${slotId} for ${demandedBy?.name ?? "nobody"}`);
  }
  connected(slot: FakeSlot, connectMillis: number): void {
    this.slots.set(slot.id, slot);
    this.lines.push(`connected ${slot.id} in ${connectMillis}`);
  }
  connectFailed(slotId: number, error: unknown, failure: ConnectFailure): void {
    this.lines.push(`connectFailed ${slotId} ${failure}: ${error instanceof Error ? error.message : error}`);
  }
  acquired(slot: FakeSlot, waiter: Caller | null, grant: Grant): void {
    this.lines.push(
      `acquired ${slot.id} by ${waiter?.name ?? "nobody"} ${grant.source} wait=${grant.waitMillis} idle=${grant.idleMillis}`,
    );
  }
  acquireFailed(waiter: Caller, reason: unknown, phase: AcquirePhase): void {
    this.lines.push(
      `acquireFailed ${waiter.name} ${phase}: ${reason instanceof Error ? reason.name : reason}`,
    );
  }
  released(slot: FakeSlot, heldMillis: number): void {
    this.lines.push(`released ${slot.id} after ${heldMillis}`);
  }
  closing(slot: FakeSlot, reason: CloseReason): void {
    this.lines.push(`closing ${slot.id} ${reason}`);
  }
  closed(slot: FakeSlot, reason: CloseReason): void {
    this.lines.push(`closed ${slot.id} ${reason}`);
  }
  leakSuspected(slot: FakeSlot, heldMillis: number, stack: string | null): void {
    this.lines.push(`leakSuspected ${slot.id} after ${heldMillis} ${stack}`);
  }
  nestedAcquire(waiter: Caller): void {
    this.lines.push(`nestedAcquire ${waiter.name}`);
  }
}
