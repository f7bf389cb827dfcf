import type { LaneColumns } from "./lane-columns.ts";
import type { Paint, Palette } from "./palette.ts";

/** Where a lane lies among the pixels. */
export interface RasterRow {
  readonly top: number;
  readonly height: number;
  /** Pixels of the device for one of the page. */
  readonly ratio: number;
  /** The number of the first column since the beginning of time, so that patterns move with what they fill. */
  readonly phase: number;
}

/** Heights as shares of a lane: thick where somebody uses it, thin where nobody does. */
const IDLE_HEIGHT = 0.14;
const USED_HEIGHT = 0.76;
const EDGE_HEIGHT = 0.4;
const STATEMENT_HEIGHT = 0.36;

/**
 * Paints lanes into pixels, so that a frame costs the same whether a column is one long use or a thousand short ones.
 *
 * A column that was in use for a part of its time is as high as that part: from afar a lane is a graph of its use, from near it is
 * made of bars, and one grows into the other.
 */
export class LaneRaster {
  readonly #pixels: Uint32Array;
  readonly #width: number;
  readonly #palette: Palette;

  constructor(image: ImageData, palette: Palette) {
    this.#pixels = new Uint32Array(image.data.buffer);
    this.#width = image.width;
    this.#palette = palette;
  }

  paint(columns: LaneColumns, row: RasterRow): void {
    for (let x = 0; x < this.#width; x += 1) {
      const used = columns.used[x] ?? 0;
      if (used > 0) this.#paintUse(columns, x, row);
      else this.#paintUnused(columns, x, row);
      if ((columns.failed[x] ?? 0) > 0) this.#mark(x, row);
    }
  }

  #paintUse(columns: LaneColumns, x: number, row: RasterRow): void {
    const used = Math.min(1, columns.used[x] ?? 0);
    const inTransaction = (columns.transaction[x] ?? 0) > used / 2;
    const isCancelling = (columns.cancelling[x] ?? 0) > used / 2;
    const isLeak = (columns.leak[x] ?? 0) > used / 2;
    const paint: Paint = isLeak
      ? "leak"
      : isCancelling
        ? "cancelling"
        : inTransaction
          ? "transaction"
          : "used";
    const height = IDLE_HEIGHT + (USED_HEIGHT - IDLE_HEIGHT) * used;
    this.#bar(x, row, { height: Math.max(height, IDLE_HEIGHT * 2), paint });
    const statement = Math.min(1, columns.statement[x] ?? 0);
    if (statement === 0 || isCancelling) return;
    const inner: Paint = inTransaction ? "transactionStatement" : "statement";
    this.#bar(x, row, {
      height: Math.min(height, STATEMENT_HEIGHT * Math.max(0.4, statement)),
      paint: inner,
    });
  }

  #paintUnused(columns: LaneColumns, x: number, row: RasterRow): void {
    if ((columns.connecting[x] ?? 0) > 0) this.#bar(x, row, { height: EDGE_HEIGHT, paint: "connecting" });
    else if ((columns.closing[x] ?? 0) > 0) this.#bar(x, row, { height: EDGE_HEIGHT, paint: "closing" });
    else if ((columns.busy[x] ?? 0) > 0) this.#bar(x, row, { height: EDGE_HEIGHT, paint: "busy" });
    else if ((columns.cancelling[x] ?? 0) > 0)
      this.#bar(x, row, { height: EDGE_HEIGHT, paint: "cancelling" });
    else if ((columns.life[x] ?? 0) > 0) this.#bar(x, row, { height: IDLE_HEIGHT, paint: "idle" });
  }

  /** A bar in the middle of the lane, of whole pixels. */
  #bar(x: number, row: RasterRow, { height, paint }: { height: number; paint: Paint }): void {
    const pixels = Math.max(1, Math.round((row.height * height) / 2) * 2);
    const top = row.top + ((row.height - pixels) >> 1);
    const color = this.#palette.colors[paint];
    const isPlain = !(this.#palette.hasPatterns || STRIPED.has(paint));
    let at = top * this.#width + x;
    for (let y = 0; y < pixels; y += 1) {
      if (isPlain || isInked(paint, (x + row.phase) / row.ratio, y / row.ratio)) this.#pixels[at] = color;
      at += this.#width;
    }
  }

  /** A notch at the foot of the lane. */
  #mark(x: number, { top, height, ratio }: RasterRow): void {
    const color = this.#palette.colors.failed;
    const thickness = Math.max(2, Math.round(3 * ratio));
    for (let y = height - thickness; y < height; y += 1) this.#pixels[(top + y) * this.#width + x] = color;
  }
}

/** Passing states are striped in every theme: a lane that connects is no lane at work. */
const STRIPED: ReadonlySet<Paint> = new Set<Paint>(["connecting", "closing", "cancelling"]);

/** Whether a pixel of a pattern has colour; only in high contrast do all paints differ by pattern. */
function isInked(paint: Paint, x: number, y: number): boolean {
  switch (paint) {
    case "connecting":
      return Math.floor(x + y) % 5 < 3;
    case "closing":
      return Math.floor(x - y + 1_000) % 5 < 2;
    case "cancelling":
      return Math.floor(x + y) % 4 < 2 || Math.floor(x - y + 1_000) % 4 < 1;
    case "transaction":
      return Math.floor(x) % 4 < 3;
    case "leak":
      return Math.floor(x + y) % 6 < 5;
    case "busy":
      return Math.floor(x) % 3 === 0;
    default:
      return true;
  }
}
