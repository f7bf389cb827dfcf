import { formatCount, formatDuration } from "../shared/format.ts";
import { placeText, type UseInView } from "./uses.ts";

const SOURCES = {
  idle: "found idle",
  new: "opened for it",
  queued: "from another caller",
} as const;

/** `orders#3, use 118`. */
export function useTitle({ lane, useCount }: UseInView): string {
  const id = lane.head.connectionId ?? "connection";
  return useCount === null ? id : `${id}, use ${formatCount(useCount)}`;
}

/** How long it is or was held. */
export function heldText({ start, end }: UseInView, now: number): string {
  return end === null ? `held for ${formatDuration(now - start)}` : `held ${formatDuration(end - start)}`;
}

/** What is worth knowing of a use, as names and values. */
export function useFacts(use: UseInView, now: number): [name: string, value: string][] {
  const facts: [string, string | null][] = [
    ["Waited", formatDuration(use.waitMillis)],
    [use.end === null ? "Held so far" : "Held", formatDuration((use.end ?? now) - use.start)],
    ["Connection", use.source === null ? null : SOURCES[use.source]],
    ["Transaction", use.isInTransaction ? "yes" : null],
    ["Cancelled", use.isCancelled ? "a statement" : null],
    ["Suspected leak", use.isLeak ? "yes" : null],
    ["Failed with", use.failure],
    ["Closed after", use.discardReason],
    ["Server process", use.lane.head.backendPid === null ? null : String(use.lane.head.backendPid)],
  ];
  return facts.flatMap(([name, value]) => (value === null ? [] : [[name, value]]));
}

/** One sentence for a screen reader. */
export function useSentence(use: UseInView, now: number): string {
  const [statement] = use.statements;
  const more = use.statements.length > 1 ? ` and ${use.statements.length - 1} more` : "";
  const parts = [
    useTitle(use),
    `waited ${formatDuration(use.waitMillis)}`,
    heldText(use, now),
    use.isInTransaction ? "in a transaction" : "",
    statement === undefined ? "no statement" : `${statement.summary}${more}`,
    use.place === null ? "" : `from ${placeText(use.place)}`,
    use.failure === null ? "" : `failed with ${use.failure}`,
    use.isLeak ? "suspected leak" : "",
  ];
  return parts.filter((part) => part !== "").join(", ");
}
