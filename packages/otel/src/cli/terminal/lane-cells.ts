import type { Period, TimelineLane } from "../../timeline/timeline-model.ts";
import type { Glyphs, Tone } from "./palette.ts";

/** One character of a lane. */
export interface Cell {
  readonly glyph: string;
  readonly tone: Tone;
}

/** What is known of one stretch of a lane while it is filled. */
interface Fill {
  heldMillis: number;
  longestMillis: number;
  tone: Tone;
}

/**
 * Turns a lane into characters. The height of a block is the share of its time in which the connection was held, its tone that of
 * the longest checkout in it.
 */
export function laneCells(
  lane: TimelineLane,
  period: Period,
  options: { count: number; glyphs: Glyphs },
): Cell[] {
  const { count, glyphs } = options;
  const cellMillis = Math.max((period.endUnixMillis - period.startUnixMillis) / count, Number.MIN_VALUE);
  const indexOf = (time: number): number =>
    Math.min(count - 1, Math.max(0, Math.floor((time - period.startUnixMillis) / cellMillis)));
  const fills = fillCells(lane, period, { count, cellMillis, indexOf });
  const life = lifeOf(lane, period);
  const cells = fills.map((fill, index): Cell => {
    if (fill.heldMillis > 0 || fill.longestMillis > 0) return block(fill, cellMillis, glyphs);
    const isOpen = index >= indexOf(life.startUnixMillis) && index <= indexOf(life.endUnixMillis);
    return isOpen ? { glyph: glyphs.idle, tone: "quiet" } : { glyph: " ", tone: "quiet" };
  });
  if (lane.opened !== null) drawOpening(cells, lane.opened, { indexOf, glyphs });
  if (lane.closed !== null)
    cells[indexOf(lane.closed.timeUnixMillis)] = { glyph: glyphs.closed, tone: "failure" };
  return cells;
}

function fillCells(
  lane: TimelineLane,
  period: Period,
  grid: { count: number; cellMillis: number; indexOf: (time: number) => number },
): Fill[] {
  const fills = Array.from(
    { length: grid.count },
    (): Fill => ({ heldMillis: 0, longestMillis: 0, tone: "quiet" }),
  );
  for (const checkout of lane.checkouts) {
    const start = checkout.acquiredUnixMillis;
    const end = checkout.releasedUnixMillis ?? period.endUnixMillis;
    const tone = toneOf(checkout);
    for (let index = grid.indexOf(start); index <= grid.indexOf(end); index += 1) {
      const fill = fills[index];
      if (fill === undefined) continue;
      const cellStart = period.startUnixMillis + index * grid.cellMillis;
      const held = Math.max(0, Math.min(end, cellStart + grid.cellMillis) - Math.max(start, cellStart));
      fill.heldMillis += held;
      // A checkout that took no time at all has still been.
      if (Math.max(held, Number.MIN_VALUE) > fill.longestMillis) {
        fill.longestMillis = Math.max(held, Number.MIN_VALUE);
        fill.tone = tone;
      }
    }
  }
  return fills;
}

function toneOf(checkout: TimelineLane["checkouts"][number]): Tone {
  if (checkout.failure !== null) return "failure";
  if (checkout.releasedUnixMillis === null) return "held";
  return checkout.source ?? "idle";
}

function block(fill: Fill, cellMillis: number, glyphs: Glyphs): Cell {
  const share = Math.min(1, fill.heldMillis / cellMillis);
  const level = Math.min(glyphs.levels.length - 1, Math.floor(share * glyphs.levels.length));
  return { glyph: glyphs.levels[level] ?? "", tone: fill.tone };
}

/** From the first to the last moment at which the connection is known to have been open. */
function lifeOf(lane: TimelineLane, period: Period): Period {
  const first = lane.opened?.endUnixMillis ?? lane.checkouts[0]?.acquiredUnixMillis;
  const isFailed = lane.opened !== null && lane.opened.failure !== null;
  return {
    startUnixMillis: first ?? period.startUnixMillis,
    endUnixMillis: lane.closed?.timeUnixMillis ?? (isFailed ? (first ?? 0) : period.endUnixMillis),
  };
}

function drawOpening(
  cells: Cell[],
  opened: NonNullable<TimelineLane["opened"]>,
  grid: { indexOf: (time: number) => number; glyphs: Glyphs },
): void {
  const last = grid.indexOf(opened.endUnixMillis);
  for (let index = grid.indexOf(opened.startUnixMillis); index <= last; index += 1) {
    const cell = cells[index];
    if (cell?.tone === "quiet") cells[index] = { glyph: grid.glyphs.connecting, tone: "connecting" };
  }
  if (opened.failure !== null) cells[last] = { glyph: grid.glyphs.failed, tone: "failure" };
}
