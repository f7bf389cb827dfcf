import type { SlotAction, SlotView } from "../../shared/protocol/pool.ts";
import { formatDuration } from "../shared/format.ts";
import { l10n } from "../shared/l10n.ts";
import type { StoredLane } from "./lane-store.ts";

const STATES: Readonly<Record<SlotView["state"], string>> = {
  connecting: l10n.t("connecting"),
  idle: l10n.t("idle"),
  running: l10n.t("running"),
  kept: l10n.t("kept"),
  used: l10n.t("in use"),
  cancelling: l10n.t("cancelling"),
  busy: l10n.t("resetting"),
  closing: l10n.t("closing"),
};
/** Less is nothing that a person could watch, and 0 where since when is not known. */
const LEAST_AGE_MILLIS = 100;

/** What a connection is doing now, in a few words. */
export function stateText(slot: SlotView): string {
  if (slot.leak !== null) return l10n.t("suspected leak");
  if (slot.isTransactionFailed) return l10n.t("failed transaction");
  if (slot.state === "kept")
    return slot.reasons.map(l10n.known).join(", ") || slot.server?.state || STATES.kept;
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
  if (millis < LEAST_AGE_MILLIS) return "";
  return formatDuration(millis < 1_000 ? Math.floor(millis / 100) * 100 : millis);
}

/** Why a lane has ended. */
export function endText({ head }: StoredLane): string {
  if (head.opened?.reason != null) return l10n.t("could not connect: {0}", head.opened.reason);
  return head.closed?.reason == null ? l10n.t("closed") : l10n.t("closed: {0}", head.closed.reason);
}

/** What can be done about a connection from its row; null where that is nothing. */
export function slotAction(
  slot: SlotView | null,
): { readonly name: SlotAction; readonly text: string } | null {
  if (slot === null) return null;
  const isOwn = slot.holder?.place?.path.includes(":") === true;
  if (isOwn && slot.state === "running") return { name: "cancel", text: l10n.t("Cancel") };
  if (isOwn && slot.state === "kept") return { name: "release", text: l10n.t("Release") };
  const canEnd = slot.leak !== null && slot.backendPid !== null;
  return canEnd ? { name: "terminate", text: l10n.t("Terminate…") } : null;
}
