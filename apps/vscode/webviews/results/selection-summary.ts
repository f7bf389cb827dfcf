import { formatCount } from "../shared/format.ts";
import type { Grid } from "./grid/grid.ts";

/** Beyond this many cells nothing is summed up. */
const MAX_CELLS = 20_000;

const NUMBER = new Intl.NumberFormat("en-US", { maximumFractionDigits: 4 });

/** What a marked range comes to: its size, and the sum and mean of its numbers. An empty string for a single cell. */
export function summariseSelection(grid: Grid): string {
  const { range, isSingle } = grid.selection;
  if (isSingle) return "";
  const { firstRow, lastRow, firstColumn, lastColumn } = range;
  const count = (lastRow - firstRow + 1) * (lastColumn - firstColumn + 1);
  const size = `${formatCount(count)} cells`;
  if (count > MAX_CELLS) return size;
  const numbers: number[] = [];
  for (let column = firstColumn; column <= lastColumn; column++) {
    if (grid.columns[column]?.alignment !== "end") continue;
    for (let row = firstRow; row <= lastRow; row++) {
      const value = grid.valueAt({ row, column });
      if (value === undefined) return size;
      if (value !== null && value !== "" && Number.isFinite(Number(value))) numbers.push(Number(value));
    }
  }
  if (numbers.length === 0) return size;
  const sum = numbers.reduce((total, value) => total + value, 0);
  return `${size} · sum ${NUMBER.format(sum)} · avg ${NUMBER.format(sum / numbers.length)}`;
}
