import type { HeldUse, PoolNumbers, TapeLane } from "@rockpool/otel/timeline";
import type {
  HolderView,
  PlaceView,
  PoolCountersView,
  PoolOriginView,
  PoolView,
  SlotView,
} from "../../../shared/protocol/pool.ts";
import { slotNumber } from "../pool/pool-view.ts";

/** A use that is known not to have ended, with what it runs and for whom. */
export interface HeldLane {
  readonly use: HeldUse;
  readonly statement: string | null;
  /** Such as `GET /orders`. */
  readonly caller: string | null;
}

/** One connection of a program. */
export interface ProgramLane {
  readonly lane: TapeLane;
  readonly held: HeldLane | null;
}

/** What is known of one pool of a program. */
export interface ProgramPool {
  readonly key: string;
  readonly name: string;
  readonly origin: PoolOriginView;
  /** Null where the program sends no metrics of it. */
  readonly numbers: PoolNumbers | null;
  /** None where the program sends no spans of it. */
  readonly lanes: readonly ProgramLane[];
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
    target: pool.lanes.find(({ lane }) => lane.target !== null)?.lane.target ?? null,
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
function openLanes(lanes: readonly ProgramLane[], total: number | null): readonly ProgramLane[] {
  const open = lanes.filter(({ lane }) => lane.closed === null && lane.opened?.failure == null);
  if (total === null || open.length <= total) return open;
  return [...open].sort((a, b) => lastSignOf(b) - lastSignOf(a)).slice(0, total);
}

function lastSignOf({ lane, held }: ProgramLane): number {
  return held === null ? (idleSince(lane) ?? 0) : Number.POSITIVE_INFINITY;
}

function idleSince({ opened, tracks: { use, statement } }: TapeLane): number | null {
  const times = [
    use.length === 0 ? null : use.end(use.length - 1),
    statement.length === 0 ? null : statement.end(statement.length - 1),
    opened?.endUnixMillis ?? null,
  ].filter((time) => time !== null);
  return times.length === 0 ? null : Math.max(...times);
}

function slotOf({ lane, held }: ProgramLane, unixMillis: number): SlotView {
  const since = held === null ? idleSince(lane) : held.use.acquiredUnixMillis;
  return {
    id: lane.connectionId ?? "",
    backendPid: lane.backendPid,
    state: held === null ? "idle" : "used",
    forMillis: since === null ? 0 : Math.max(0, unixMillis - since),
    holder: held === null ? null : holderOf(held),
    reasons: [],
    isTransactionFailed: false,
    leak: held === null ? null : { stack: held.use.stack, place: placeOf(held.use) },
    server: null,
  };
}

/** In use although no span says so yet: they are sent when the use has ended, and since when it is used is not told. */
function usedSince(slot: SlotView): SlotView {
  return { ...slot, state: "used", forMillis: 0 };
}

function holderOf({ use, statement, caller }: HeldLane): HolderView {
  const place = placeOf(use);
  const who = caller ?? `trace ${use.traceId.slice(0, 8)}`;
  return {
    label: place === null ? who : `${fileName(place.path)}:${place.line}`,
    place,
    statement,
    caller,
    traceId: use.traceId,
  };
}

function placeOf({ path, line }: HeldUse): PlaceView | null {
  return path === null ? null : { path, line: line ?? 1 };
}

/** Of a path as any system writes it. */
function fileName(path: string): string {
  return path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1);
}
