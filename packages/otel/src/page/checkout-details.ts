import { formatDuration } from "../timeline/format-duration.ts";
import type { TimelineCheckout, TimelineLane, TimelineLeak } from "../timeline/timeline-model.ts";

/** What the page's script shows of one checkout. */
export interface CheckoutDetails {
  readonly title: string;
  readonly traceId: string;
  readonly facts: readonly (readonly [name: string, value: string])[];
  /** Summary, offset from the acquisition, duration and failure. */
  readonly queries: readonly (readonly [string, string, string, string | null])[];
}

const SOURCES: Readonly<Record<string, string>> = {
  idle: "found idle",
  new: "newly opened",
  queued: "released by another caller",
};

/** Puts a checkout into words. */
export function checkoutDetails(
  lane: TimelineLane,
  checkout: TimelineCheckout,
  startUnixMillis: number,
): CheckoutDetails {
  return {
    title: titleOf(lane, checkout),
    traceId: checkout.traceId,
    facts: factsOf(lane, checkout, startUnixMillis).filter(([, value]) => value !== ""),
    queries: checkout.queries.map((query) => [
      query.summary,
      `+${formatDuration(Math.max(0, query.startUnixMillis - checkout.acquiredUnixMillis))}`,
      formatDuration(query.endUnixMillis - query.startUnixMillis),
      query.failure,
    ]),
  };
}

/** One sentence for a screen reader. */
export function checkoutLabel(lane: TimelineLane, checkout: TimelineCheckout): string {
  const parts = [
    titleOf(lane, checkout),
    `waited ${formatDuration(checkout.waitMillis)}`,
    checkout.holdMillis === null ? "held now" : `held ${formatDuration(checkout.holdMillis)}`,
    `${checkout.queries.length} ${checkout.queries.length === 1 ? "query" : "queries"}`,
    checkout.failure === null ? "" : `failed with ${checkout.failure}`,
    checkout.discardReason === null ? "" : `connection closed: ${checkout.discardReason}`,
    checkout.leak === null ? "" : "suspected leak",
  ];
  return parts.filter(Boolean).join(", ");
}

function titleOf(lane: TimelineLane, checkout: TimelineCheckout): string {
  return checkout.useCount === null ? lane.connectionId : `${lane.connectionId}, use ${checkout.useCount}`;
}

function factsOf(
  lane: TimelineLane,
  checkout: TimelineCheckout,
  startUnixMillis: number,
): [string, string][] {
  return [
    ["Connection", SOURCES[checkout.source ?? ""] ?? ""],
    ["Requested", `+${formatDuration(Math.max(0, checkout.requestedUnixMillis - startUnixMillis))}`],
    ["Waited", formatDuration(checkout.waitMillis)],
    ["Held", checkout.holdMillis === null ? "still held" : formatDuration(checkout.holdMillis)],
    ["Idle before", checkout.idleMillis === null ? "" : formatDuration(checkout.idleMillis)],
    ["Not shown before", checkout.missedBefore === 0 ? "" : `${checkout.missedBefore} uses`],
    ["Transaction", checkout.transactions.map(describeTransaction).join("; ")],
    ["Failed with", checkout.failure ?? ""],
    ["Closed after", checkout.discardReason ?? ""],
    ["Suspected leak", checkout.leak === null ? "" : describeLeak(checkout.leak)],
    ["Server process", lane.backendPid === null ? "" : String(lane.backendPid)],
    ["Caller's span", checkout.callerSpanId ?? "none: the checkout is the root"],
  ];
}

function describeLeak({ functionName, filePath, line }: TimelineLeak): string {
  if (filePath === null) return "yes";
  const place = line === null ? filePath : `${filePath}:${line}`;
  return functionName === null ? `acquired at ${place}` : `acquired in ${functionName} at ${place}`;
}

function describeTransaction(transaction: TimelineCheckout["transactions"][number]): string {
  const attempt =
    transaction.attempt === null || transaction.attempt === 1 ? "" : `attempt ${transaction.attempt}`;
  const isolation = transaction.isolation === "default" ? "" : (transaction.isolation ?? "");
  const took = formatDuration(transaction.endUnixMillis - transaction.startUnixMillis);
  return [transaction.outcome ?? "open", isolation, attempt, took].filter(Boolean).join(", ");
}
