import type { PoolHistory, PoolSample } from "../../shared/protocol/pool.ts";
import { endOfSample } from "./lane-segments.ts";
import { openSurface, type Surface, timeScale } from "./paint.ts";

interface Frame {
  readonly now: number;
  readonly windowMillis: number;
}

/** Connecting over idle over used as areas, the waiting as a line, `max` as a limit. */
export function drawStripChart(canvas: HTMLCanvasElement, history: PoolHistory, frame: Frame): void {
  const surface = openSurface(canvas);
  if (surface === null) return;
  const { pool, samples } = history;
  const peak = samples.reduce((most, { waiting }) => Math.max(most, waiting), 0);
  const top = Math.max(pool.max ?? 0, peak, 1) * 1.12;
  const plot = new Plot(surface, top, frame);
  plot.grid(frame.windowMillis);
  plot.band(samples, { floor: () => 0, value: ({ used }) => used, color: "--running" });
  plot.band(samples, { floor: ({ used }) => used, value: ({ idle }) => idle, color: "--idle" });
  plot.band(samples, {
    floor: ({ used, idle }) => used + idle,
    value: ({ connecting }) => connecting,
    color: "--connecting",
  });
  if (pool.max !== null) plot.limit(pool.max);
  plot.line(samples, { value: ({ waiting }) => waiting, color: "--waiting" });
}

interface Band extends Series {
  /** Where the band begins. */
  readonly floor: (sample: PoolSample) => number;
}

interface Series {
  readonly value: (sample: PoolSample) => number;
  readonly color: string;
}

class Plot {
  readonly #surface: Surface;
  readonly #top: number;
  readonly #now: number;
  readonly #x: (at: number) => number;

  constructor(surface: Surface, top: number, { now, windowMillis }: Frame) {
    this.#surface = surface;
    this.#top = top;
    this.#now = now;
    this.#x = timeScale(surface.width, now, windowMillis);
  }

  grid(windowMillis: number): void {
    const { context, height, color } = this.#surface;
    context.strokeStyle = color("--line");
    context.lineWidth = 1;
    context.beginPath();
    for (let age = 30_000; age < windowMillis; age += 30_000) {
      const x = Math.round(this.#x(this.#now - age)) + 0.5;
      context.moveTo(x, 0);
      context.lineTo(x, height);
    }
    context.stroke();
  }

  band(samples: readonly PoolSample[], { floor, value, color }: Band): void {
    const { context } = this.#surface;
    context.fillStyle = this.#surface.color(color);
    context.globalAlpha = color === "--idle" ? 0.35 : 0.85;
    samples.forEach((sample, index) => {
      const bottom = floor(sample);
      const [y, base] = [this.#y(bottom + value(sample)), this.#y(bottom)];
      // Whole pixels, so that neighbours neither overlap nor leave a seam.
      const from = Math.round(this.#x(sample.at));
      const to = Math.round(this.#x(endOfSample(samples, index, this.#now)));
      if (y < base) context.fillRect(from, y, to - from, base - y);
    });
    context.globalAlpha = 1;
  }

  limit(max: number): void {
    const { context, width, color } = this.#surface;
    const y = Math.round(this.#y(max)) + 0.5;
    context.strokeStyle = color("--dim");
    context.setLineDash([4, 4]);
    context.beginPath();
    context.moveTo(0, y);
    context.lineTo(width, y);
    context.stroke();
    context.setLineDash([]);
  }

  line(samples: readonly PoolSample[], { value, color }: Series): void {
    const { context } = this.#surface;
    context.strokeStyle = this.#surface.color(color);
    context.lineWidth = 2;
    context.beginPath();
    samples.forEach((sample, index) => {
      if (value(sample) === 0) return;
      const y = this.#y(value(sample));
      context.moveTo(this.#x(sample.at), y);
      context.lineTo(this.#x(endOfSample(samples, index, this.#now)), y);
    });
    context.stroke();
  }

  #y(value: number): number {
    const { height } = this.#surface;
    return height - 1 - (value / this.#top) * (height - 2);
  }
}
