import type { SlotView } from "../../shared/protocol/pool.ts";
import { formatDuration } from "../shared/format.ts";
import type { StoredLane } from "./lane-store.ts";

const STATES: Readonly<Record<SlotView["state"], string>> = {
  connecting: "connecting",
  idle: "idle",
  running: "running",
  kept: "kept",
  used: "in use",
  cancelling: "cancelling",
  busy: "resetting",
  closing: "closing",
};

/** What a connection is doing now, in a few words. */
export function stateText(slot: SlotView): string {
  if (slot.leak !== null) return "suspected leak";
  if (slot.isTransactionFailed) return "failed transaction";
  if (slot.state === "kept" && slot.reasons.length > 0) return slot.reasons.join(", ");
  return STATES[slot.state];
}

/** The class that gives a connection's present its colour. */
export function stateClass(slot: SlotView | null): string {
  if (slot === null) return "closed";
  if (slot.leak !== null) return "leak";
  if (slot.isTransactionFailed) return "failed";
  if (slot.reasons.some((reason) => reason.includes("transaction"))) return "transaction";
  return slot.state;
}

/** A tenth of a second is as fine as a number that moves can be read. */
export function ageText(millis: number): string {
  return formatDuration(millis < 1_000 ? Math.floor(millis / 100) * 100 : millis);
}

/** Why a lane has ended. */
export function endText({ head }: StoredLane): string {
  if (head.opened?.reason != null) return `could not connect: ${head.opened.reason}`;
  return head.closed?.reason == null ? "closed" : `closed: ${head.closed.reason}`;
}
