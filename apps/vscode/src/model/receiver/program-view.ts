import type { PoolNumbers, TimelineCheckout, TimelineLane } from "@rockpool/otel/timeline";
import type {
  HolderView,
  LeakView,
  PlaceView,
  PoolCountersView,
  PoolOriginView,
  PoolView,
  SlotView,
} from "../../../shared/protocol/pool.ts";
import { slotNumber } from "../pool/pool-view.ts";

/** What is known of one pool of a program. */
export interface ProgramPool {
  readonly key: string;
  readonly name: string;
  readonly origin: PoolOriginView;
  /** Null where the program sends no metrics of it. */
  readonly numbers: PoolNumbers | null;
  /** None where the program sends no spans of it. */
  readonly lanes: readonly TimelineLane[];
}

/** All there is to see of a program's pool: numbers from its metrics, slots from its spans. */
export function viewProgramPool(pool: ProgramPool, unixMillis: number): PoolView {
  const { key, name, origin, numbers } = pool;
  const total = totalOf(numbers);
  const isAllUsed = numbers?.idle === 0 && (numbers.used ?? 0) > 0;
  const slots = openLanes(pool.lanes, total)
    .map((lane) => slotOf(lane, unixMillis))
    .map((slot) => (isAllUsed && slot.state === "idle" ? usedSince(slot) : slot))
    .sort((a, b) => slotNumber(a.id) - slotNumber(b.id));
  return {
    key,
    name,
    origin,
    target: pool.lanes.find((lane) => lane.target !== null)?.target ?? null,
    // A library that has closed its pool may report that it had room for nothing, and still count what is open.
    max: numbers?.max || null,
    total: total ?? (numbers === null ? slots.length : null),
    idle: numbers?.idle ?? null,
    used: numbers?.used ?? null,
    connecting: null,
    waiting: numbers?.pending ?? null,
    counters: countersOf(numbers),
    waitTime: numbers?.waitTime ?? null,
    slots,
    waiters: [],
  };
}

function totalOf(numbers: PoolNumbers | null): number | null {
  if (numbers === null || (numbers.used === null && numbers.idle === null)) return null;
  return (numbers.used ?? 0) + (numbers.idle ?? 0);
}

function countersOf(numbers: PoolNumbers | null): PoolCountersView {
  const bySource = numbers?.acquiresBySource ?? {};
  const counts = Object.values(bySource);
  const checkouts = counts.length === 0 ? null : counts.reduce((sum, count) => sum + count, 0);
  return {
    checkouts: checkouts ?? numbers?.useTime?.count ?? null,
    reused: checkouts === null ? null : checkouts - (bySource.new ?? 0),
    timeouts: numbers?.timeouts ?? null,
    errors: null,
  };
}

/**
 * The lanes of connections that are open. By default no span tells of a connection's end, but the metrics tell how many are
 * open: those of which nothing was heard for longest are the ones that have gone.
 */
function openLanes(lanes: readonly TimelineLane[], total: number | null): readonly TimelineLane[] {
  const open = lanes.filter((lane) => lane.closed === null && lane.opened?.failure == null);
  if (total === null || open.length <= total) return open;
  return [...open].sort((a, b) => lastSignOf(b) - lastSignOf(a)).slice(0, total);
}

function lastSignOf(lane: TimelineLane): number {
  const checkout = lane.checkouts.at(-1);
  if (checkout !== undefined && checkout.releasedUnixMillis === null) return Number.POSITIVE_INFINITY;
  return idleSince(lane) ?? 0;
}

function idleSince(lane: TimelineLane): number | null {
  const times = [
    lane.checkouts.at(-1)?.releasedUnixMillis,
    lane.looseQueries.at(-1)?.endUnixMillis,
    lane.opened?.endUnixMillis,
  ].filter((time) => time !== undefined && time !== null);
  return times.length === 0 ? null : Math.max(...times);
}

function slotOf(lane: TimelineLane, unixMillis: number): SlotView {
  const last = lane.checkouts.at(-1);
  const held = last !== undefined && last.releasedUnixMillis === null ? last : null;
  const since = held === null ? idleSince(lane) : held.acquiredUnixMillis;
  return {
    id: lane.connectionId,
    backendPid: lane.backendPid,
    state: held === null ? "idle" : "used",
    forMillis: since === null ? 0 : Math.max(0, unixMillis - since),
    holder: held === null ? null : holderOf(held),
    reasons: [],
    isTransactionFailed: false,
    leak: held === null ? null : leakOf(held),
    server: null,
  };
}

/** In use although no span says so yet: they are sent when the use has ended, and since when it is used is not told. */
function usedSince(slot: SlotView): SlotView {
  return { ...slot, state: "used", forMillis: 0 };
}

function holderOf(checkout: TimelineCheckout): HolderView {
  const place = placeOf(checkout);
  return {
    label: place === null ? `trace ${checkout.traceId.slice(0, 8)}` : `${fileName(place.path)}:${place.line}`,
    place,
    statement: checkout.queries.at(-1)?.summary ?? null,
    traceId: checkout.traceId,
  };
}

function leakOf(checkout: TimelineCheckout): LeakView | null {
  return checkout.leak === null ? null : { stack: checkout.leak.stack, place: placeOf(checkout) };
}

function placeOf({ leak }: TimelineCheckout): PlaceView | null {
  return leak?.filePath == null ? null : { path: leak.filePath, line: leak.line ?? 1 };
}

/** Of a path as any system writes it. */
function fileName(path: string): string {
  return path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1);
}
