import { formatCount, formatDuration } from "../shared/format.ts";
import { l10n } from "../shared/l10n.ts";
import { placeText, type UseInView } from "./uses.ts";

const SOURCES = {
  idle: l10n.t("found idle"),
  new: l10n.t("opened for it"),
  queued: l10n.t("from another caller"),
} as const;

/** `orders#3, use 118`. */
export function useTitle({ lane, useCount }: UseInView): string {
  const id = lane.head.connectionId ?? l10n.t("connection");
  return useCount === null ? id : l10n.t("{0}, use {1}", id, formatCount(useCount));
}

/** How long it is or was held. */
export function heldText({ start, end }: UseInView, now: number): string {
  return end === null
    ? l10n.t("held for {0}", formatDuration(now - start))
    : l10n.t("held {0}", formatDuration(end - start));
}

/** What is worth knowing of a use, as names and values. */
export function useFacts(use: UseInView, now: number): [name: string, value: string][] {
  const facts: [string, string | null][] = [
    [l10n.t("Waited"), formatDuration(use.waitMillis)],
    [use.end === null ? l10n.t("Held so far") : l10n.t("Held"), formatDuration((use.end ?? now) - use.start)],
    [l10n.t("Connection"), use.source === null ? null : SOURCES[use.source]],
    [l10n.t("Transaction"), use.isInTransaction ? l10n.t("yes") : null],
    [l10n.t("Cancelled"), use.isCancelled ? l10n.t("a statement") : null],
    [l10n.t("Suspected leak"), use.isLeak ? l10n.t("yes") : null],
    [l10n.t("Failed with"), use.failure],
    [l10n.t("Closed after"), use.discardReason],
    [l10n.t("Server process"), use.lane.head.backendPid === null ? null : String(use.lane.head.backendPid)],
  ];
  return facts.flatMap(([name, value]) => (value === null ? [] : [[name, value]]));
}

/** One sentence for a screen reader. */
export function useSentence(use: UseInView, now: number): string {
  const [statement] = use.statements;
  const parts = [
    useTitle(use),
    l10n.t("waited {0}", formatDuration(use.waitMillis)),
    heldText(use, now),
    use.isInTransaction ? l10n.t("in a transaction") : "",
    statementText(statement?.summary ?? null, use.statements.length - 1),
    use.place === null ? "" : l10n.t("from {0}", placeText(use.place)),
    use.failure === null ? "" : l10n.t("failed with {0}", use.failure),
    use.isLeak ? l10n.t("suspected leak") : "",
  ];
  return parts.filter((part) => part !== "").join(", ");
}

function statementText(first: string | null, more: number): string {
  if (first === null) return l10n.t("no statement");
  return more > 0 ? l10n.t("{0} and {1} more", first, more) : first;
}
