import type { Slices } from "../slices.ts";

/** So many comparisons of texts, a collator's too, fit a slice. */
const RUN_LENGTH = 1_024;
const STEPS_OF_BREATH = 4_096;

export type CompareRows = (a: number, b: number) => number;

/** Sorts row numbers without holding up the host: short runs by the engine's own sort, then merged. Stable. */
export async function sortRows(
  rows: Uint32Array,
  compare: CompareRows,
  slices: Slices,
): Promise<Uint32Array> {
  for (let start = 0; start < rows.length; start += RUN_LENGTH) {
    rows.subarray(start, start + RUN_LENGTH).sort(compare);
    await slices.breathe();
  }
  let source = rows;
  let target: Uint32Array = new Uint32Array(rows.length > RUN_LENGTH ? rows.length : 0);
  for (let width = RUN_LENGTH; width < rows.length; width *= 2) {
    await mergeRuns(source, target, { width, compare, slices });
    [source, target] = [target, source];
  }
  return source;
}

/** Merges neighbouring runs of one width into runs of twice that width. */
async function mergeRuns(
  source: Uint32Array,
  target: Uint32Array,
  { width, compare, slices }: { width: number; compare: CompareRows; slices: Slices },
): Promise<void> {
  for (let start = 0; start < source.length; start += width * 2) {
    const middle = Math.min(start + width, source.length);
    const end = Math.min(start + width * 2, source.length);
    let [left, right] = [start, middle];
    for (let at = start; at < end; at++) {
      const [a = 0, b = 0] = [source[left], source[right]];
      const takesLeft = left < middle && (right >= end || compare(a, b) <= 0);
      target[at] = takesLeft ? a : b;
      if (takesLeft) left++;
      else right++;
      if (at % STEPS_OF_BREATH === 0) await slices.breathe();
    }
  }
}
