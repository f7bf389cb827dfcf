import { CELL_MILLIS, WAIT_BOUNDS } from "../../shared/protocol/pool.ts";
import type { CellStore } from "./series-store.ts";
import { openSurface } from "./surface.ts";
import type { Span } from "./viewport.ts";

const MIN_BIN_PIXELS = 5;
const ROWS = WAIT_BOUNDS.length + 1;
/** Bounds that have a name at the side. */
export const HEAT_LABELS: readonly { readonly bucket: number; readonly text: string }[] = [
  { bucket: 3, text: "1 ms" },
  { bucket: 9, text: "100 ms" },
  { bucket: 15, text: "10 s" },
];

/** How long acquires took: time from left to right, waits from short below to long above, the deeper the more there were. */
export function drawHeat(canvas: HTMLCanvasElement, cells: CellStore, span: Span): void {
  const surface = openSurface(canvas);
  if (surface === null) return;
  const { context, width, height, color } = surface;
  const { from, to } = span;
  const cellsPerBin = Math.max(1, Math.ceil(((to - from) / width) * (MIN_BIN_PIXELS / CELL_MILLIS)));
  const bins = binsOf(cells, span, cellsPerBin);
  const most = bins.reduce((top, { counts }) => Math.max(top, ...counts), 0);
  const x = (number: number): number => ((number * CELL_MILLIS - from) / (to - from)) * width;
  const rowHeight = height / ROWS;
  context.fillStyle = color("--heat");
  for (const { first, counts } of bins) {
    const [left, right] = [Math.round(x(first)), Math.round(x(first + cellsPerBin))];
    for (const [bucket, count] of counts.entries()) {
      if (count === 0) continue;
      context.globalAlpha = 0.22 + 0.78 * (Math.log1p(count) / Math.log1p(most));
      const top = Math.round(height - (bucket + 1) * rowHeight);
      const bottom = Math.round(height - bucket * rowHeight);
      context.fillRect(left, top, Math.max(1, right - left - 1), Math.max(1, bottom - top - 1));
    }
  }
  context.globalAlpha = 1;
}

function binsOf(
  cells: CellStore,
  { from, to }: Span,
  cellsPerBin: number,
): { first: number; counts: number[] }[] {
  const bins = [];
  const start = Math.floor(from / CELL_MILLIS / cellsPerBin) * cellsPerBin;
  for (let first = start; first * CELL_MILLIS < to; first += cellsPerBin) {
    const counts = Array.from({ length: ROWS }, (_, bucket) => {
      let count = 0;
      for (let number = first; number < first + cellsPerBin; number += 1)
        count += cells.waitsOf(number, bucket);
      return count;
    });
    bins.push({ first, counts });
  }
  return bins;
}
