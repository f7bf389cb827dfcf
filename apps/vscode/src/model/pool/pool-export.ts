import { renderTimelinePage, snapshotOfTape, type TimelineSnapshot } from "@rockpool/otel/timeline";
import {
  CELL_MILLIS,
  CELL_WIDTH,
  CELL_WORDS,
  type PoolView,
  WAIT_BOUNDS,
} from "../../../shared/protocol/pool.ts";
import type { PoolHistories } from "./pool-histories.ts";
import type { PoolSource } from "./pool-source.ts";

/** A page holds each checkout as an element, so it shows the newest of each connection, and how many are left out. */
const CHECKOUTS_ON_PAGE = 400;

/** One pool, and where what is known of it comes from. */
export interface ExportedPool {
  readonly pool: PoolView;
  readonly source: PoolSource;
}

export interface ExportRequest {
  /** What the pools are called together. */
  readonly title: string;
  readonly pools: readonly ExportedPool[];
  readonly from: number;
  readonly to: number;
}

/** All that is known of some pools and a period as JSON, for a bug report or a script. */
export function exportJson(request: ExportRequest, histories: PoolHistories): string {
  const { from, to } = request;
  const document = {
    format: "rockpool.pool-timeline",
    version: 1,
    period: { startUnixMillis: from, endUnixMillis: to },
    pools: request.pools.map((one) => {
      const { lanes, failedAcquires } = snapshot(one, request, Number.MAX_SAFE_INTEGER);
      return { ...one.pool, numbers: numbersOf(one.pool, request, histories), lanes, failedAcquires };
    }),
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

/** The lanes of some pools and a period as a page of one file. */
export function exportHtml(request: ExportRequest): string {
  const all = request.pools.map((one) => snapshot(one, request, CHECKOUTS_ON_PAGE));
  const lanes = all.flatMap((one) => one.lanes);
  const failedAcquires = all.flatMap((one) => one.failedAcquires);
  const isEmpty = lanes.length + failedAcquires.length === 0;
  const period = isEmpty ? null : { startUnixMillis: request.from, endUnixMillis: request.to };
  return renderTimelinePage({ lanes, failedAcquires, period }, { title: request.title });
}

function snapshot(
  { pool, source }: ExportedPool,
  { from, to }: ExportRequest,
  maxCheckoutsPerLane: number,
): TimelineSnapshot {
  return snapshotOfTape(source.recorder.tape, {
    isWanted: (lane) => source.keyOf(lane) === pool.key,
    period: { startUnixMillis: from, endUnixMillis: to },
    maxCheckoutsPerLane,
  });
}

function numbersOf(pool: PoolView, { from, to }: ExportRequest, histories: PoolHistories): unknown {
  const whole = histories.series(pool.key)?.cellsSince(0, to) ?? null;
  if (whole === null) return { cellMillis: CELL_MILLIS, waitBoundsMillis: WAIT_BOUNDS, cells: [] };
  const cells = [];
  for (let index = 0; index * CELL_WIDTH < whole.cells.length; index += 1) {
    const unixMillis = (whole.first + index) * CELL_MILLIS;
    if (unixMillis + CELL_MILLIS < from || unixMillis > to) continue;
    const words = whole.cells.subarray(index * CELL_WIDTH, (index + 1) * CELL_WIDTH);
    const gauge = (word: number): number | null => (words[word] ? (words[word] ?? 1) - 1 : null);
    cells.push({
      unixMillis,
      used: gauge(CELL_WORDS.used),
      idle: gauge(CELL_WORDS.idle),
      connecting: gauge(CELL_WORDS.connecting),
      waiting: gauge(CELL_WORDS.waiting),
      max: gauge(CELL_WORDS.max),
      peakWaiting: gauge(CELL_WORDS.peakWaiting),
      checkouts: words[CELL_WORDS.checkouts],
      reused: words[CELL_WORDS.reused],
      timeouts: words[CELL_WORDS.timeouts],
      errors: words[CELL_WORDS.errors],
      waits: [...words.subarray(CELL_WORDS.waits)],
    });
  }
  return { cellMillis: CELL_MILLIS, waitBoundsMillis: WAIT_BOUNDS, cells };
}
