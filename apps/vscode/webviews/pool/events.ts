import { FAILED_WORDS } from "../../shared/protocol/pool.ts";
import { formatDuration } from "../shared/format.ts";
import { l10n } from "../shared/l10n.ts";
import type { LaneStore, StoredLane } from "./lane-store.ts";
import type { Span } from "./viewport.ts";

export type EventKind = "connect" | "close" | "timeout" | "leak" | "error";
export const EVENT_KINDS: readonly EventKind[] = ["connect", "close", "timeout", "leak", "error"];

/** Something that happened to a pool and is worth a line. */
export interface PoolEventView {
  readonly kind: EventKind;
  readonly at: number;
  readonly text: string;
  readonly lane: StoredLane;
}

const MOST_EVENTS = 500;

/** The events of a pool within a period, the newest first. */
export function eventsOf(
  store: LaneStore,
  { lanes, queue }: { lanes: readonly StoredLane[]; queue: StoredLane | null },
  span: Span,
): PoolEventView[] {
  const events = lanes.flatMap((lane) => [...lifeEvents(lane), ...useEvents(store, lane)]);
  if (queue !== null) events.push(...queueEvents(store, queue));
  return events
    .filter(({ at }) => at >= span.from && at <= span.to)
    .sort((a, b) => b.at - a.at)
    .slice(0, MOST_EVENTS);
}

function lifeEvents(lane: StoredLane): PoolEventView[] {
  const { opened, closed } = lane.head;
  const id = lane.head.connectionId ?? "";
  const events: PoolEventView[] = [];
  if (opened !== null) {
    const took = formatDuration(opened.end - opened.start);
    const text =
      opened.reason === null
        ? l10n.t("{0} connected in {1}", id, took)
        : l10n.t("{0} could not connect: {1}", id, opened.reason);
    events.push({ kind: opened.reason === null ? "connect" : "error", at: opened.end, text, lane });
  }
  if (closed !== null) {
    events.push({
      kind: "close",
      at: closed.end,
      text: l10n.t("{0} closed: {1}", id, closed.reason ?? ""),
      lane,
    });
  }
  if (lane.held?.isLeakSuspected === true) {
    events.push({
      kind: "leak",
      at: lane.held.acquired,
      text: l10n.t("{0} is held, suspected leak", id),
      lane,
    });
  }
  return events;
}

function useEvents(store: LaneStore, lane: StoredLane): PoolEventView[] {
  const id = lane.head.connectionId ?? "";
  return lane.notable.map(({ kind, start, at, texts: [summary, failure] }) => {
    const statement = store.text(summary) ?? l10n.t("a statement");
    const text =
      kind === "leak"
        ? l10n.t("{0} was held for {1}, suspected leak", id, formatDuration(at - start))
        : l10n.t("{0} failed with {1} on {2}", statement, store.text(failure) ?? "", id);
    return { kind, at, text, lane };
  });
}

function queueEvents(store: LaneStore, queue: StoredLane): PoolEventView[] {
  const { failed } = queue.tracks;
  return Array.from({ length: failed.length }, (_, index) => {
    const failure = store.text(failed.word(index, FAILED_WORDS.failure)) ?? "error";
    const waited = formatDuration(failed.end(index) - failed.start(index));
    const isTimeout = failure === "acquire_timeout";
    const text = isTimeout
      ? l10n.t("no connection within {0}", waited)
      : l10n.t("no connection after {0}: {1}", waited, failure);
    return { kind: isTimeout ? "timeout" : "error", at: failed.end(index), text, lane: queue };
  });
}
