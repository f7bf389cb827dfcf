import { USE_WORDS } from "../../shared/protocol/pool.ts";
import type { StoredLane } from "./lane-store.ts";
import { openSurface, type Surface } from "./surface.ts";
import type { Span } from "./viewport.ts";

interface Wait {
  readonly start: number;
  readonly end: number;
  readonly isFailed: boolean;
}

/** Somebody who waits still. */
export interface PresentWait {
  readonly start: number;
  readonly end: number;
}

const ROW_PIXELS = 6;
/** More than can be told apart as bars. */
const MOST_BARS = 600;

/** Who waited: a bar for each request where they can be told apart, and their number over time where they cannot. */
export function drawQueue(
  canvas: HTMLCanvasElement,
  lanes: readonly StoredLane[],
  { span, queue, present }: { span: Span; queue: StoredLane | null; present: readonly PresentWait[] },
): number {
  const surface = openSurface(canvas);
  const waits = new WaitScan(span, surface?.width ?? 1);
  for (const lane of lanes) waits.addUses(lane);
  if (queue !== null) waits.addFailed(queue);
  for (const wait of present) waits.addPresent(wait);
  if (surface === null) return waits.count;
  if (waits.bars.length === waits.count) drawBars(surface, waits.bars, span);
  else drawCount(surface, waits.changes);
  return waits.count;
}

/** Goes through who waited within a period; keeps bars as long as there are few. */
class WaitScan {
  readonly bars: Wait[] = [];
  /** How many more wait from each column of pixels on. */
  readonly changes: Int32Array;
  count = 0;
  readonly #from: number;
  readonly #to: number;
  readonly #perMillis: number;

  constructor({ from, to }: Span, width: number) {
    this.#from = from;
    this.#to = to;
    this.#perMillis = width / (to - from);
    this.changes = new Int32Array(Math.ceil(width) + 2);
  }

  addUses({ tracks: { use } }: StoredLane): void {
    const { first, length, starts, words, width } = use;
    const least = 0.25 / this.#perMillis;
    for (let index = first + use.indexFrom(this.#from); index < first + length; index += 1) {
      const end = starts[index] ?? 0;
      const waited = (words[index * width + USE_WORDS.waitMicros] ?? 0) / 1_000;
      if (end - waited > this.#to) return;
      if (waited > least) this.#add({ start: end - waited, end, isFailed: false });
    }
  }

  addFailed({ tracks: { failed } }: StoredLane): void {
    for (let index = 0; index < failed.length; index += 1) {
      const [start, end] = [failed.start(index), failed.end(index)];
      if (end >= this.#from && start <= this.#to) this.#add({ start, end, isFailed: true });
    }
  }

  addPresent({ start, end }: PresentWait): void {
    if (end >= this.#from && start <= this.#to) this.#add({ start, end, isFailed: false });
  }

  #add(wait: Wait): void {
    this.count += 1;
    if (this.bars.length < MOST_BARS) this.bars.push(wait);
    const [left, right] = [this.#column(wait.start), this.#column(wait.end) + 1];
    this.changes[left] = (this.changes[left] ?? 0) + 1;
    this.changes[right] = (this.changes[right] ?? 0) - 1;
  }

  #column(time: number): number {
    return Math.min(this.changes.length - 2, Math.max(0, Math.floor((time - this.#from) * this.#perMillis)));
  }
}

function drawBars({ context, width, height, color }: Surface, waits: Wait[], { from, to }: Span): void {
  const rows: number[] = [];
  const most = Math.max(1, Math.floor(height / ROW_PIXELS));
  const x = (time: number): number => ((time - from) / (to - from)) * width;
  for (const { start, end, isFailed } of waits.sort((a, b) => a.start - b.start)) {
    const free = rows.findIndex((busyUntil) => busyUntil <= start);
    const row = free === -1 ? Math.min(rows.length, most - 1) : free;
    rows[row] = Math.max(rows[row] ?? 0, end);
    const [left, right] = [Math.max(0, x(start)), Math.min(width, x(end))];
    context.fillStyle = color(isFailed ? "--failed" : "--waiting");
    context.fillRect(left, row * ROW_PIXELS + 1, Math.max(1.5, right - left), ROW_PIXELS - 2);
  }
}

function drawCount({ context, height, color }: Surface, changes: Int32Array): void {
  let [count, peak] = [0, 1];
  for (const change of changes) {
    count += change;
    peak = Math.max(peak, count);
  }
  count = 0;
  context.fillStyle = color("--waiting");
  context.beginPath();
  for (const [column, change] of changes.entries()) {
    count += change;
    const top = (count / peak) * height;
    if (count > 0) context.rect(column, height - top, 1, top);
  }
  context.fill();
}
