import type { Period } from "../timeline/timeline-model.ts";

/** Places times of a period on a line, in percent. */
export class TimeScale {
  readonly #period: Period;
  readonly #millis: number;

  constructor(period: Period) {
    this.#period = period;
    this.#millis = Math.max(period.endUnixMillis - period.startUnixMillis, 0.001);
  }

  get period(): Period {
    return this.#period;
  }

  /** `left` and `width` of a stretch of time, as CSS. */
  place(startUnixMillis: number, endUnixMillis: number): string {
    const left = this.#percent(startUnixMillis);
    return `left:${round(left)}%;width:${round(Math.max(0, this.#percent(endUnixMillis) - left))}%`;
  }

  /** `left` of a moment, as CSS. */
  at(unixMillis: number): string {
    return `left:${round(this.#percent(unixMillis))}%`;
  }

  #percent(unixMillis: number): number {
    return Math.min(100, Math.max(0, ((unixMillis - this.#period.startUnixMillis) / this.#millis) * 100));
  }
}

function round(percent: number): number {
  return Number(percent.toFixed(4));
}
