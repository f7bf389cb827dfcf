import { CELL_MILLIS } from "../../shared/protocol/pool.ts";
import { l10n } from "../shared/l10n.ts";
import type { CellStore } from "./series-store.ts";
import { openSurface, type Surface } from "./surface.ts";
import { type Span, stepFor } from "./viewport.ts";

/** A strip that is lower has no room for words. */
const LEAST_LABELLED = 44;
/** What the name of the limit needs above it. */
const HEADROOM_PIXELS = 14;

/** What a pool was in one cell, stacked. */
interface Stack {
  readonly left: number;
  readonly right: number;
  readonly used: number;
  readonly idle: number;
  readonly connecting: number;
  readonly waiting: number | null;
}

/** Used under idle under connecting as areas, those who wait as a line, and the most that there may be as a limit. */
export function drawArea(canvas: HTMLCanvasElement, cells: CellStore, span: Span): void {
  const surface = openSurface(canvas);
  if (surface === null) return;
  const stacks = stacksOf(cells, span, surface.width);
  const max = maxOf(cells, span);
  const peak = stacks.reduce((most, { waiting }) => Math.max(most, waiting ?? 0), 0);
  const most = stacks.reduce((top, { used, idle, connecting }) => Math.max(top, used + idle + connecting), 0);
  const headroom = surface.height < LEAST_LABELLED ? 0.13 : HEADROOM_PIXELS / surface.height;
  const plot = new AreaPlot(surface, Math.max(max ?? 0, most, 1) / (1 - headroom));
  plot.grid(span);
  plot.band(stacks, { floor: () => 0, top: ({ used }) => used, color: "--used", alpha: 0.85 });
  plot.band(stacks, {
    floor: ({ used }) => used,
    top: ({ used, idle }) => used + idle,
    color: "--idle-area",
    alpha: 1,
  });
  plot.band(stacks, {
    floor: ({ used, idle }) => used + idle,
    top: ({ used, idle, connecting }) => used + idle + connecting,
    color: "--connecting",
    alpha: 0.9,
  });
  if (max !== null) plot.limit(max);
  plot.line(stacks, peak);
}

function stacksOf(cells: CellStore, { from, to }: Span, width: number): Stack[] {
  const x = (time: number): number => ((time - from) / (to - from)) * width;
  const stacks: Stack[] = [];
  for (let number = Math.floor(from / CELL_MILLIS); number * CELL_MILLIS < to; number += 1) {
    const used = cells.gauge(number, "used");
    const idle = cells.gauge(number, "idle");
    if (used === null && idle === null) continue;
    stacks.push({
      left: x(number * CELL_MILLIS),
      right: Math.min(width, x((number + 1) * CELL_MILLIS)),
      used: used ?? 0,
      idle: idle ?? 0,
      connecting: cells.gauge(number, "connecting") ?? 0,
      waiting: cells.gauge(number, "peakWaiting"),
    });
  }
  return stacks;
}

function maxOf(cells: CellStore, { to }: Span): number | null {
  const last = Math.floor(to / CELL_MILLIS);
  for (let number = last; number > last - 20; number -= 1) {
    const max = cells.gauge(number, "max");
    if (max !== null) return max;
  }
  return null;
}

class AreaPlot {
  readonly #surface: Surface;
  readonly #top: number;

  constructor(surface: Surface, top: number) {
    this.#surface = surface;
    this.#top = top;
  }

  grid({ from, to }: Span): void {
    const { context, width, height, color } = this.#surface;
    const step = stepFor((to - from) / width, 90);
    context.strokeStyle = color("--grid");
    context.lineWidth = 1;
    context.beginPath();
    for (let time = Math.ceil(from / step) * step; time <= to; time += step) {
      const x = Math.round(((time - from) / (to - from)) * width) + 0.5;
      context.moveTo(x, 0);
      context.lineTo(x, height);
    }
    context.stroke();
  }

  band(
    stacks: readonly Stack[],
    band: { floor: (at: Stack) => number; top: (at: Stack) => number; color: string; alpha: number },
  ): void {
    const { context, color } = this.#surface;
    context.fillStyle = color(band.color);
    context.globalAlpha = band.alpha;
    context.beginPath();
    for (const stack of stacks) {
      const [y, base] = [this.#y(band.top(stack)), this.#y(band.floor(stack))];
      // Whole pixels, so that neighbours neither overlap nor leave a seam.
      const [left, right] = [Math.round(stack.left), Math.round(stack.right)];
      if (y < base) context.rect(left, y, right - left, base - y);
    }
    context.fill();
    context.globalAlpha = 1;
  }

  limit(max: number): void {
    const { context, width, height, color } = this.#surface;
    const y = Math.round(this.#y(max)) + 0.5;
    context.strokeStyle = color("--dim");
    context.lineWidth = 1;
    context.setLineDash([3, 3]);
    context.beginPath();
    context.moveTo(0, y);
    context.lineTo(width, y);
    context.stroke();
    context.setLineDash([]);
    context.fillStyle = color("--dim");
    context.font = `10px ${getComputedStyle(context.canvas).fontFamily}`;
    context.textAlign = "right";
    if (height < LEAST_LABELLED) return;
    context.textBaseline = "bottom";
    context.fillText(l10n.t("max {0}", max), width - 2, y - 1);
  }

  /** Many more may wait than there can be connections: then the line has a scale of its own, and says so. */
  line(stacks: readonly Stack[], peak: number): void {
    const { context, height, color } = this.#surface;
    const scale = Math.min(1, this.#top / (peak * 1.15));
    if (scale < 1 && height >= LEAST_LABELLED) this.#nameLine(l10n.t("up to {0} waiting", peak));
    context.strokeStyle = color("--waiting");
    context.lineWidth = 1.75;
    context.lineJoin = "round";
    context.beginPath();
    let before = 0;
    for (const { left, right, waiting } of stacks) {
      const value = waiting ?? 0;
      // Along the foot, where nobody waits, there is no line.
      if (value > 0 || before > 0) {
        if (before === 0) context.moveTo(left, this.#y(0));
        context.lineTo(left, this.#y(value * scale));
        if (value > 0) context.lineTo(right, this.#y(value * scale));
      }
      before = value;
    }
    context.stroke();
  }

  #nameLine(text: string): void {
    const { context, color } = this.#surface;
    context.fillStyle = color("--vscode-foreground");
    context.font = `10px ${getComputedStyle(context.canvas).fontFamily}`;
    context.textAlign = "left";
    context.textBaseline = "top";
    context.fillText(text, 4, 2);
  }

  #y(value: number): number {
    const { height } = this.#surface;
    return Math.round(height - 1 - (value / this.#top) * (height - 2));
  }
}
