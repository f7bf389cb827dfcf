import { LaneColumns } from "./lane-columns.ts";
import { LaneRaster } from "./lane-raster.ts";
import type { StoredLane } from "./lane-store.ts";
import { type Palette, readPalette } from "./palette.ts";
import type { Span } from "./viewport.ts";

/** The height of a lane, in pixels of the page. */
export const ROW_HEIGHT = 22;

/** A stretch of one lane to be outlined. */
export interface Outline {
  readonly row: number;
  readonly start: number;
  readonly end: number;
}

/** The lanes that are in sight, as one picture. */
export class TimelineCanvas {
  readonly element: HTMLCanvasElement;
  readonly #columns = { current: new LaneColumns(0) };
  #palette: Palette | null = null;
  #image: ImageData | null = null;

  constructor(element: HTMLCanvasElement) {
    this.element = element;
  }

  /** The theme has changed. */
  forgetPalette(): void {
    this.#palette = null;
  }

  /** How much time a column of pixels is. */
  millisPerColumn({ from, to }: Span): number {
    return (to - from) / Math.max(1, Math.round(this.element.clientWidth * window.devicePixelRatio));
  }

  draw(
    lanes: readonly StoredLane[],
    view: { span: Span; now: number; scrollTop: number; outlines: readonly Outline[] },
  ): void {
    const { clientWidth, clientHeight } = this.element;
    const ratio = window.devicePixelRatio;
    const [width, height] = [Math.round(clientWidth * ratio), Math.round(clientHeight * ratio)];
    const context = this.element.getContext("2d");
    if (context === null || width === 0 || height === 0) return;
    const image = this.#imageFor(context, width, height);
    this.#palette ??= readPalette(this.element);
    const millisPerColumn = (view.span.to - view.span.from) / width;
    const firstColumn = Math.floor(view.span.from / millisPerColumn);
    const scale = { from: firstColumn * millisPerColumn, millisPerColumn, count: width, now: view.now };
    const raster = new LaneRaster(image, this.#palette);
    const rowHeight = Math.round(ROW_HEIGHT * ratio);
    for (const [index, lane] of lanes.entries()) {
      const top = Math.round((index * ROW_HEIGHT - view.scrollTop) * ratio);
      if (top < 0 || top + rowHeight > height) continue;
      this.#columns.current.fill(lane, scale);
      raster.paint(this.#columns.current, { top, height: rowHeight, ratio, phase: firstColumn % 1_000 });
    }
    context.putImageData(image, 0, 0);
    this.#outline(context, view.outlines, { scale, scrollTop: view.scrollTop, ratio });
  }

  #imageFor(context: CanvasRenderingContext2D, width: number, height: number): ImageData {
    if (this.#columns.current.capacity < width) this.#columns.current = new LaneColumns(width);
    if (this.#image?.width === width && this.#image.height === height) {
      this.#image.data.fill(0);
      return this.#image;
    }
    this.element.width = width;
    this.element.height = height;
    this.#image = context.createImageData(width, height);
    return this.#image;
  }

  #outline(
    context: CanvasRenderingContext2D,
    outlines: readonly Outline[],
    {
      scale,
      scrollTop,
      ratio,
    }: { scale: { from: number; millisPerColumn: number }; scrollTop: number; ratio: number },
  ): void {
    context.strokeStyle = getComputedStyle(this.element).getPropertyValue("--outline").trim();
    context.lineWidth = Math.max(1, Math.round(1.5 * ratio));
    for (const { row, start, end } of outlines) {
      const left = Math.round((start - scale.from) / scale.millisPerColumn);
      const right = Math.max(left + 4 * ratio, Math.round((end - scale.from) / scale.millisPerColumn));
      const top = (row * ROW_HEIGHT - scrollTop + 1) * ratio;
      context.strokeRect(left - 1.5, top, right - left + 3, (ROW_HEIGHT - 2) * ratio);
    }
  }
}
