import { FAILED_WORDS } from "../../shared/protocol/pool.ts";
import { formatDuration } from "../shared/format.ts";
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
  const { opened, closed, connectionId } = lane.head;
  const events: PoolEventView[] = [];
  if (opened !== null) {
    const took = formatDuration(opened.end - opened.start);
    const text =
      opened.reason === null
        ? `${connectionId} connected in ${took}`
        : `${connectionId} could not connect: ${opened.reason}`;
    events.push({ kind: opened.reason === null ? "connect" : "error", at: opened.end, text, lane });
  }
  if (closed !== null) {
    events.push({ kind: "close", at: closed.end, text: `${connectionId} closed: ${closed.reason}`, lane });
  }
  if (lane.held?.isLeakSuspected === true) {
    events.push({
      kind: "leak",
      at: lane.held.acquired,
      text: `${connectionId} is held, suspected leak`,
      lane,
    });
  }
  return events;
}

function useEvents(store: LaneStore, lane: StoredLane): PoolEventView[] {
  const { connectionId } = lane.head;
  return lane.notable.map(({ kind, start, at, texts: [summary, failure] }) => {
    const statement = store.text(summary) ?? "a statement";
    const text =
      kind === "leak"
        ? `${connectionId} was held for ${formatDuration(at - start)}, suspected leak`
        : `${statement} failed with ${store.text(failure)} on ${connectionId}`;
    return { kind, at, text, lane };
  });
}

function queueEvents(store: LaneStore, queue: StoredLane): PoolEventView[] {
  const { failed } = queue.tracks;
  return Array.from({ length: failed.length }, (_, index) => {
    const failure = store.text(failed.word(index, FAILED_WORDS.failure)) ?? "error";
    const waited = formatDuration(failed.end(index) - failed.start(index));
    const isTimeout = failure === "acquire_timeout";
    const text = isTimeout ? `no connection within ${waited}` : `no connection after ${waited}: ${failure}`;
    return { kind: isTimeout ? "timeout" : "error", at: failed.end(index), text, lane: queue };
  });
}
